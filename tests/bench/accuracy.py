"""How well answers are predicted on every public log that is there, beside pyBKT and plain BKT.

    python -m tests.bench.accuracy [--json] [--train 1,2,3] [--test 4] [--seed 0] [--logs NAME,...]

The logs lie in CAIRN_DATA, or in shared data beside the repository; where there are none, only the
simulated log of every attempt is measured. Each figure is one run of tests.bench.prediction, which
says what is done: settings are tuned on a tenth of the training learners, and the test learners
are met for the first time. Fold 4 was at hand while the model was made, so its figures are a little
kind. The small class is 20 learners, the mean over five draws; what the hidden state adds is the
whole model less the same one without it, on the same learners.
"""

import argparse
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engine.model.answers import AnswerLog
from tests.bench.answer_logs import logs_folder, read_answer_log
from tests.bench.prediction import measure
from tests.bench.tries import simulate_tries

SMALL_CLASS, DRAWS = 20, 5
RESTART = 200
SIMULATED = "simulated_tries"
SIMULATED_LEARNERS = 1_000
Run = dict[str, Any]


def judge_log(
    log: AnswerLog,
    *,
    train: tuple[int, ...],
    test: tuple[int, ...],
    seed: int,
    rivals: tuple[str, ...] = ("pybkt", "bkt"),
) -> dict[str, Any]:
    """Return the figures of every model on one log: ours, and the rivals named."""
    run = partial(measure, log, train=train, tune=(), test=test, restart_every=None)

    def whole(model: str, *, restart: int | None = None) -> Run:
        return run(model=model, learners=None, seed=seed, restart_every=restart)

    def small(model: str) -> list[Run]:
        return [run(model=model, learners=SMALL_CLASS, seed=seed + draw) for draw in range(DRAWS)]

    ours, stateless = whole("cairn"), whole("cairn-stateless")
    few, few_stateless = small("cairn"), small("cairn-stateless")
    plain = {name: whole(name) for name in rivals}
    return {
        "rows": ours["all"]["answers"],
        "learners": ours["all"]["learners"],
        **{name: found["all"] for name, found in plain.items()},
        "cairn": ours["all"],
        "cairn_without_copies": ours["without_copies"],
        "cairn_first_meetings": ours["first_meetings"],
        **{f"{name}_first_meetings": found["first_meetings"] for name, found in plain.items()},
        "cairn_items_keep_learning": ours["items_keep_learning"],
        "cairn_restarted": whole("cairn", restart=RESTART)["all"],
        "cairn_stateless": stateless["all"],
        "hidden_state_gain": {
            "full": _gain(_auc(ours), _auc(stateless)),
            "small_class": _gain(_mean_auc(few, "all"), _mean_auc(few_stateless, "all")),
        },
        "seconds_to_fit": ours["seconds_to_fit"],
        "microseconds": ours["microseconds"],
        "small_class_auc": _mean_auc(few, "all"),
        "small_class_auc_stateless": _mean_auc(few_stateless, "all"),
        "small_class_auc_items_keep_learning": _mean_auc(few, "items_keep_learning"),
    }


def _auc(run: Run) -> float | None:
    found: float | None = run["all"]["auc"]
    return found


def _mean_auc(runs: list[Run], which: str) -> float | None:
    found = [run[which]["auc"] for run in runs if run[which] is not None]
    return float(np.mean(found)) if found else None


def _gain(whole: float | None, less: float | None) -> float | None:
    return None if whole is None or less is None else whole - less


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    asked.add_argument("--train", type=_folds, default=(1, 2, 3))
    asked.add_argument("--test", type=_folds, default=(4,))
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--logs", help="names, with commas; all where it is not given")
    given = asked.parse_args()
    wanted = None if given.logs is None else set(given.logs.split(","))
    figures: dict[str, Any] = {}
    for name, log in _logs(wanted, seed=given.seed):
        figures[name] = found = judge_log(log, train=given.train, test=given.test, seed=given.seed)
        if not given.json:
            print(_in_words(name, found), flush=True)
    if given.json:
        protocol = {"train": given.train, "test": given.test, "seed": given.seed}
        print(json.dumps({"protocol": protocol, "logs": figures, **_flat(figures)}))


def _flat(figures: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Return the figures that the README prints, by name; those that a log lacks are left out."""
    return {
        f"{name}_{short}": value
        for name, found in figures.items()
        for short, value in (
            ("auc", found["cairn"]["auc"]),
            ("calibration_error", found["cairn"]["calibration_error"]),
            ("pybkt_auc", found["pybkt"]["auc"]),
            ("restarted_auc", found["cairn_restarted"]["auc"]),
            ("without_copies_auc", _of(found, "cairn_without_copies")),
            ("first_auc", _of(found, "cairn_first_meetings")),
            ("pybkt_first_auc", _of(found, "pybkt_first_meetings")),
            ("small_class_auc", found["small_class_auc"]),
            ("hidden_state_gain", found["hidden_state_gain"]["full"]),
            ("hidden_state_gain_small_class", found["hidden_state_gain"]["small_class"]),
        )
        if value is not None
    }


def _of(found: dict[str, Any], model: str) -> float | None:
    auc: float | None = None if found[model] is None else found[model]["auc"]
    return auc


def _logs(wanted: set[str] | None, *, seed: int) -> Iterator[tuple[str, AnswerLog]]:
    """Give each log with its name, read when its turn comes; the simulated one is the last."""
    folder = logs_folder()
    for path in sorted(folder.glob("*.csv.gz")) if folder.is_dir() else []:
        if wanted is None or _name(path) in wanted:
            yield _name(path), read_answer_log(path)
    if wanted is None or SIMULATED in wanted:
        yield SIMULATED, simulate_tries(learners=SIMULATED_LEARNERS, seed=seed)


def _name(path: Path) -> str:
    return path.name.split(".")[0]


def _in_words(name: str, found: dict[str, Any]) -> str:
    told = [f"{name}: {found['rows']:,} rows of {found['learners']:,} learners"]
    for model in (
        *("pybkt", "bkt", "cairn", "cairn_without_copies", "cairn_restarted", "cairn_stateless"),
        *("cairn_items_keep_learning", "cairn_first_meetings", "bkt_first_meetings"),
        "pybkt_first_meetings",
    ):
        own = found[model]
        if own is not None:
            told.append(
                f"  {model:<26} AUC {own['auc']:.4f}  log-loss {own['log_loss']:.4f}  "
                f"ECE {own['calibration_error']:.4f}"
            )
    gain = found["hidden_state_gain"]
    told.append(f"  20 training learners       AUC {found['small_class_auc']:.4f}")
    told.append(
        f"  the hidden state adds      AUC {gain['full']:+.4f}, "
        f"with 20 training learners {gain['small_class']:+.4f}"
    )
    return "\n".join(told)


def _folds(text: str) -> tuple[int, ...]:
    return tuple(int(fold) for fold in text.split(","))


if __name__ == "__main__":
    main()
