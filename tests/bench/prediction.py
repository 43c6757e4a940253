"""How well answers are predicted, on any log of the documented format.

    python -m tests.bench.prediction --data FILE --train 1,2,3 --tune 4 --test 5 --model cairn
                                     [--tier 5] [--learners N] [--restart-every N] [--json]

Settings are tuned on --tune and on nothing else; then the model is fitted again to train and tune
together, unless --learners draws a small class. Without --tune a tenth of the training learners,
drawn by the seed, takes its place, so that folds 1 to 4 suffice: --train 1,2,3 --test 4.
Figures are given for all test learners, for those who are not a copy of a learner the model was
fitted to, and, where items repeat, for first meetings alone. All of these hold the model still.
A further figure, items_keep_learning, lets the difficulty of items move after each test learner, in
the order of the file, as it does in use: it knows earlier test learners, so it is told apart.

--tier 0 to 5 takes part of the model alone: plain BKT, + elapsed time, + item difficulty,
+ ability, + attempts and recency, + answer history. The model cairn-stateless has every term and no
mastery: what it scores less than cairn is what the hidden state adds.
"""

import argparse
import json
import math
import os
import sys
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from engine.evaluation import judge
from engine.model.answers import AnswerLog, Flags, Floats
from engine.model.layout import Tier
from tests.bench.answer_logs import read_answer_log
from tests.bench.copies import is_copied
from tests.bench.predictors import MODELS, Predictor, make_predictor
from tests.bench.pybkt_build import build_cpp

