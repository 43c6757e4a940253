"""Which exercise of a skill is served."""

from dataclasses import replace

import pytest

from engine import Policy, Rule
from tests.engine.worlds import POLICY, C, R, W, Walk, chain, curriculum, exercise, lesson

ONE_LESSON = Policy(second_lesson_after=4)
"""The second lesson waits, so that what happens between two questions is seen alone."""


def test_an_unseen_exercise_comes_before_a_seen_one() -> None:
    walk = chain().answers(*((f"a-e{n}", (C, W)[n % 2]) for n in range(7)), ("a-explained", R))
    walk.answers(("a-worked", R)).set_mastery("a", 0.7)
    assert walk.next().item == "a-e7"


def test_when_all_are_seen_the_one_not_seen_for_longest_comes_back() -> None:
    order = (3, 0, 5, 1, 7, 2, 6, 4)
    walk = chain().answers(("a-explained", R), ("a-worked", R))
    walk.answers(*((f"a-e{n}", (C, W)[n % 2]) for n in order)).set_mastery("a", 0.6)
    choice = walk.next()
    assert (choice.item, choice.runner_up) == ("a-e3", "a-e0")


def test_the_exercise_nearest_the_target_is_the_likeliest() -> None:
    walk = Walk(curriculum({"a": []}, guesses=(0.02, 0.5, 0.1, 0.1)))
    walk.answers(("a-e3", W), ("a-explained", R), ("a-worked", R)).set_mastery("a", 0.2)
    choice = walk.next()
    assert choice.candidates[0].item == "a-e1"
    assert choice.candidates[0].predicted == pytest.approx(0.58)
    assert choice.candidates[0].score == pytest.approx(1.0 - (POLICY.target - 0.58))
    assert choice.candidates[0].probability > choice.candidates[1].probability


@pytest.mark.parametrize("mastery", [None, 0.5, 0.9])
def test_a_test_asks_what_tells_most_a_minute(mastery: float | None) -> None:
    walk = Walk(curriculum({"a": []}, guesses=(0.25, 0.02, 0.1, 0.5)))
    if mastery is not None:
        walk.answers(("a-e3", C)).set_mastery("a", mastery)
    choice = walk.next(policy=ONE_LESSON)
    assert [it.item for it in choice.candidates[:3]] == ["a-e1", "a-e2", "a-e0"]
    assert choice.candidates[0].score > choice.candidates[1].score > 0.0


def hard_start(*, easy: float) -> Walk:
    """The last question was below the floor; of those left, one may be above it."""
    walk = Walk(curriculum({"a": []}, guesses=(0.02, 0.02, 0.02, easy)))
    return walk.answers(("a-explained", R), ("a-e0", W)).set_mastery("a", 0.2)


@pytest.mark.parametrize("seed", range(20))
def test_no_question_below_the_floor_follows_another(seed: int) -> None:
    assert hard_start(easy=0.4).next(seed=seed, policy=ONE_LESSON).item == "a-e3"


@pytest.mark.parametrize("seed", range(20))
def test_one_question_below_the_floor_may_follow_a_lesson(seed: int) -> None:
    walk = Walk(curriculum({"a": []}, guesses=(0.02,) * 6)).answers(("a-e0", W), ("a-explained", R))
    choice = walk.next(seed=seed, policy=ONE_LESSON)
    assert choice.reason.rule is Rule.PRACTISE
    assert choice.reason.terms["predicted"] < POLICY.floor


def test_where_all_questions_are_below_the_floor_an_unread_lesson_comes_between() -> None:
    choice = hard_start(easy=0.02).next(policy=ONE_LESSON)
    assert (choice.reason.rule, choice.item) == (Rule.SECOND_LESSON, "a-worked")
    assert choice.reason.counterfactual.key == "easier-question"
    assert choice.reason.terms["predicted"] < choice.reason.terms["floor"]


def test_where_nothing_easier_is_left_the_easiest_question_is_asked() -> None:
    walk = hard_start(easy=0.1).answers(("a-worked", R), ("a-e1", W)).set_mastery("a", 0.2)
    choice = walk.next(policy=ONE_LESSON)
    assert (choice.reason.rule, choice.item) == (Rule.PRACTISE, "a-e3")


def test_withdrawn_items_are_never_served() -> None:
    everything = {f"a-e{n}" for n in range(8)}
    assert chain().next(withdrawn=everything - {"a-e6"}).item == "a-e6"
    assert chain().next(withdrawn=everything).reason.rule is Rule.STUCK
    walk = chain().answers(("a-e0", W))
    assert walk.next(withdrawn={"a-explained"}).item == "a-worked"
    mastered = chain().answers(*((f"a-e{n}", C) for n in range(4)))
    assert mastered.next(withdrawn={"a-case"}).reason.skill == "b"


def test_an_exercise_of_two_skills_waits_until_both_are_open() -> None:
    both = exercise("both", "a", "b")
    what = curriculum({"a": [], "b": ["a"]}, guesses=(0.25, 0.25), extra=[both])
    walk = Walk(what)
    assert all(walk.next(seed=seed).item != "both" for seed in range(30))
    walk.answers(("a-e0", C), ("a-e1", C), ("a-e0", C), ("a-e1", C), ("a-case", C))
    walk.set_mastery("a", 0.99)
    wide = replace(POLICY, near=0.5)
    assert "both" in {walk.next(seed=seed, policy=wide).item for seed in range(30)}


def test_the_same_lesson_is_not_read_twice_for_two_skills() -> None:
    shared = lesson("shared", "a", "b", form="shared")
    what = curriculum({"a": [], "b": []}, extra=[shared])
    walk = Walk(what).answers(("a-e0", W), ("shared", R))
    assert walk.next(policy=ONE_LESSON).reason.rule is Rule.PRACTISE


def test_an_easy_question_just_seen_is_not_asked_again_for_being_easy() -> None:
    walk = Walk(curriculum({"a": []}, guesses=(0.5, 0.02, 0.02, 0.02)))
    walk.answers(("a-explained", R), ("a-e0", C)).set_mastery("a", 0.2)
    walk.answers(("a-e1", W)).set_mastery("a", 0.2)
    assert walk.next(policy=ONE_LESSON).reason.rule is Rule.SECOND_LESSON
    rested = walk.answers(("a-worked", R), ("a-e2", W), ("a-e3", W)).set_mastery("a", 0.2)
    assert rested.next(policy=ONE_LESSON).item == "a-e0"
