"""How well each way to choose the next item teaches, in simulated worlds.

    python -m tests.bench.sequencing [--worlds B,C,...] [--policies cairn,...] [--learners N]
                                     [--seed S] [--processes N] [--json] [--svg FILE]

Every learner of a world meets the same luck under every policy. Worlds and policies are in
engine.simulate; add a class there and it is measured here. The seed of the published figures was
drawn after the policies were frozen. Decision time is taken among 1,000 items of 200 skills.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count
from pathlib import Path
from typing import Any

from engine.simulate.baselines import fixed_sequence
from engine.simulate.figures import CELL, Cell, dominated, figures_of, means
from engine.simulate.modules import make_module
from engine.simulate.registry import METHODS, WORLDS
from engine.simulate.study import Course, study
from tests.bench.engine import measure as measure_engine
from tests.bench.front import draw

SEED = 20261129
LEARNERS = 500
AT_ONCE = 50
OURS, BAR = "cairn", "oatutor-gate"

Job = tuple[str, str, int, int, int]


def run(job: Job) -> list[Course]:
    """The courses of some learners of one world under one policy."""
    world_name, policy_name, seed, first, last = job
    world, method = WORLDS[world_name], METHODS[policy_name]
    module = world.module()
    return [study(world, module, method, seed=seed, learner=it) for it in range(first, last)]


def simulate(
    worlds: Sequence[str], policies: Sequence[str], *, learners: int, seed: int, processes: int
) -> dict[str, dict[str, Cell]]:
    """Figures by policy and world."""
    jobs = [
        (world, policy, seed, first, min(first + AT_ONCE, learners))
        for policy in policies
        for world in worlds
        for first in range(0, learners, AT_ONCE)
    ]
    courses: dict[tuple[str, str], list[Course]] = {}
    with ProcessPoolExecutor(processes) as pool:
        for job, done in zip(jobs, pool.map(run, jobs), strict=True):
            courses.setdefault((job[1], job[0]), []).extend(done)
    sequence = len(fixed_sequence(make_module()))
    return {
        policy: {world: figures_of(courses[policy, world], sequence) for world in worlds}
        for policy in policies
    }


def measure(
    worlds: Sequence[str], policies: Sequence[str], *, learners: int, seed: int, processes: int
) -> dict[str, object]:
    """Every figure of this bench, by name."""
    cells = simulate(worlds, policies, learners=learners, seed=seed, processes=processes)
    found: dict[str, object] = {
        "learners": learners,
        "seed": seed,
        "worlds": {name: WORLDS[name].about for name in worlds},
        "policies": {name: METHODS[name].about for name in policies},
        "columns": CELL,
        "cells": cells,
        "mean": {policy: means(cells[policy].values()) for policy in policies},
    }
    if OURS in cells:
        found |= _against_bars(cells)
    return found


def _against_bars(cells: Mapping[str, Mapping[str, Cell]]) -> dict[str, object]:
    ours = means(cells[OURS].values())
    worst = min(cells[OURS], key=lambda world: cells[OURS][world]["known"] or 0.0)
    named: dict[str, object] = {f"cairn_{name}": value for name, value in ours.items()}
    named |= {
        "cairn_worst_world": worst,
        "cairn_worst_known": cells[OURS][worst]["known"],
        "cairn_dominated_by": dominated(cells, OURS, but=("oracle",)),
        "cairn_dominated": len(dominated(cells, OURS, but=("oracle",))),
        "decision_p95_us": measure_engine()["step_p95_us"],
    }
    for rival, short in ((BAR, "bar"), ("oracle", "oracle")):
        if rival in cells:
            theirs = means(cells[rival].values())
            named |= {f"{short}_known": theirs["known"], f"{short}_minutes": theirs["minutes"]}
    return named


def _print(found: Mapping[str, Any]) -> None:
    cells: dict[str, dict[str, Cell]] = found["cells"]
    print(f"{'':17}{'':5}" + "".join(f"{name:>17}" for name in CELL))
    for policy, by_world in cells.items():
        for world, cell in (*by_world.items(), ("mean", means(by_world.values()))):
            figures = "".join(
                f"{'-':>17}" if cell[name] is None else f"{cell[name]:17.3f}" for name in CELL
            )
            print(f"{policy:17}{world:5}{figures}")
    for name, figure in found.items():
        if name.startswith(("cairn_", "bar_", "oracle_", "decision_")):
            print(f"{name:>28}  {figure}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--worlds", default=",".join(WORLDS), help="names, with commas")
    asked.add_argument("--policies", default=",".join(METHODS), help="names, with commas")
    asked.add_argument("--learners", type=int, default=LEARNERS, help="learners a world")
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--processes", type=int, default=cpu_count() or 1)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    asked.add_argument("--svg", type=Path, help="draw the Pareto front into this file")
    given = asked.parse_args()
    worlds, policies = given.worlds.split(","), given.policies.split(",")
    for names, known in ((worlds, list(WORLDS)), (policies, list(METHODS))):
        if not set(names) <= set(known):
            asked.error(f"there are {', '.join(known)}; got {', '.join(names)}")
    found = measure(
        worlds,
        policies,
        learners=given.learners,
        seed=given.seed,
        processes=given.processes,
    )
    if given.svg is not None:
        given.svg.write_text(draw(found))
    if given.json:
        print(json.dumps(found))
    else:
        _print(found)


if __name__ == "__main__":
    main()
