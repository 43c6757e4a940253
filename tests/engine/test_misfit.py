"""Whose answers fit the record, and whose do not."""

import json
from dataclasses import replace
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import (
    FRESH,
    Outcome,
    Plan,
    Policy,
    SkillParameters,
    Terms,
    Trace,
)
from engine.misfit import BLUR, DRIFT, MIDDLE, weigh_misfit
from engine.simulate import registry
from engine.simulate.own import Cairn, CairnChooser
from engine.simulate.protocols import Module, Person
from engine.simulate.study import study
from tests.engine.answering import Learner

OWN = SkillParameters(prior=0.3, learn=0.2, guess=0.2, slip=0.1)
PLAN = Plan({"a": OWN, "b": OWN}, Terms())
shares = st.floats(0.001, 0.999)


def misfit_after(*outcomes: Outcome) -> float:
    learner = Learner(PLAN)
    for outcome in outcomes:
        learner.give(outcome)
        assert learner.states["a"].misfit == learner.trace.misfit
    assert learner.trace.misfit is not None
    return learner.trace.misfit


def first_answer(plan: Plan, *, misfit: float, skill: str = "a") -> Learner:
    """Somebody right at once on a skill, with this said of them before."""
    learner = Learner(plan)
    learner.trace = FRESH._replace(misfit=misfit)
    learner.give(True, skill=skill)
    return learner


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
    learner = Learner(PLAN)
    learner.give(True, hints=2)
    assert learner.trace.misfit == Terms().misfit


def test_what_one_skill_says_of_it_stands_with_the_next() -> None:
    learner = first_answer(PLAN, misfit=0.6, skill="b")
    assert learner.states["b"].misfit == learner.trace.misfit
    assert learner.trace.misfit == pytest.approx(0.6, abs=0.1)


def test_it_moves_no_mastery() -> None:
    low, high = (first_answer(PLAN, misfit=misfit).states["a"] for misfit in (0.01, 0.99))
    assert low.mastery == high.mastery


def test_a_set_that_does_not_tell_it_asks_as_it_did() -> None:
    plan = Plan(PLAN.skills, replace(Terms(), misfit=0.0))
    learner = first_answer(plan, misfit=0.9)
    assert learner.trace.misfit == 0.9  # what another module's answers said is kept
    assert learner.states["a"].misfit is None


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
