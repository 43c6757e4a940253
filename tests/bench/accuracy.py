"""How well answers are predicted on every public log that is there, beside pyBKT and plain BKT.

    python -m tests.bench.accuracy [--json] [--train 1,2,3] [--test 4] [--seed 0]

The logs lie in CAIRN_DATA, or in shared data beside the repository; where there are none, nothing
is measured. Each figure is one run of tests.bench.prediction, which says what is done: settings are
tuned on a tenth of the training learners, and the test learners are met for the first time. The
small class is 20 learners, the mean over five draws.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from engine.model.answers import AnswerLog
from tests.bench.answer_logs import logs_folder, read_answer_log
from tests.bench.prediction import measure

SMALL_CLASS, DRAWS = 20, 5
RESTART = 200


def judge_log(
    log: AnswerLog, *, train: tuple[int, ...], test: tuple[int, ...], seed: int
) -> dict[str, Any]:
    """Return the figures of every model on one log."""

    def run(model: str, *, learners: int | None = None, restart: int | None = None, draw: int = 0):  # type: ignore[no-untyped-def]  # noqa: ANN202
        return measure(
            log, train=train, tune=(), test=test, model=model, learners=learners,
            restart_every=restart, seed=seed + draw,
        )  # fmt: skip

    small = [run("cairn", learners=SMALL_CLASS, draw=draw) for draw in range(DRAWS)]
    ours = run("cairn")
    return {
        "rows": ours["all"]["answers"],
        "learners": ours["all"]["learners"],
        **{name: run(name)["all"] for name in ("pybkt", "bkt")},
        "cairn": ours["all"],
        "cairn_without_copies": ours["without_copies"],
        "cairn_items_keep_learning": ours["items_keep_learning"],
        "cairn_restarted": run("cairn", restart=RESTART)["all"],
        "seconds_to_fit": ours["seconds_to_fit"],
        "microseconds": ours["microseconds"],
        "small_class_auc": _mean_auc(small, "all"),
        "small_class_auc_items_keep_learning": _mean_auc(small, "items_keep_learning"),
    }


def _mean_auc(runs: list[dict[str, Any]], which: str) -> float | None:
    found = [run[which]["auc"] for run in runs if run[which] is not None]
    return float(np.mean(found)) if found else None


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    asked.add_argument("--train", type=_folds, default=(1, 2, 3))
    asked.add_argument("--test", type=_folds, default=(4,))
    asked.add_argument("--seed", type=int, default=0)
    given = asked.parse_args()
    figures: dict[str, Any] = {}
    for path in _logs():
        figures[path.name.split(".")[0]] = found = judge_log(
            read_answer_log(path), train=given.train, test=given.test, seed=given.seed
        )
        if not given.json:
            print(_in_words(path.name, found), flush=True)
    if given.json:
        protocol = {"train": given.train, "test": given.test, "seed": given.seed}
        print(json.dumps({"protocol": protocol, "logs": figures, **_flat(figures)}))


def _flat(figures: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Return the figures that the README prints, by name."""
    return {
        f"{name}_{short}": value
        for name, found in figures.items()
        for short, value in (
            ("auc", found["cairn"]["auc"]),
            ("calibration_error", found["cairn"]["calibration_error"]),
            ("pybkt_auc", found["pybkt"]["auc"]),
            ("small_class_auc", found["small_class_auc"]),
        )
    }


def _logs() -> list[Path]:
    folder = logs_folder()
    return sorted(folder.glob("*.csv.gz")) if folder.is_dir() else []


def _in_words(name: str, found: dict[str, Any]) -> str:
    told = [f"{name}: {found['rows']:,} rows of {found['learners']:,} learners"]
    for model in ("pybkt", "bkt", "cairn", "cairn_restarted", "cairn_items_keep_learning"):
        own = found[model]
        if own is not None:
            told.append(
                f"  {model:<26} AUC {own['auc']:.4f}  log-loss {own['log_loss']:.4f}  "
                f"ECE {own['calibration_error']:.4f}"
            )
    told.append(f"  20 training learners       AUC {found['small_class_auc']:.4f}")
    return "\n".join(told)


def _folds(text: str) -> tuple[int, ...]:
    return tuple(int(fold) for fold in text.split(","))


if __name__ == "__main__":
    main()
