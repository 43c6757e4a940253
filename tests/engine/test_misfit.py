"""Whose answers fit the record, and whose do not."""

import json
from dataclasses import replace
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import (
    FRESH,
    Answer,
    Item,
    ItemKind,
    Outcome,
    Plan,
    Policy,
    SkillParameters,
    SkillState,
    Terms,
    Trace,
    fold,
)
from engine.misfit import BLUR, DRIFT, MIDDLE, weigh_misfit
from engine.simulate import registry
from engine.simulate.own import Cairn, CairnChooser
from engine.simulate.protocols import Module, Person
from engine.simulate.study import study

OWN = SkillParameters(prior=0.3, learn=0.2, guess=0.2, slip=0.1)
PLAN = Plan({"a": OWN, "b": OWN}, Terms())
shares = st.floats(0.001, 0.999)


def answer(number: int, outcome: Outcome, *, skill: str = "a", hints: int = 0) -> Answer:
    item = Item(f"{skill}-item", ItemKind.EXERCISE, "short-text", (skill,), None, 2, 1.0)
    return Answer(number, item, outcome, hints, 60.0 * number)


def misfit_after(*outcomes: Outcome) -> float:
    states: dict[str, SkillState] = {}
    trace = FRESH
    for number, outcome in enumerate(outcomes, start=1):
        folded = fold(PLAN, states, trace, answer(number, outcome), difficulty=0.0)
        states |= {step.skill: step.state for step in folded.steps}
        trace = folded.trace
        assert states["a"].misfit == trace.misfit
    assert trace.misfit is not None
    return trace.misfit


C, W, D = Outcome.CORRECT, Outcome.WRONG, Outcome.DONT_KNOW


def test_the_posterior_is_bayes_drawn_a_little_to_the_share() -> None:
    blurred = 0.9 - BLUR * (0.9 - MIDDLE)
    wrong = 0.2 * (1 - blurred) / (0.2 * (1 - blurred) + 0.8 * 0.1)
    found = weigh_misfit(0.2, 0.2, predicted=0.9, right=False)
    assert found == pytest.approx((1 - DRIFT) * wrong + DRIFT * 0.2, abs=1e-12)


@given(shares, shares, st.floats(0.0, 1.0), st.booleans())
def test_it_stays_a_chance(before: float, share: float, predicted: float, right: bool) -> None:  # noqa: FBT001
    assert 0.0 < weigh_misfit(before, share, predicted=predicted, right=right) < 1.0


def test_misses_after_successes_speak_for_it_and_a_clean_run_against() -> None:
    assert misfit_after(*[C, W] * 8) > Policy().misfit
    assert misfit_after(W, C, C, C, C, C, C, C) < PLAN.terms.misfit  # type: ignore[union-attr]


def test_i_do_not_know_weighs_as_wrong() -> None:
    assert misfit_after(C, C, D) == misfit_after(C, C, W)


def test_a_right_answer_with_hints_says_nothing_of_it() -> None:
    folded = fold(PLAN, {}, FRESH, answer(1, C, hints=2), difficulty=0.0)
    assert folded.trace.misfit == Terms().misfit


def test_what_one_skill_says_of_it_stands_with_the_next() -> None:
    folded = fold(PLAN, {}, FRESH._replace(misfit=0.6), answer(1, C, skill="b"), difficulty=0.0)
    assert folded.steps[0].state.misfit == folded.trace.misfit
    assert folded.trace.misfit == pytest.approx(0.6, abs=0.1)


def test_it_moves_no_mastery() -> None:
    low, high = (
        fold(PLAN, {}, FRESH._replace(misfit=misfit), answer(1, C), difficulty=0.0).steps[0].after
        for misfit in (0.01, 0.99)
    )
    assert low == high


def test_a_set_that_does_not_tell_it_asks_as_it_did() -> None:
    plan = Plan(PLAN.skills, replace(Terms(), misfit=0.0))
    folded = fold(plan, {}, FRESH._replace(misfit=0.9), answer(1, C), difficulty=0.0)
    assert folded.trace.misfit == 0.9  # what another module's answers said is kept
    assert folded.steps[0].state.misfit is None


def test_the_trace_comes_back_to_the_last_bit() -> None:
    for trace in (
        Trace(0.25, 3, None, (), 0.3),
        Trace(0.25, 3, None, (0.1, 0.9), 1 / 3),
        Trace(0.25, 3, None, (0.1, 0.9)),
        Trace(0.25, 3),
    ):
        assert Trace.from_record(json.loads(json.dumps(trace.to_record()))) == trace
    with pytest.raises(TypeError, match="misfit"):
        Trace.from_record([0.25, 3, None, [], "often"])


def test_people_whose_skill_grows_are_told_from_those_who_know_or_do_not() -> None:
    found = {name: _after_courses(name) for name in ("B", "C")}
    higher = [c > b for c in found["C"] for b in found["B"]]
    assert mean(higher) > 0.8  # the area under the curve of telling the two worlds apart


class _Kept(Cairn):
    """Our policy, of which the choosers are kept."""

    def __init__(self) -> None:
        super().__init__()
        self.choosers: list[CairnChooser] = []

    def guide(self, module: Module, dice: object, person: Person) -> CairnChooser:
        self.choosers.append(super().guide(module, dice, person))  # type: ignore[arg-type]
        return self.choosers[-1]


def _after_courses(name: str) -> list[float]:
    world, method = registry.WORLDS[name], _Kept()
    module = world.module()
    for learner in range(50):
        study(world, module, method, seed=5, learner=learner)
    return [it.trace.misfit for it in method.choosers if it.trace.misfit is not None]
