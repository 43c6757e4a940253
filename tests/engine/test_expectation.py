"""What of a prediction is told: each thing once, in the direction it has in sum."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine import (
    FRESH,
    Answer,
    Expectation,
    ExpectationTerm,
    Family,
    Item,
    ItemKind,
    Outcome,
    Plan,
    SkillParameters,
    SkillState,
    SkillTier,
    Terms,
    Tier,
    Why,
    expect,
    fold,
)
from engine.evidence import DAY
from engine.expectation import FAMILIES, RECORD_TERMS
from engine.model.experience import usual_weights
from engine.model.layout import Block, Layout
from engine.model.parameters import Gains, ModelParameters

OWN = SkillParameters(prior=0.25, learn=0.15, guess=0.25, slip=0.1)
RATES = (0.25, 0.15, -1.1, 3.3)
CHOICE = Item("choice", ItemKind.EXERCISE, "single-choice", ("a",), 0.25, 2, 1.0, transfer=False)
SKILLS = ("a", "b")
LAYOUT = Layout(skills=len(SKILLS), items=0, links=0)
USUAL = Plan(
    dict.fromkeys(SKILLS, OWN),
    Terms(),
    {skill: SkillTier(Tier.HISTORY, Why.FITTED) for skill in SKILLS},
    ModelParameters(
        rates=dict.fromkeys(SKILLS, RATES),
        usual_rates=RATES,
        skills={skill: place for place, skill in enumerate(SKILLS)},
        items={},
        links={},
        weights=tuple(usual_weights(LAYOUT)),
        gains=Gains(),
    ),
)
"""A fitted plan as it is before anybody's own answers: with what terms usually weigh."""


def cards(plan: Plan, *, learners: int, length: int) -> Iterator[Expectation]:
    """What is expected of each answer of learners who differ, over days and two skills."""
    chance = random.Random(7)
    for _ in range(learners):
        states: dict[str, SkillState] = {}
        trace, at, able = FRESH, 0.0, chance.uniform(0.2, 0.95)
        for number in range(1, length + 1):
            skills = chance.choice([("a",), ("b",), ("a", "b")])
            item = replace(CHOICE, id=f"item {chance.randrange(12)}", skills=skills)
            at += chance.choice([60.0, 90.0, 3_600.0, DAY, 9 * DAY, 40 * DAY])
            difficulty = chance.gauss(0.0, 0.8)
            expected = expect(plan, states, trace, item, difficulty=difficulty, at=at)
            assert expected is not None
            yield expected
            outcome = Outcome.CORRECT if chance.random() < able else Outcome.WRONG
            answer = Answer(number, item, outcome, 0, at)
            folded = fold(plan, states, trace, answer, difficulty=difficulty)
            states |= {step.skill: step.state for step in folded.steps}
            trace = folded.trace


def expected_of(*terms: ExpectationTerm) -> Expectation:
    return Expectation(0.5, 0.5, 0.5, 0.0, 0.0, terms, {})


def test_every_term_belongs_to_a_family() -> None:
    told = {block.name.lower() for block in Block} - {"start", "skill", "item"}
    assert set(FAMILIES) == told | set(RECORD_TERMS)
    assert set(FAMILIES.values()) == set(Family)


def test_no_card_tells_a_thing_twice_or_both_ways() -> None:
    layers: Counter[int] = Counter()
    for expected in cards(USUAL, learners=40, length=25):
        told = expected.told(most=4)
        families = [each.family for each in told]
        assert len(families) == len(set(families))
        for family, value, layer in told:
            parts = [term for term in expected.terms if FAMILIES[term.key] == family]
            assert value == pytest.approx(sum(term.value for term in parts))
            share = sum(term.value for term in parts if term.layer == layer)
            assert (share > 0.0) is (value > 0.0)
            layers[layer] += 1
        assert [abs(each.value) for each in told] == sorted(
            (abs(each.value) for each in told), reverse=True
        )
    assert min(layers[1], layers[2]) > 100


def test_a_run_of_right_answers_is_told_in_one_sum_with_what_corrects_it() -> None:
    """Trust is below 0 by design: by itself it would say the opposite of the run."""
    expected = expected_of(
        ExpectationTerm("answers", 1.5, 1),
        ExpectationTerm("trust", -0.9, 2),
        ExpectationTerm("history", 0.3, 2),
    )
    (told,) = expected.told(most=3)
    assert (told.family, told.layer) == (Family.ANSWERS, 1)
    assert told.value == pytest.approx(0.9)


def test_what_outweighs_the_record_is_told_as_what_sharpens() -> None:
    expected = expected_of(
        ExpectationTerm("ability", 0.2, 1),
        ExpectationTerm("ability", -0.5, 2),
        ExpectationTerm("familiar", -0.2, 2),
    )
    (told,) = expected.told(most=3)
    assert (told.family, told.layer) == (Family.ABILITY, 2)
    assert told.value == pytest.approx(-0.5)


def test_what_comes_to_nothing_is_not_told() -> None:
    assert expected_of(ExpectationTerm("pace", 0.05, 2)).told(most=3) == ()
    even = expected_of(ExpectationTerm("elapsed", 1.0, 1), ExpectationTerm("spacing", -1.0, 2))
    assert even.told(most=3) == ()
    many = expected_of(*[ExpectationTerm(key, 1.0, 1) for key in RECORD_TERMS])
    assert len(many.told(most=3)) == 3
