"""How well answers are predicted, on any log of the documented format.

    python -m tests.bench.prediction --data FILE --train 1,2,3 --tune 4 --test 5 --model cairn

Settings are tuned on --tune and on nothing else; then the model is fitted again to train and tune
together, unless --learners draws a small class. Without --tune a tenth of the training learners,
drawn by the seed, takes its place, so that folds 1 to 4 suffice: --train 1,2,3 --test 4.
Figures are given for all test learners, for those who are not a copy of a learner the model was
fitted to, and, where items repeat, for first meetings alone.
"""

import argparse
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from engine.evaluation import judge
from engine.model.answers import AnswerLog, Flags, Floats
from tests.bench.answer_logs import read_answer_log
from tests.bench.copies import is_copied
from tests.bench.predictors import Predictor, make_predictor

HELD_OUT = 0.1


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, run, and print."""
    options = _options(arguments)
    figures = measure(
        read_answer_log(options.data),
        train=options.train,
        tune=options.tune,
        test=options.test,
        model=options.model,
        learners=options.learners,
        restart_every=options.restart_every,
        seed=options.seed,
    )
    figures = {"data": options.data.name, **figures}
    print(json.dumps(figures, indent=2) if options.json else _in_words(figures))


def measure(
    log: AnswerLog,
    *,
    train: Sequence[int],
    tune: Sequence[int],
    test: Sequence[int],
    model: str,
    learners: int | None,
    restart_every: int | None,
    seed: int,
) -> dict[str, Any]:
    """Return every figure of one model on one log.

    Raises ValueError where the folds overlap or one has no answers.
    """
    fitting, tuning, testing = _split(log, train=train, tune=tune, test=test, seed=seed)
    refit = None
    if learners is None:
        refit = log.in_folds([*train, *tune])
    else:
        fitting = fitting.draw(learners, seed=seed)
    copied = np.repeat(is_copied(testing, refit or fitting), np.diff(testing.starts))
    if restart_every is not None:
        fitting, tuning, testing = (
            part.restarted(restart_every) for part in (fitting, tuning, testing)
        )
        refit = None if refit is None else refit.restarted(restart_every)
    predictor = make_predictor(model, seed=seed)
    _warm_up(model, fitting, tuning, seed=seed)
    began, worked = perf_counter(), process_time()
    predictor.fit(fitting, tuning, refit=refit)
    seconds = {"wall": perf_counter() - began, "processor": process_time() - worked}
    protocol = {
        "model": model, "train": list(train), "tune": list(tune) or f"{HELD_OUT:.0%} of train",
        "refit_on_tune": refit is not None, "test": list(test), "seed": seed,
        "restart_every": restart_every, "training_learners": len(np.unique(fitting.owners)),
        "training_answers": fitting.n_answers,
    }  # fmt: skip
    return protocol | _figures(predictor, testing, copied, seconds)


def _figures(
    predictor: Predictor, testing: AnswerLog, copied: Flags, seconds: dict[str, float]
) -> dict[str, Any]:
    predicted = predictor.predict(testing)
    first = testing.is_first_meeting()
    return {
        "all": _judged(testing, predicted, np.ones(testing.n_answers, dtype=bool)),
        "without_copies": _judged(testing, predicted, ~copied) if copied.any() else None,
        "first_meetings": _judged(testing, predicted, first) if not first.all() else None,
        "seconds_to_fit": seconds,
        "microseconds": predictor.microseconds(testing),
        "parameters": predictor.words(),
    }


def _judged(log: AnswerLog, predicted: Floats, rows: Flags) -> dict[str, float]:
    return asdict(judge(predicted[rows], log.correct[rows], log.learner_of[rows]))


def _split(
    log: AnswerLog, *, train: Sequence[int], tune: Sequence[int], test: Sequence[int], seed: int
) -> tuple[AnswerLog, AnswerLog, AnswerLog]:
    folds = [*train, *tune, *test]
    if len(set(folds)) != len(folds):
        raise ValueError(f"a fold may have one use only, got {folds}")
    fitting = log.in_folds(train)
    if tune:
        tuning = log.in_folds(tune)
    else:
        aside = is_held_out(fitting.owners.tolist(), seed=seed)
        fitting, tuning = fitting.keep(~aside), fitting.keep(aside)
    testing = log.in_folds(test)
    for name, part in (("train", fitting), ("tune", tuning), ("test", testing)):
        if part.n_answers == 0:
            raise ValueError(f"no answers to {name} on")
    return fitting, tuning, testing


def is_held_out(learners: Sequence[int], *, seed: int) -> Flags:
    """Return which learners are set aside for tuning: a tenth, by a hash of seed and learner."""
    hashes = [zlib.crc32(f"{seed}:{learner}".encode()) for learner in learners]
    return np.array([value / 2**32 < HELD_OUT for value in hashes])


def _warm_up(model: str, fitting: AnswerLog, tuning: AnswerLog, *, seed: int) -> None:
    """Compile the loops before the clock runs: a few learners go through the whole fit."""
    if model != "pybkt":
        few = fitting.draw(3, seed=seed)
        make_predictor(model, seed=seed).fit(few, tuning.draw(2, seed=seed), refit=few)


def _in_words(figures: dict[str, Any]) -> str:
    lines = [
        "{data}: {model}, train {train}, tune {tune}, test {test}, seed {seed}".format(**figures)
    ]
    for name in ("all", "without_copies", "first_meetings"):
        own = figures[name]
        if own is not None:
            lines.append(
                f"{name:<15} rows {own['answers']:,}  learners {own['learners']:,}  "
                f"AUC {own['auc']:.4f}  per learner {own['learner_auc']:.4f}  "
                f"RMSE {own['rmse']:.4f}  log-loss {own['log_loss']:.4f}  "
                f"ECE {own['calibration_error']:.4f}"
            )
    times = "  ".join(f"{step} {value:.2f} us" for step, value in figures["microseconds"].items())
    lines.append(
        f"fit {figures['seconds_to_fit']['wall']:.2f} s (processor "
        f"{figures['seconds_to_fit']['processor']:.2f} s)  {times}"
    )
    return "\n".join([*lines, *(f"  {line}" for line in figures["parameters"])])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.prediction")
    parser.add_argument("--data", type=Path, required=True, help="CSV or CSV.gz")
    parser.add_argument("--train", type=_folds, required=True, help="folds, such as 1,2,3")
    parser.add_argument(
        "--tune", type=_folds, nargs="?", default=(), const=(),
        help="folds; without a value, a tenth of the training learners",
    )  # fmt: skip
    parser.add_argument("--test", type=_folds, required=True)
    parser.add_argument("--model", choices=("bkt", "pybkt", "cairn"), default="cairn")
    parser.add_argument("--learners", type=int, help="train on so many learners, drawn by the seed")
    parser.add_argument("--restart-every", type=int, help="forget a learner after so many answers")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _folds(text: str) -> tuple[int, ...]:
    return tuple(int(fold) for fold in text.split(","))


if __name__ == "__main__":
    main()
