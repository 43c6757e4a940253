# ruff: noqa: NPY002 - the simulation is compiled, where the newer generators do not exist
"""How the cost of a fit grows with the log: 100,000 to 100 million simulated answers.

    python -m tests.bench.growth [--json] [--most 100000000] [--workers 2] [--passes 2] [--cluster]

Each part of a log is simulated where it is worked on, from its own seed, so that nothing but the
model is ever in memory as a whole: learners of different ability meet items of different difficulty
and learn their skills as plain BKT says. The whole model is fitted to each log in turn, each in a
process of its own. With --cluster the workers are processes of a Dask cluster on this machine, and
the memory is that of the process that asks. Bar: memory does not grow with the log.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numba import njit

from engine.evaluation import auc, log_loss
from engine.fitting import FITTED_GAINS, Effort, FittedModel
from engine.model.answers import AnswerLog
from engine.model.layout import Tier
from engine.model.spread import OnThreads, Spread
from engine.streaming import fit_parts

SKILLS, ITEMS, ANSWERS_EACH = 100, 2_000, 100
PART_LEARNERS = 500
TUNING_PART = 1_000_000
KILOBYTE = 1_024
SIZES = (100_000, 1_000_000, 10_000_000, 100_000_000)


@dataclass(frozen=True, slots=True)
class SimulatedPart:
    """The answers of some learners, made from a seed each time they are asked for."""

    seed: int
    learners: int

    def __call__(self) -> AnswerLog:
        """Return the answers."""
        n = self.learners * ANSWERS_EACH
        skills, items = np.empty(n, np.int32), np.empty(n, np.int32)
        correct = np.empty(n, np.bool_)
        _simulate(self.seed, self.learners, skills, items, correct)
        return AnswerLog(
            starts=np.arange(0, n + 1, ANSWERS_EACH, dtype=np.int64),
            owners=np.arange(self.learners) + self.seed * self.learners,
            folds=np.ones(self.learners, dtype=np.int32),
            skill_starts=np.arange(n + 1, dtype=np.int64),
            skills=skills,
            items=items,
            correct=correct,
            seconds=np.full(n, np.nan),
            n_skills=SKILLS,
            n_items=ITEMS,
        )


@njit(cache=True, nogil=True)
def _simulate(seed, learners, skills, items, correct):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Write answers: the difficulty of items is the same whatever the seed."""
    np.random.seed(7)
    hard = np.random.normal(0.0, 0.8, ITEMS)
    np.random.seed(1_000 + seed)
    row = 0
    for _ in range(learners):
        able = np.random.normal(0.0, 0.8)
        known = np.random.uniform(0.0, 1.0, SKILLS) < 0.3
        skill = np.random.randint(0, SKILLS)
        for _ in range(ANSWERS_EACH):
            if np.random.uniform() < 0.2:
                skill = np.random.randint(0, SKILLS)
            item = skill + SKILLS * np.random.randint(0, ITEMS // SKILLS)
            odds = able - hard[item] + (1.5 if known[skill] else -1.0)
            skills[row], items[row] = skill, item
            correct[row] = np.random.uniform() < 1.0 / (1.0 + np.exp(-odds))
            known[skill] |= np.random.uniform() < 0.15
            row += 1


@contextmanager
def spread_over(workers: int, *, cluster: bool) -> Iterator[Spread]:
    """Give threads of this process, or a Dask cluster of processes that ends with the block."""
    if not cluster:
        yield OnThreads(workers)
        return
    from distributed import Client, LocalCluster  # noqa: PLC0415 - the extra may be missing

    from engine.cluster import OnCluster  # noqa: PLC0415

    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers, threads_per_worker=1, dashboard_address=None, local_directory=folder
        ) as local,
        Client(local) as client,  # type: ignore[no-untyped-call]
    ):
        yield OnCluster(client)


def measure(*, answers: int, passes: int, spread: Spread) -> dict[str, float | int]:
    """Return time, memory and accuracy of one fit asked for by this process."""
    parts = [
        SimulatedPart(seed, PART_LEARNERS)
        for seed in range(max(1, answers // (PART_LEARNERS * ANSWERS_EACH)))
    ]
    tune = SimulatedPart(TUNING_PART, PART_LEARNERS)()
    fresh = SimulatedPart(TUNING_PART + 1, PART_LEARNERS)()
    effort = Effort(passes=1, batches=2)
    _fit(parts[:1], tune, effort=effort, spread=spread)
    before = _peak_mb()
    began = perf_counter()
    fitted = _fit(parts, tune, effort=Effort(passes=passes), spread=spread)
    seconds = perf_counter() - began
    predicted = fitted.predict(fresh)
    return {
        "answers": sum(part.learners * ANSWERS_EACH for part in parts),
        "parts": len(parts),
        "passes": fitted.passes,
        "seconds": seconds,
        "microseconds_an_answer": 1e6 * seconds / (len(parts) * PART_LEARNERS * ANSWERS_EACH),
        "peak_mb_before": before,
        "peak_mb": _peak_mb(),
        "auc": auc(predicted, fresh.correct),
        "log_loss": log_loss(predicted, fresh.correct),
    }


def _fit(
    parts: list[SimulatedPart], tune: AnswerLog, *, effort: Effort, spread: Spread
) -> FittedModel:
    return fit_parts(
        parts, tune, tier=Tier.HISTORY, gains=FITTED_GAINS, effort=effort,
        spread=spread,
    )  # fmt: skip


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTE / 1e6


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    asked.add_argument("--most", type=int, default=10_000_000, help="answers of the largest log")
    asked.add_argument("--only", type=int, help="answers of the one log to fit, in this process")
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--passes", type=int, default=2)
    asked.add_argument("--cluster", action="store_true", help="Dask workers instead of threads")
    given = asked.parse_args()
    if given.only is not None:
        with spread_over(given.workers, cluster=given.cluster) as spread:
            figures = measure(answers=given.only, passes=given.passes, spread=spread)
        print(json.dumps(figures))
        return
    rows = []
    for answers in [size for size in SIZES if size <= given.most]:
        command = [
            sys.executable, "-m", "tests.bench.growth", "--only", str(answers),
            "--workers", str(given.workers), "--passes", str(given.passes),
            *(["--cluster"] if given.cluster else []),
        ]  # fmt: skip
        ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        rows.append(json.loads(ran.stdout))
        if not given.json:
            print(_in_words(rows[-1]), flush=True)
    if given.json:
        ends = {
            f"{name}_{which}": row[name]
            for which, row in (("smallest", rows[0]), ("largest", rows[-1]))
            for name in ("answers", "seconds", "peak_mb", "microseconds_an_answer")
        }
        print(json.dumps({"workers": given.workers, "logs": rows, **ends}))


def _in_words(row: dict[str, float]) -> str:
    return (
        f"{row['answers']:>11,} answers  {row['seconds']:8.1f} s  "
        f"{row['microseconds_an_answer']:5.2f} us an answer  peak {row['peak_mb']:.0f} MB  "
        f"AUC {row['auc']:.4f}  log-loss {row['log_loss']:.4f}  passes {row['passes']}"
    )


if __name__ == "__main__":
    main()
