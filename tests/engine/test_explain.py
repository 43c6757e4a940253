import random

import pytest

from engine import Answer, SkillParameters, explain_choice, explain_update, respond
from tests.engine.worlds import USUAL, C, D, R, W, Walk, curriculum, exercise, lesson

FORGETFUL = SkillParameters(prior=0.4, learn=0.15, guess=0.2, slip=0.12, forget=0.05)


@pytest.mark.parametrize("seed", range(8))
def test_the_terms_of_an_update_sum_to_the_change(seed: int) -> None:
    chance = random.Random(seed)
    item = exercise("e", guess=chance.random() * 0.5)
    given = Answer(1, item, chance.choice((C, W, D)), chance.randrange(3), 1.0)
    (step,) = respond({}, given, {"a": FORGETFUL})
    terms = explain_update(step, given, FORGETFUL)
    assert sum(term.value for term in terms) == pytest.approx(step.after - step.before, abs=1e-12)
    assert [term.weight for term in terms] == sorted((it.weight for it in terms), reverse=True)


def test_what_did_not_happen_is_not_a_term() -> None:
    given = Answer(1, exercise("e"), C, 0, 1.0)
    (step,) = respond({}, given, {"a": USUAL})
    assert {term.key for term in explain_update(step, given, USUAL)} == {"answer", "learning"}


def test_reading_has_no_terms() -> None:
    given = Answer(1, lesson("l"), R, 0, 1.0)
    (step,) = respond({}, given, {"a": USUAL})
    assert explain_update(step, given, USUAL) == ()


def test_the_term_that_decided_a_choice_comes_first() -> None:
    walk = Walk(curriculum({"a": []})).answers(("a-e0", W), ("a-explained", R))
    walk.answers(*((f"a-e{n}", W) for n in (1, 2)), ("a-e3", C), ("a-e4", W))
    choice = walk.next()
    terms = explain_choice(choice)
    assert {term.key: term.value for term in terms} == dict(choice.reason.terms)
    parked = Walk(curriculum({"a": []})).parks("a").next()
    assert explain_choice(parked)[0].key == "latest_correct"
