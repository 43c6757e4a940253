"""How fast the model is fitted and updated, side by side with pyBKT on the same rows.

    python -m tests.bench.speed [--json] [--data FILE] [--answers N]

Without --data the rows are simulated. pyBKT's C++ build is made once, in .venv/pybkt-cpp, where
there is a compiler; its pure Python build is slow and gets a subset, whose size is told. Both fit
from the same table of learners, skills and outcomes, on one core; their processor time is told, so
that other work on the machine does not count, and of pyBKT's also the part that is EM alone. Bars:
plain BKT 20 times faster than the C++ build with one start, at no lower likelihood; the whole model
on 1,000,000 answers in 5 s on two cores; a scalar online update in 2 microseconds; a decision among
1,000 items of 200 skills in 1 ms (p95); replay has a bench of its own, and is sampled here. The
update that has a bar is the fitted model's learning alone. Beside it stand predicting and learning,
and the fold that a web worker runs for an answer, which also keeps the record and its evidence.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pandas as pd

from engine.evaluation import log_loss
from engine.fitting import (
    FITTED_GAINS,
    FREE,
    Effort,
    fit_bkt,
    fit_model,
    predict_bkt,
)
from engine.model.answers import NO_ITEM, AnswerLog, Floats
from engine.model.layout import Tier
from tests.bench import engine as decision
from tests.bench.answer_logs import read_answer_log
from tests.bench.folds import fold_microseconds
from tests.bench.growth import ANSWERS_EACH, SimulatedPart
from tests.bench.predictors import first_skill, scalar_microseconds
from tests.bench.pybkt_build import build_cpp, fit_aside

ROOT = Path(__file__).resolve().parents[2]
ROWS, PURE_ROWS = 200_000, 5_000
ROUNDS = 5
LARGE, TUNING = 1_000_000, 100_000
REPLAYED = 20_000


def measure(*, data: Path | None, answers: int) -> dict[str, Any]:
    """Return every figure of this bench, by name."""
    log = _simulated(answers, seed=1) if data is None else read_answer_log(data)
    log = first_skill(log)
    figures: dict[str, Any] = {
        "rows": log.n_answers, "skills": log.n_skills,
        "data": "simulated" if data is None else data.name,
    }  # fmt: skip
    figures |= _plain(log)
    python = build_cpp()
    if python is None:
        figures["cpp"] = None
    else:
        for starts in (1, 5):
            theirs = fit_aside(python, log, starts=starts)
            figures |= _compared(f"cpp_{starts}", theirs, log, figures)
    few = log.keep(np.arange(log.n_histories) < np.searchsorted(log.starts, PURE_ROWS))
    theirs = fit_aside(Path(sys.executable), few, starts=1)
    ours = _plain(few)
    figures |= {f"pure_{name}": value for name, value in ours.items()}
    figures |= {"pure_rows": few.n_answers} | _compared("pure", theirs, few, ours)
    return figures | _whole_model() | _decision() | _replay()


def _plain(log: AnswerLog) -> dict[str, float]:
    """Return the time and likelihood of plain BKT, fitted without any ridge."""
    learners, skills, correct = _columns(log)
    fit_bkt(log.draw(3, seed=0), limits=FREE, ridge=0.0)  # compiles
    seconds, reading = [], []
    for _ in range(ROUNDS):
        began = process_time()
        read = _from_table(learners, skills, correct)
        between = process_time()
        fitted = fit_bkt(read, limits=FREE, ridge=0.0)
        seconds.append(process_time() - began)
        reading.append(between - began)
    rates = np.full((log.n_skills, 4), 0.5)
    rates[pd.unique(skills).astype(np.int64)] = fitted.rates
    return {
        "bkt_seconds": min(seconds),
        "bkt_reading_seconds": min(reading),
        "bkt_log_likelihood": _log_likelihood(log, rates),
        "bkt_rounds": fitted.rounds,
    }


def _columns(log: AnswerLog) -> tuple[Any, Any, Any]:
    """Return what pyBKT is given: learner and skill as labels, and the outcome as a number."""
    return log.learner_of, log.skills.astype(str).astype(object), log.correct.astype(int)


def _from_table(learners: Any, skills: Any, correct: Any) -> AnswerLog:
    n = len(correct)
    labels, names = pd.factorize(skills)
    cuts = np.flatnonzero(np.diff(learners)) + 1
    starts = np.concatenate(([0], cuts, [n])).astype(np.int64)
    return AnswerLog(
        starts=starts,
        owners=learners[starts[:-1]].astype(np.int64),
        folds=np.zeros(len(starts) - 1, dtype=np.int32),
        skill_starts=np.arange(n + 1, dtype=np.int64),
        skills=labels.astype(np.int32),
        items=np.full(n, NO_ITEM, dtype=np.int32),
        correct=correct > 0,
        seconds=np.full(n, np.nan),
        n_skills=len(names),
        n_items=0,
    )


def _compared(
    name: str, theirs: dict[str, Any], log: AnswerLog, ours: dict[str, Any]
) -> dict[str, Any]:
    rates = np.full((log.n_skills, 4), 0.5)
    for skill, values in theirs["rates"].items():
        rates[int(skill)] = values
    likelihood = _log_likelihood(log, np.clip(rates, 1e-9, 1.0 - 1e-9))
    return {
        f"{name}_compiled": theirs["compiled"],
        f"{name}_seconds": theirs["seconds"],
        f"{name}_em_seconds": theirs["seconds_in_em"],
        f"{name}_log_likelihood": likelihood,
        f"{name}_times_slower": theirs["seconds"] / ours["bkt_seconds"],
        f"{name}_likelihood_behind": ours["bkt_log_likelihood"] - likelihood,
        f"{name}_roster_update_us": theirs["roster_update_us"],
    }


def _log_likelihood(log: AnswerLog, rates: Floats) -> float:
    return -log.n_answers * log_loss(predict_bkt(log, rates), log.correct)


def _whole_model() -> dict[str, float]:
    """Return the time of the whole model on a large log, and of its scalar steps."""
    log, tune = _simulated(LARGE, seed=0), _simulated(TUNING, seed=9)
    few = Effort(passes=1)
    fit_model(log.draw(20, seed=0), tune, tier=Tier.HISTORY, gains=FITTED_GAINS, effort=few)
    began, worked = perf_counter(), process_time()
    fitted = fit_model(log, tune, tier=Tier.HISTORY, gains=FITTED_GAINS, effort=Effort())
    seconds, processor = perf_counter() - began, process_time() - worked
    steps, folds = scalar_microseconds(fitted, tune), fold_microseconds(fitted, tune)
    return {
        "model_answers": log.n_answers,
        "model_seconds": seconds,
        "model_processor_seconds": processor,
        "model_passes": fitted.passes,
        "model_predict_us": steps["predict"],
        "model_update_us": steps["update"],
        "model_step_us": steps["predict"] + steps["update"],
        **{f"fold_{name}_us": spent for name, spent in folds.items()},
    }


def _decision() -> dict[str, Any]:
    found = decision.measure()
    names = ("items", "skills", "step_p50_us", "step_p95_us")
    return {f"decision_{name}": found[name] for name in names}


def _replay() -> dict[str, Any]:
    """Return the time of replaying some responses, by the bench of its own; None where it fails."""
    command = ["-m", "tests.bench.replay", "--json", "--responses", str(REPLAYED)]
    ran = subprocess.run(
        [sys.executable, *command], stdout=subprocess.PIPE, text=True, check=False, cwd=ROOT
    )
    if ran.returncode:
        return {"replay_responses": None}
    found = json.loads(ran.stdout)
    return {f"replay_{name}": found[name] for name in ("responses", "seconds", "differences")}


def _simulated(answers: int, *, seed: int) -> AnswerLog:
    return SimulatedPart(seed, answers // ANSWERS_EACH)()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    asked.add_argument("--data", type=Path, help="CSV or CSV.gz; simulated where it is not given")
    asked.add_argument("--answers", type=int, default=ROWS, help="simulated answers")
    given = asked.parse_args()
    figures = measure(data=given.data, answers=given.answers)
    if given.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(
            f"{name:>28}  {figure:,.4f}" if isinstance(figure, float) else f"{name:>28}  {figure}"
        )


if __name__ == "__main__":
    main()
