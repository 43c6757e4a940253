"""When and what is reviewed."""

import pytest

from engine import Rule
from tests.engine.worlds import DAY, POLICY, C, R, W, Walk, chain, curriculum


def test_a_mastered_skill_is_reviewed_when_recall_has_fallen() -> None:
    walk = chain().masters("a").answers(("b-e0", C))
    assert walk.next(days=11.0).reason.skill == "b"
    review = walk.next(days=12.0)
    assert (review.reason.rule, review.reason.skill) == (Rule.REVIEW, "a")
    assert review.reason.terms["recall"] < POLICY.review_recall


def test_the_most_forgotten_skill_is_reviewed_first() -> None:
    walk = chain().masters("a")
    walk.at += 3 * DAY
    walk.masters("b")
    assert walk.next(days=20.0).reason.skill == "a"


@pytest.mark.parametrize(("share", "rule"), [(0.0, Rule.REVIEW), (0.25, Rule.PRACTISE)])
def test_reviews_stop_at_their_share(share: float, rule: Rule) -> None:
    walk = chain().masters("a").answers(("b-e0", C))
    assert walk.next(days=12.0, share_reviewed=share).reason.rule is rule


def test_at_most_one_item_in_four_is_a_review_while_there_is_other_work() -> None:
    skills: dict[str, list[str]] = {
        name: [] for name in ("s0", "s1", "s2", "s3", "s4", "s5", "last")
    }
    walk = Walk(curriculum(skills)).masters(*(f"s{n}" for n in range(6)))
    walk.at += 30 * DAY
    walk.answers(("last-e0", W))
    rules = []
    for turn in range(12):
        choice = walk.next(seed=turn)
        rules.append(choice.reason.rule)
        assert choice.item is not None
        outcome = R if "explained" in choice.item or "worked" in choice.item else (C, W)[turn % 2]
        walk.answers((choice.item, C if choice.reason.rule is Rule.REVIEW else outcome))
    reviews = [turn for turn, rule in enumerate(rules) if rule is Rule.REVIEW]
    assert reviews == [0, 4, 8]


def test_when_nothing_else_is_open_reviews_follow_each_other() -> None:
    walk = chain().masters("a", "b", "c")
    assert walk.next(days=60.0, share_reviewed=1.0).reason.rule is Rule.REVIEW


def test_a_failed_review_makes_the_skill_practised_again() -> None:
    walk = chain().masters("a", "b", "c")
    walk.at += 60 * DAY
    walk.answers(("a-e6", W))
    assert walk.next().reason.rule in (Rule.LESSON, Rule.PRACTISE)
    assert walk.next().reason.skill == "a"


def test_a_failed_review_after_many_answers_does_not_park() -> None:
    walk = chain().answers(*((f"a-e{n % 8}", (C, W)[n % 2]) for n in range(22)))
    walk.masters("a")
    walk.at += 60 * DAY
    walk.answers(("a-e6", W), ("a-explained", R), ("a-worked", R))
    assert walk.next().reason.rule is Rule.PRACTISE


def test_the_end_says_when_the_next_review_is_due() -> None:
    walk = chain().masters("a", "b", "c")
    finished = walk.next()
    due = finished.reason.terms["next_review"]
    assert 11 * DAY < due - walk.at < 12 * DAY
    assert walk.next(days=12.0).reason.rule is Rule.REVIEW
