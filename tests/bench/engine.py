"""How long one step of the engine takes among 1,000 items of 200 skills.

    python -m tests.bench.engine [--json]

A step is respond and recommend, as in the transaction of one answer. Learners of several kinds
study from their first answer to their last; every step of every learner counts, the longest
states included. Bar: 95 steps in 100 within 1,000 microseconds.
"""

import argparse
import json
import platform
import random
from time import perf_counter_ns

from engine import (
    Answer,
    Curriculum,
    Item,
    ItemKind,
    Outcome,
    Policy,
    Skill,
    SkillParameters,
    SkillState,
    Step,
    recommend,
    remaining_minutes,
    respond,
)

SKILLS = 200
BAR_MICROSECONDS = 1_000.0
PARAMETERS = SkillParameters(prior=0.25, learn=0.2, guess=0.25, slip=0.1)
POLICY = Policy()


def make_curriculum() -> Curriculum:
    """200 skills in a wide net, each needing up to three before it; five items a skill."""
    chance = random.Random(1)
    skills = []
    items = []
    for n in range(SKILLS):
        needed = {f"s{chance.randrange(max(0, n - 30), n)}" for _ in range(min(n, 3))}
        skills.append(Skill(f"s{n}", tuple(sorted(needed))))
        items.append(Item(f"s{n}-l", ItemKind.LESSON, "explanation", (f"s{n}",), None, 0, 5.0))
        items += [
            Item(f"s{n}-e{k}", ItemKind.EXERCISE, "single-choice", (f"s{n}",), 0.25, 2, 2.0)
            for k in range(4)
        ]
    return Curriculum(tuple(skills), tuple(items))


def outcome_of(item: Item, *, chance: random.Random, right: float) -> Outcome:
    if item.kind is ItemKind.LESSON:
        return Outcome.READ
    return Outcome.CORRECT if chance.random() < right else Outcome.WRONG


def time_learner(
    what: Curriculum, *, seed: int, right: float, most: int
) -> tuple[list[int], list[int], dict[str, SkillState]]:
    """Nanoseconds of every respond, and of every whole step, of one learner; states at the end."""
    chance = random.Random(seed)
    parameters = {skill.id: PARAMETERS for skill in what.skills}
    states: dict[str, SkillState] = {}
    responding: list[int] = []
    stepping: list[int] = []
    first = recommend(what, states, parameters, policy=POLICY, at=0.0, number=1, seed=seed)
    served = first.item
    for number in range(1, most):
        if served is None:
            break
        item = what.item(served)
        answer = Answer(
            number, item, outcome_of(item, chance=chance, right=right), 0, number * 60.0
        )
        seed = chance.getrandbits(63)
        begun = perf_counter_ns()
        steps = respond(states, answer, parameters)
        updated = perf_counter_ns()
        keep(states, steps)
        served = recommend(
            what,
            states,
            parameters,
            policy=POLICY,
            at=number * 60.0,
            number=number + 1,
            seed=seed,
        ).item
        ended = perf_counter_ns()
        responding.append(updated - begun)
        stepping.append(ended - begun)
    return responding, stepping, states


def keep(states: dict[str, SkillState], steps: tuple[Step, ...]) -> None:
    for step in steps:
        states[step.skill] = step.state


def percentile(nanoseconds: list[int], share: float) -> float:
    """Microseconds that a share of the measurements do not exceed."""
    ranked = sorted(nanoseconds)
    return ranked[min(int(share * len(ranked)), len(ranked) - 1)] / 1_000


def measure() -> dict[str, float | int | str]:
    """Every figure of this bench, by name."""
    what = make_curriculum()
    responding: list[int] = []
    stepping: list[int] = []
    states: dict[str, SkillState] = {}
    for seed, right in enumerate((1.0, 0.97, 0.95, 0.9)):
        updates, whole, states_now = time_learner(what, seed=seed, right=right, most=1_500)
        responding += updates
        stepping += whole
        states = states_now if len(states_now) > len(states) else states
    parameters = {skill.id: PARAMETERS for skill in what.skills}
    begun = perf_counter_ns()
    for _ in range(50):
        remaining_minutes(what, states, parameters, POLICY)
    remaining = (perf_counter_ns() - begun) / 50 / 1_000
    return {
        "python": platform.python_version(),
        "items": len(what.items),
        "skills": len(what.skills),
        "steps": len(stepping),
        "step_p50_us": percentile(stepping, 0.50),
        "step_p95_us": percentile(stepping, 0.95),
        "step_p99_us": percentile(stepping, 0.99),
        "respond_p50_us": percentile(responding, 0.50),
        "respond_p95_us": percentile(responding, 0.95),
        "remaining_minutes_us": remaining,
        "bar_step_p95_us": BAR_MICROSECONDS,
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    figures = measure()
    if asked.parse_args().json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:>22}  {figure:.1f}" if isinstance(figure, float) else f"{name:>22}  {figure}")


if __name__ == "__main__":
    main()
