"""The truth table of the recommender: one row a situation, its rule and what it serves."""

import json
from collections.abc import Callable
from functools import partial

import pytest

from engine import Item, Policy, Recommendation, Rule, Standing, skill_standing, standings
from engine.choice import unit
from engine.standing import needed_streak
from tests.engine.worlds import (
    DAY,
    NINE,
    POLICY,
    C,
    D,
    Event,
    R,
    W,
    Walk,
    chain,
    curriculum,
    exercise,
)


def parked_b() -> Walk:
    return chain().masters("a").parks("b")


def give_up(walk: Walk, skill: str) -> Walk:
    """Miss until only a person can help."""
    misses = POLICY.park_limit - walk.states[skill].effort
    return walk.answers(*((f"{skill}-e{n % 8}", W) for n in range(misses)))


SITUATIONS: list[tuple[str, Callable[[], Walk], Rule, str | None, str]] = [
    ("a newcomer is tested first", chain, Rule.OPEN_SKILL, "a", "a-e"),
    (
        "a success goes on to another exercise",
        lambda: chain().answers(("a-e0", C)),
        Rule.PRACTISE,
        "a",
        "a-e",
    ),
    (
        "the first miss brings the lesson",
        lambda: chain().answers(("a-e0", W)),
        Rule.LESSON,
        "a",
        "a-explained",
    ),
    (
        "I do not know brings the lesson too",
        lambda: chain().answers(("a-e0", D)),
        Rule.LESSON,
        "a",
        "a-explained",
    ),
    (
        "after the lesson and the worked case practice goes on",
        lambda: chain().answers(("a-e0", W), ("a-explained", R), ("a-worked", R)),
        Rule.PRACTISE,
        "a",
        "a-e",
    ),
    (
        "who probably knows it is asked again before a lesson",
        lambda: chain().answers(("a-e6", C), ("a-e0", W)),
        Rule.PRACTISE,
        "a",
        "a-e",
    ),
    (
        "the lesson is followed by one in another format",
        lambda: chain().answers(("a-e0", W), ("a-explained", R)),
        Rule.SECOND_LESSON,
        "a",
        "a-worked",
    ),
    (
        "a mastered skill opens the next on the same day",
        lambda: chain().answers(*((f"a-e{n}", C) for n in range(4))),
        Rule.OPEN_SKILL,
        "b",
        "b-e",
    ),
    (
        "two days later it meets its transfer case",
        lambda: chain().answers(*((f"a-e{n}", C) for n in range(4))).waits(2),
        Rule.TRANSFER,
        "a",
        "a-case",
    ),
    (
        "a failed transfer case goes back to practice",
        lambda: (
            chain()
            .answers(*((f"a-e{n}", C) for n in range(4)))
            .waits(2)
            .answers(("a-case", W), ("a-explained", R))
        ),
        Rule.PRACTISE,
        "a",
        "a-e",
    ),
    (
        "mastered again, the transfer case gets its second try",
        lambda: (
            chain()
            .answers(*((f"a-e{n}", C) for n in range(4)))
            .waits(2)
            .answers(("a-case", W), ("a-explained", R), *((f"a-e{n}", C) for n in range(4, 8)))
        ),
        Rule.TRANSFER,
        "a",
        "a-case",
    ),
    (
        "a transfer case failed twice is left, the next skill opens",
        lambda: chain().answers(
            *((f"a-e{n}", C) for n in range(4)),
            ("a-case", W),
            ("a-explained", R),
            *((f"a-e{n}", C) for n in range(4, 8)),
            ("a-case", W),
            *((f"a-e{n}", C) for n in range(4)),
        ),
        Rule.OPEN_SKILL,
        "b",
        "b-e",
    ),
    (
        "a finished skill opens the one that needs it",
        lambda: chain().masters("a"),
        Rule.OPEN_SKILL,
        "b",
        "b-e",
    ),
    (
        "a parked skill brings its worked example",
        parked_b,
        Rule.WORKED_EXAMPLE,
        "b",
        "b-worked",
    ),
    (
        "then a check of its weakest prerequisite",
        lambda: parked_b().answers(("b-worked", R)),
        Rule.CHECK_PREREQUISITE,
        "b",
        "a-e",
    ),
    (
        "then it is tried again, as nothing else is open",
        lambda: parked_b().answers(("b-worked", R), ("a-e5", C)),
        Rule.PRACTISE,
        "b",
        "b-e",
    ),
    (
        "in the end it is left for a person, and what needs it stays locked",
        lambda: give_up(parked_b(), "b").answers(("b-worked", R), ("a-e5", C)),
        Rule.STUCK,
        None,
        "",
    ),
    (
        "a prerequisite that fails its check is practised again",
        lambda: (
            parked_b().answers(("b-worked", R)).waits(2).answers(("a-e5", W), ("a-explained", R))
        ),
        Rule.PRACTISE,
        "a",
        "a-e",
    ),
    (
        "when all is finished nothing is served",
        lambda: chain().masters("a", "b", "c"),
        Rule.FINISHED,
        None,
        "",
    ),
]


