"""A skill drops back by itself where its fit breaks a constraint or is off, and says so."""

import math

import pytest

from engine import Plan, SkillParameters, SkillTier, Terms, Tier, Why
from engine.model.layout import Layout
from engine.model.parameters import Gains, ModelParameters
from engine.settle import Evidence, as_probabilities, broken_constraint, settle

EXPERT = SkillParameters(prior=0.3, learn=0.2, guess=0.2, slip=0.1)


def rates(
    *, learn: float = 0.2, guess: float = 0.2, slip: float = 0.1
) -> tuple[float, float, float, float]:
    b = math.log(guess / (1.0 - guess))
    return 0.4, learn, b, math.log((1.0 - slip) / slip) - b


def fitted(**skills: tuple[float, float, float, float]) -> ModelParameters:
    layout = Layout(skills=len(skills), items=0, links=0)
    return ModelParameters(
        rates=skills,
        usual_rates=rates(),
        skills={skill: place for place, skill in enumerate(skills)},
        items={},
        links={},
        weights=(0.0,) * layout.offsets[-1],
        gains=Gains(),
    )


def settled(own: tuple[float, float, float, float], evidence: Evidence) -> Plan:
    return settle(fitted(a=own), expert={"a": EXPERT}, evidence={"a": evidence}, terms=Terms())


@pytest.mark.parametrize(
    ("own", "evidence", "tier", "why"),
    [
        (rates(), Evidence(learners=19), Tier.ABILITY, Why.FEW_ANSWERS),
        (rates(), Evidence(learners=20), Tier.CONTEXT, Why.FITTED),
        (rates(), Evidence(learners=200), Tier.HISTORY, Why.FITTED),
        (rates(), Evidence(learners=200, calibration=0.02), Tier.HISTORY, Why.FITTED),
        (rates(), Evidence(learners=200, calibration=0.09), Tier.ABILITY, Why.CALIBRATION),
        (rates(guess=0.4), Evidence(learners=200), Tier.ABILITY, Why.GUESS),
        (rates(guess=0.4), Evidence(200, format_guess=0.5), Tier.HISTORY, Why.FITTED),
        (rates(slip=0.3), Evidence(learners=200), Tier.ABILITY, Why.SLIP),
        (rates(learn=0.001), Evidence(learners=200), Tier.ABILITY, Why.LEARN),
        (rates(learn=0.7), Evidence(learners=200), Tier.ABILITY, Why.LEARN),
        (rates(guess=0.3, slip=0.6), Evidence(learners=200), Tier.ABILITY, Why.SPAN),
        ((0.4, math.nan, -1.0, 3.0), Evidence(learners=200), Tier.ABILITY, Why.LEARN),
        ((0.4, 0.2, math.nan, 3.0), Evidence(learners=200), Tier.ABILITY, Why.GUESS),
    ],
)
def test_a_skill_is_at_the_tier_it_has_earned(
    own: tuple[float, float, float, float], evidence: Evidence, tier: Tier, why: Why
) -> None:
    plan = settled(own, evidence)
    assert plan.tier("a") == SkillTier(tier, why)
    assert (plan.skills["a"] == EXPERT) is (why is not Why.FITTED)
    assert (plan.context is None) is (tier is Tier.ABILITY)


def test_a_skill_nobody_fitted_keeps_its_expert_estimates() -> None:
    expert = {"a": EXPERT, "b": EXPERT}
    plan = settle(fitted(a=rates()), expert=expert, evidence={"a": Evidence(50)}, terms=Terms())
    assert plan.tier("b") == SkillTier(Tier.ABILITY, Why.EXPERT)
    assert plan.skills["b"] == EXPERT


def test_a_settled_plan_comes_back_from_its_record() -> None:
    plan = settled(rates(), Evidence(learners=200))
    assert Plan.from_record(plan.to_record()) == plan


def test_rates_become_the_probabilities_they_stand_for() -> None:
    own = as_probabilities(rates(guess=0.3, slip=0.15))
    assert own.guess == pytest.approx(0.3)
    assert own.slip == pytest.approx(0.15)
    assert broken_constraint(rates(guess=0.3, slip=0.15)) is None
