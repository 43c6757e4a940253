import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bkt import SkillParameters, bounded_guess, condition, learn, predict, update

LAW = settings(derandomize=True, deadline=None, database=None, max_examples=60)
probabilities = st.floats(0.0, 1.0)


@st.composite
def skills(draw: st.DrawFn) -> SkillParameters:
    guess = draw(st.floats(0.0, 0.99))
    slip = draw(st.floats(0.0, 0.99).filter(lambda slip: guess + slip < 1.0))
    return SkillParameters(
        prior=draw(probabilities),
        learn=draw(probabilities),
        guess=guess,
        slip=slip,
        forget=draw(probabilities),
    )


def by_enumeration(skill: SkillParameters, answers: list[bool]) -> float:
    """P(known now | answers): the sum over all hidden paths of known and unknown."""
    joint = [0.0, 0.0]
    for path in itertools.product((0, 1), repeat=len(answers) + 1):
        chance = skill.prior if path[0] else 1 - skill.prior
        for (here, there), correct in zip(itertools.pairwise(path), answers, strict=True):
            right = 1 - skill.slip if here else skill.guess
            chance *= right if correct else 1 - right
            rise = 1 - skill.forget if here else skill.learn
            chance *= rise if there else 1 - rise
        joint[path[-1]] += chance
    return joint[1] / sum(joint)


@pytest.mark.parametrize("forget", [0.0, 0.03, 0.4])
@pytest.mark.parametrize("seed", range(5))
def test_mastery_equals_the_sum_over_all_hidden_paths(seed: int, forget: float) -> None:
    chance = random.Random(seed)
    skill = SkillParameters(
        prior=chance.random(),
        learn=chance.random() * 0.6,
        guess=chance.random() * 0.5,
        slip=chance.random() * 0.4,
        forget=forget,
    )
    answers = [chance.random() < 0.6 for _ in range(9)]
    mastery = skill.prior
    for correct in answers:
        mastery = update(mastery, skill, correct=correct)
    assert mastery == pytest.approx(by_enumeration(skill, answers), abs=1e-12)


def test_prediction_is_the_share_of_hidden_cases_that_answer_correctly() -> None:
    skill = SkillParameters(prior=0.3, learn=0.2, guess=0.25, slip=0.1)
    assert predict(0.3, skill) == pytest.approx(0.3 * 0.9 + 0.7 * 0.25, abs=1e-15)


@LAW
@given(probabilities, skills())
def test_a_correct_answer_never_lowers_mastery_in_the_bayes_step(
    mastery: float, skill: SkillParameters
) -> None:
    assert condition(mastery, skill, correct=True) >= mastery - 1e-12


@LAW
@given(probabilities, skills())
def test_a_wrong_answer_never_raises_mastery_in_the_bayes_step(
    mastery: float, skill: SkillParameters
) -> None:
    assert condition(mastery, skill, correct=False) <= mastery + 1e-12


@LAW
@given(mastery=probabilities, skill=skills(), correct=st.booleans())
def test_mastery_and_prediction_stay_probabilities(
    *, mastery: float, skill: SkillParameters, correct: bool
) -> None:
    assert 0.0 <= update(mastery, skill, correct=correct) <= 1.0
    assert skill.guess - 1e-12 <= predict(mastery, skill) <= 1.0 - skill.slip + 1e-12


@LAW
@given(one=probabilities, other=probabilities, skill=skills(), correct=st.booleans())
def test_more_mastery_before_is_never_less_after_the_bayes_step(
    *, one: float, other: float, skill: SkillParameters, correct: bool
) -> None:
    low, high = sorted((one, other))
    low_after = condition(low, skill, correct=correct)
    high_after = condition(high, skill, correct=correct)
    possible = 0.0 < predict(low, skill) < 1.0 and 0.0 < predict(high, skill) < 1.0
    if possible:
        assert low_after <= high_after + 1e-9


@LAW
@given(probabilities, skills())
def test_the_bayes_step_keeps_mastery_on_average(mastery: float, skill: SkillParameters) -> None:
    right = predict(mastery, skill)
    after = right * condition(mastery, skill, correct=True)
    after += (1 - right) * condition(mastery, skill, correct=False)
    assert after == pytest.approx(mastery, abs=1e-12)


@LAW
@given(probabilities, skills())
def test_learning_never_lowers_mastery_where_nothing_is_forgotten(
    mastery: float, skill: SkillParameters
) -> None:
    keeps = SkillParameters(skill.prior, skill.learn, skill.guess, skill.slip)
    assert learn(mastery, keeps) >= mastery - 1e-15


@LAW
@given(skill=skills(), correct=st.booleans())
def test_certainty_is_moved_by_no_possible_answer(*, skill: SkillParameters, correct: bool) -> None:
    assert condition(0.0, skill, correct=correct) == 0.0
    assert condition(1.0, skill, correct=correct) == 1.0


@pytest.mark.parametrize(
    ("mastery", "guess", "slip", "correct"),
    [(0.0, 0.0, 0.1, True), (1.0, 0.25, 0.0, False), (1.0, 0.0, 0.0, False)],
)
def test_an_impossible_answer_leaves_mastery_unchanged(
    *, mastery: float, guess: float, slip: float, correct: bool
) -> None:
    skill = SkillParameters(prior=0.5, learn=0.1, guess=guess, slip=slip)
    assert condition(mastery, skill, correct=correct) == mastery


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((0.2, 0.2, 0.7, 0.4), r"guess \+ slip must be below 1, got 0.7 \+ 0.4"),
        ((-0.1, 0.2, 0.2, 0.1), "prior must be a probability"),
        ((0.2, math.nan, 0.2, 0.1), "learn must be a probability in \\[0, 1\\], got nan"),
        ((1.2, 3.0, 0.2, 0.1), "prior .* got 1.2; learn .* got 3.0"),
    ],
)
def test_bad_parameters_are_refused_all_at_once(
    values: tuple[float, float, float, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        SkillParameters(*values)


@LAW
@given(st.floats(0.0, 0.999), st.floats(0.0, 0.989))
def test_an_items_guess_is_lowered_only_where_guess_and_slip_would_reach_one(
    guess: float, slip: float
) -> None:
    kept = bounded_guess(guess, slip=slip)
    assert kept + slip < 1.0
    assert kept == guess or guess + slip > 0.98