@pytest.mark.parametrize(
    ("walk", "rule", "skill", "item"),
    [row[1:] for row in SITUATIONS],
    ids=[row[0].replace(" ", "-") for row in SITUATIONS],
)
def test_the_rule_that_fires(
    walk: Callable[[], Walk], rule: Rule, skill: str | None, item: str
) -> None:
    choice = walk().next()
    assert (choice.reason.rule, choice.reason.skill) == (rule, skill)
    assert (choice.item or "").startswith(item)
    assert (choice.item is None) == (rule in (Rule.FINISHED, Rule.STUCK))


def test_the_learner_stays_on_the_skill_in_hand() -> None:
    walk = Walk(curriculum(NINE)).masters("s1").answers(("s7-e0", C))
    assert walk.next().reason.skill == "s7"
    assert walk.answers(("s3-e0", C)).next().reason.skill == "s3"
    assert walk.answers(("s7-e1", C)).next().reason.skill == "s7"


def test_the_skill_parked_last_is_helped_first() -> None:
    walk = Walk(curriculum({"a": [], "b": []})).parks("b").parks("a")
    assert walk.next().item == "a-worked"
    assert walk.answers(("a-worked", R)).next().item == "b-worked"


def test_the_skill_that_most_others_need_opens_first() -> None:
    walk = Walk(curriculum(NINE)).masters("s1")
    assert walk.next().reason.skill == "s2"


def test_a_skill_is_locked_until_every_prerequisite_is_mastered() -> None:
    walk = Walk(curriculum({"a": [], "b": [], "c": ["a", "b"]})).masters("a")
    assert walk.next().reason.skill == "b"
    assert walk.masters("b").next().reason.skill == "c"


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
        ("WWWWWWWWWWCC", True),
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
    ("mastery", "events", "mastered"),
    [
        (POLICY.mastered, [("a-e0", C), ("a-e1", C)], True),
        (POLICY.mastered - 0.0001, [("a-e0", C), ("a-e1", C)], False),
        (0.99, [("a-e0", C)] * 4, False),
        (0.99, [("a-e1", C)], False),
        (0.99, [("a-e1", C), ("a-e4", C, 1)], False),
        (0.99, [("a-e1", C), ("a-e4", C, 1), ("a-e0", C)], True),
        (0.99, [("a-e0", W), ("a-e1", C), ("a-e2", C)], True),
        (0.99, [("a-e1", C), ("a-e2", C), ("a-e5", W)], True),
        (0.99, [("a-e1", C), ("a-e2", C), ("a-e5", W), ("a-e6", D)], False),
        (POLICY.kept - 0.0001, [("a-e1", C), ("a-e2", C), ("a-e5", W)], False),
    ],
)
def test_when_a_skill_is_mastered(*, mastery: float, events: list[Event], mastered: bool) -> None:
    walk = chain().answers(*events).set_mastery("a", mastery)
    standing = skill_standing(walk.curriculum, walk.states, "a", policy=POLICY)
    assert (standing is Standing.MASTERED) == mastered


def test_a_miss_days_later_is_no_slip() -> None:
    walk = chain().answers(("a-e1", C), ("a-e2", C)).waits(2).answers(("a-e5", W))
    walk.set_mastery("a", 0.99)
    standing = skill_standing(walk.curriculum, walk.states, "a", policy=POLICY)
    assert standing is Standing.PRACTISING


