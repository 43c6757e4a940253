"""When recommend fails, something sensible is still served."""

import math

import pytest

from engine import Curriculum, Recommendation, Rule, Skill, SkillState, fallback, recommend
from tests.engine.worlds import POLICY, C, W, Walk, curriculum

CHAIN = {"a": [], "b": ["a"]}


def ask(walk: Walk, *, withdrawn: frozenset[str] = frozenset()) -> Recommendation:
    return fallback(walk.curriculum, walk.states, seed=1, withdrawn=withdrawn)


def test_it_serves_the_first_skill_not_mastered_in_fixed_order() -> None:
    walk = Walk(curriculum(CHAIN))
    assert ask(walk).item == "a-e0"
    walk.answers(("a-e0", C))
    assert ask(walk).item == "a-e1"
    walk.answers(*((f"a-e{n}", C) for n in range(1, 4)))
    assert ask(walk).item == "b-e0"


def test_it_serves_what_was_not_seen_for_longest() -> None:
    walk = Walk(curriculum(CHAIN))
    walk.answers(*((f"a-e{n}", W) for n in (2, 4, 0, 1, 3, 5, 6, 7)))
    assert ask(walk).item == "a-e2"


def test_it_survives_a_mastery_that_is_not_a_number() -> None:
    walk = Walk(curriculum(CHAIN)).answers(("a-e0", C)).set_mastery("a", math.nan)
    with pytest.raises(ValueError, match="nan"):
        walk.next()
    choice = ask(walk)
    assert (choice.item, choice.reason.rule, choice.reason.skill) == ("a-e1", Rule.FALLBACK, "a")
    assert Recommendation.from_record(choice.to_record()) == choice


def test_an_empty_curriculum_is_finished() -> None:
    empty = Curriculum(skills=(), items=())
    choice = fallback(empty, {}, seed=1)
    assert (choice.item, choice.reason.rule) == (None, Rule.FINISHED)
    planned = recommend(empty, {}, {}, policy=POLICY, at=0.0, number=1, seed=1)
    assert (planned.item, planned.reason.rule) == (None, Rule.FINISHED)


def test_skills_without_items_are_stuck_not_an_error() -> None:
    bare = Curriculum(skills=(Skill("a"),), items=())
    states: dict[str, SkillState] = {}
    assert fallback(bare, states, seed=1).reason.rule is Rule.STUCK


def test_withdrawn_items_are_left_out() -> None:
    walk = Walk(curriculum(CHAIN))
    assert ask(walk, withdrawn=frozenset({"a-e0"})).item == "a-e1"
    gone = frozenset(f"{skill}-e{n}" for skill in "ab" for n in range(8))
    assert ask(walk, withdrawn=gone).reason.rule is Rule.STUCK


def test_when_all_is_mastered_it_is_finished() -> None:
    assert ask(Walk(curriculum(CHAIN)).masters("a", "b")).reason.rule is Rule.FINISHED
