"""When a skill is set aside, what is tried then, and how a person's help opens it again."""

import pytest

from engine import Rule, Standing, skill_standing
from tests.engine.worlds import POLICY, C, R, W, Walk, chain, curriculum, exercise, parked_b


def test_the_skill_parked_last_is_helped_first() -> None:
    walk = Walk(curriculum({"a": [], "b": []})).parks("b").parks("a")
    assert walk.next().item == "a-worked"
    assert walk.answers(("a-worked", R)).next().item == "b-worked"


def test_a_parked_skill_does_not_hold_up_those_that_do_not_need_it() -> None:
    walk = Walk(curriculum({"a": [], "b": [], "c": ["a"]})).parks("a").answers(("a-worked", R))
    assert walk.next().reason.skill == "b"
    walk.masters("b")
    tried = walk.next().reason
    assert (tried.rule, tried.skill) == (Rule.PRACTISE, "a")


def test_a_prerequisite_parked_itself_is_not_asked_about() -> None:
    both = exercise("both", "a", "b")
    walk = Walk(curriculum({"a": [], "b": ["a"]}, extra=[both])).masters("a")
    for skill in "ab":
        walk.answers((f"{skill}-explained", R), (f"{skill}-worked", R))
    walk.answers(*[("both", W)] * 12)
    assert walk.next().item == "a-worked"
    assert walk.answers(("a-worked", R)).next().item == "b-worked"
    tried = walk.answers(("b-worked", R)).next().reason
    assert (tried.rule, tried.skill) == (Rule.PRACTISE, "a")


def test_help_from_a_person_opens_a_parked_skill_again() -> None:
    walk = parked_b().answers(("b-worked", R), ("a-e5", C))
    helped = walk.next(unparked={"b": walk.number + 1})
    assert (helped.reason.rule, helped.reason.skill) == (Rule.PRACTISE, "b")


def test_help_lasts_as_long_as_the_record_and_then_the_skill_is_parked_again() -> None:
    walk = parked_b().answers(("b-worked", R), ("a-e5", C))
    since = walk.number + 1
    walk.answers(*((f"b-e{n % 8}", W) for n in range(11)))
    assert walk.next(unparked={"b": since}).reason.rule is Rule.PRACTISE
    walk.answers(("b-e3", W))
    assert walk.next(unparked={"b": since}).reason.rule is Rule.WORKED_EXAMPLE


def test_the_second_chance_ends_with_the_record_even_for_those_half_right() -> None:
    walk = parked_b().answers(("b-worked", R), ("a-e5", C))
    since = walk.number + 1
    walk.answers(*((f"b-e{n % 8}", (W, C)[n % 2]) for n in range(15)))
    assert walk.next(unparked={"b": since}).reason.rule is Rule.PRACTISE
    walk.answers(("b-e7", C))
    assert walk.next(unparked={"b": since}).reason.rule is Rule.WORKED_EXAMPLE


@pytest.mark.parametrize(
    ("answers", "parked"),
    [
        ("W" * 11, False),
        ("W" * 12, True),
        ("WWWWWWWWWCCC", False),
        ("WWWWWWWWWCWC", True),
        ("CWCWCWCWCWCW", False),
        ("CW" * 11 + "C", False),
        ("CW" * 12, False),
        ("CW" * (POLICY.park_limit // 2), True),
    ],
)
def test_when_a_skill_is_parked(*, answers: str, parked: bool) -> None:
    walk = chain()
    walk.answers(*((f"a-e{n % 8}", C if mark == "C" else W) for n, mark in enumerate(answers)))
    standing = skill_standing(walk.curriculum, walk.states, "a", policy=POLICY)
    assert (standing is Standing.PARKED) == parked


@pytest.mark.parametrize(
    ("answers", "key"),
    [("W" * 12, "more-correct-lately"), ("CW" * (POLICY.park_limit // 2), "mastered")],
)
def test_the_counterfactual_of_parking_names_the_limit_that_was_met(answers: str, key: str) -> None:
    walk = chain().answers(("a-explained", R))
    walk.answers(*((f"a-e{n % 8}", C if mark == "C" else W) for n, mark in enumerate(answers)))
    choice = walk.next()
    assert (choice.reason.rule, choice.reason.counterfactual.key) == (Rule.WORKED_EXAMPLE, key)


def test_the_terms_of_parking_are_the_answers_looked_at() -> None:
    walk = chain().answers(("a-explained", R), ("a-worked", R))
    walk.answers(*((f"a-e{n % 8}", W) for n in range(9)))
    terms = walk.answers(("a-e0", C), ("a-e1", W), ("a-e2", C)).next().reason.terms
    assert (terms["latest"], terms["latest_correct"], terms["effort"]) == (6.0, 2.0, 12.0)