HELD_OUT = 0.1


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, run, and print."""
    options = _options(arguments)
    try:
        figures = measure(
            read_answer_log(options.data),
            train=options.train,
            tune=options.tune,
            test=options.test,
            model=options.model,
            learners=options.learners,
            restart_every=options.restart_every,
            seed=options.seed,
            tier=Tier(options.tier),
        )
    except ValueError as error:
        sys.exit(f"{error}.")
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
    tier: Tier = Tier.HISTORY,
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
    predictor = make_predictor(model, seed=seed, tier=tier)
    _warm_up(model, fitting, tuning, seed=seed)
    began, worked = perf_counter(), _processor_seconds()
    predictor.fit(fitting, tuning, refit=refit)
    seconds = {"wall": perf_counter() - began, "processor": _processor_seconds() - worked}
    protocol = {
        "model": model, "tier": int(tier),
        "train": list(train), "tune": list(tune) or f"{HELD_OUT:.0%} of train",
        "refit_on_tune": refit is not None, "test": list(test), "seed": seed,
        "restart_every": restart_every, "training_learners": len(np.unique(fitting.owners)),
        "training_answers": fitting.n_answers,
    }  # fmt: skip
    return protocol | _figures(predictor, testing, copied, seconds)


def _figures(
    predictor: Predictor, testing: AnswerLog, copied: Flags, seconds: dict[str, float]
) -> dict[str, Any]:
    predicted = predictor.predict(testing)
    learning = predictor.predict_as_items_learn(testing)
    everything = np.ones(testing.n_answers, dtype=bool)
    first = testing.is_first_meeting()
    return {
        "all": _judged(testing, predicted, everything),
        "without_copies": _judged(testing, predicted, ~copied) if copied.any() else None,
        "first_meetings": _judged(testing, predicted, first) if not first.all() else None,
        "items_keep_learning": None if learning is None else _judged(testing, learning, everything),
        "seconds_to_fit": seconds,
        "microseconds": predictor.microseconds(testing),
        "parameters": predictor.words(),
    }


def _judged(log: AnswerLog, predicted: Floats, rows: Flags) -> dict[str, float | None]:
    """Return the figures of some rows; None is one that such rows do not have."""
    figures = asdict(judge(predicted[rows], log.correct[rows], log.learner_of[rows]))
    return {name: None if math.isnan(value) else value for name, value in figures.items()}


def _split(
    log: AnswerLog, *, train: Sequence[int], tune: Sequence[int], test: Sequence[int], seed: int
) -> tuple[AnswerLog, AnswerLog, AnswerLog]:
    folds = [*train, *tune, *test]
    if len(set(folds)) != len(folds):
        raise ValueError(f"a fold may have one use only, got {_listed(folds)}")
    there = np.unique(log.folds).tolist()
    absent = [fold for fold in folds if fold not in there]
    if absent:
        raise ValueError(f"no answers in fold {_listed(absent)}; the log has {_listed(there)}")
    fitting = log.in_folds(train)
    if tune:
        tuning = log.in_folds(tune)
    else:
        aside = is_held_out(fitting.owners.tolist(), seed=seed)
        if aside.all():
            raise ValueError("one learner is too few to train on: nobody is left to tune on")
        fitting, tuning = fitting.keep(~aside), fitting.keep(aside)
    return fitting, tuning, log.in_folds(test)


def is_held_out(learners: Sequence[int], *, seed: int) -> Flags:
    """Return which learners are set aside for tuning: a tenth, by a hash of seed and learner.

    At least one, the first by that hash.
    """
    hashes = np.array([zlib.crc32(f"{seed}:{learner}".encode()) for learner in learners])
    aside: Flags = hashes < HELD_OUT * 2**32
    return aside if aside.any() else hashes == hashes.min()


def _listed(folds: Sequence[int]) -> str:
    return ", ".join(str(fold) for fold in folds)


def _warm_up(model: str, fitting: AnswerLog, tuning: AnswerLog, *, seed: int) -> None:
    """Compile what there is before the clock runs: a few learners go through the whole fit."""
    if model == "pybkt":
        build_cpp()
        return
    few = fitting.draw(3, seed=seed)
    make_predictor(model, seed=seed).fit(few, tuning.draw(2, seed=seed), refit=few)


def _processor_seconds() -> float:
    """Return the processor time of this process and of those it has waited for."""
    return sum(os.times()[:4])


def _in_words(figures: dict[str, Any]) -> str:
    lines = [
        "{data}: {model}, tier {tier}, train {train}, tune {tune}, test {test}, seed {seed}".format(
            **figures
        )
    ]
    for name in ("all", "without_copies", "first_meetings", "items_keep_learning"):
        own = figures[name]
        if own is not None:
            lines.append(f"{name:<19} {_figures_in_words(own)}")
    times = "  ".join(f"{step} {value:.2f} us" for step, value in figures["microseconds"].items())
    lines.append(
        f"fit {figures['seconds_to_fit']['wall']:.2f} s (processor "
        f"{figures['seconds_to_fit']['processor']:.2f} s)  {times}"
    )
    return "\n".join([*lines, *(f"  {line}" for line in figures["parameters"])])


def _figures_in_words(own: dict[str, float | None]) -> str:
    places = {
        "AUC": "auc", "per learner": "learner_auc", "RMSE": "rmse", "log-loss": "log_loss",
        "ECE": "calibration_error",
    }  # fmt: skip
    told = [f"rows {own['answers']:,}", f"learners {own['learners']:,}"]
    for words, name in places.items():
        value = own[name]
        told.append(f"{words} none" if value is None else f"{words} {value:.4f}")
    return "  ".join(told)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.prediction")
    parser.add_argument("--data", type=Path, required=True, help="CSV or CSV.gz")
    parser.add_argument("--train", type=_folds, required=True, help="folds, such as 1,2,3")
    parser.add_argument(
        "--tune", type=_folds, nargs="?", default=(), const=(),
        help="folds; without a value, a tenth of the training learners",
    )  # fmt: skip
    parser.add_argument("--test", type=_folds, required=True)
    parser.add_argument("--model", choices=MODELS, default="cairn")
    parser.add_argument(
        "--tier", type=int, choices=[int(tier) for tier in Tier], default=int(Tier.HISTORY),
        help="how much of cairn is in use: 0 is plain BKT, 5 the whole model",
    )  # fmt: skip
    parser.add_argument(
        "--learners", type=_count, help="train on so many learners, drawn by the seed"
    )
    parser.add_argument(
        "--restart-every", type=_count, help="forget a learner after so many answers"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _folds(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(fold) for fold in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"folds are numbers, such as 1,2,3, not {text}") from None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number above 0, got {text}")
    return int(text)


if __name__ == "__main__":
    main()