def test_each_fall_back_asks_for_one_more_success_up_to_the_most() -> None:
    policy = Policy(first_streak=2, streak=4)
    asked = []
    for marks in ("CC", "WCC", "CWCC", "CWCWCC", "CWCWCWCC"):
        walk = chain().answers(*((f"a-e{n}", C if it == "C" else W) for n, it in enumerate(marks)))
        asked.append(needed_streak(walk.states["a"], policy))
    assert asked == [2, 2, 3, 4, 4]


def test_a_better_prediction_chooses_another_item() -> None:
    walk = chain().answers(("a-e0", W), ("a-explained", R), ("a-worked", R))
    walk.set_mastery("a", 0.2)
    for wanted in ("a-e3", "a-e7"):
        better = {item.id: 0.75 * (item.id == wanted) for item in walk.curriculum.items}
        choice = walk.next(expected=partial(predicted_by, better))
        assert choice.candidates[0].item == wanted


def predicted_by(better: dict[str, float], item: Item) -> float:
    return better[item.id]


def test_standings_name_every_skill() -> None:
    walk = Walk(curriculum(NINE)).masters("s1").answers(("s2-e0", C)).parks("s7")
    found = standings(walk.curriculum, walk.states, policy=POLICY, at=walk.at + 60 * DAY)
    assert found["s1"] is Standing.REVIEW_DUE
    assert found["s2"] is Standing.PRACTISING
    assert found["s3"] is Standing.NOT_STARTED
    assert found["s4"] is Standing.LOCKED
    assert found["s7"] is Standing.PARKED


def every_situation() -> list[Recommendation]:
    return [row[1]().next() for row in SITUATIONS]


def test_every_recommendation_survives_its_record_as_json_text_exactly() -> None:
    for choice in every_situation():
        record = json.loads(json.dumps(choice.to_record(), allow_nan=False))
        assert Recommendation.from_record(record) == choice


def test_the_same_arguments_give_the_same_recommendation() -> None:
    for row in SITUATIONS:
        assert row[1]().next(seed=99) == row[1]().next(seed=99)


def test_the_seed_draws_among_good_exercises() -> None:
    assert len({chain().next(seed=seed).item for seed in range(40)}) >= 4


def test_the_draw_can_be_made_again_from_the_record() -> None:
    for seed in range(1_000):
        choice = Recommendation.from_record(chain().next(seed=seed).to_record())
        point = unit(choice.seed, 1)
        for candidate in choice.candidates:
            point -= candidate.probability
            if point < 0.0:
                break
        assert candidate.item == choice.item


def test_the_runner_up_is_the_best_not_chosen() -> None:
    for seed in range(20):
        choice = chain().next(seed=seed)
        others = [it.item for it in choice.candidates if it.item != choice.item]
        assert choice.runner_up == others[0]
        assert choice.item in {it.item for it in choice.candidates}


def test_only_the_best_candidates_are_kept_and_all_are_counted() -> None:
    walk = Walk(curriculum({"a": []}, guesses=(0.25,) * 40))
    for seed in range(30):
        choice = walk.next(seed=seed)
        assert (len(choice.candidates), choice.considered) == (12, 40)
        assert choice.item in {it.item for it in choice.candidates}


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
    walk.answers(*((f"a-e{n % 8}", W) for n in range(10)))
    terms = walk.answers(("a-e0", C), ("a-e1", C)).next().reason.terms
    assert (terms["latest"], terms["latest_correct"], terms["effort"]) == (6.0, 2.0, 12.0)


def test_every_reason_has_terms_and_a_counterfactual() -> None:
    for choice in every_situation():
        assert choice.reason.terms
        assert choice.reason.counterfactual.key
        assert choice.policy == "rules-2"


@pytest.mark.parametrize("mastery", [float("nan"), 1.5, -0.1])
def test_a_mastery_that_is_no_probability_is_refused(mastery: float) -> None:
    walk = chain().answers(("a-e0", C)).set_mastery("a", mastery)
    with pytest.raises(ValueError, match="mastery of a must be in"):
        walk.next()


def test_a_bad_policy_is_refused_all_at_once() -> None:
    with pytest.raises(
        ValueError, match=r"mastered must be between 0 and 1, got 1\.5; streak must be"
    ):
        Policy(mastered=1.5, streak=0)
