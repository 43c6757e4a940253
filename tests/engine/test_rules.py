"""The truth table of the recommender: one row a situation, its rule and what it serves."""

import json
from collections.abc import Callable

import pytest

from engine import Recommendation, Rule
from tests.engine.worlds import POLICY, C, D, R, W, Walk, chain, parked_b


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


def every_situation() -> list[Recommendation]:
    return [row[1]().next() for row in SITUATIONS]


def test_every_recommendation_survives_its_record_as_json_text_exactly() -> None:
    for choice in every_situation():
        record = json.loads(json.dumps(choice.to_record(), allow_nan=False))
        assert Recommendation.from_record(record) == choice


def test_the_same_arguments_give_the_same_recommendation() -> None:
    for row in SITUATIONS:
        assert row[1]().next(seed=99) == row[1]().next(seed=99)


def test_every_reason_has_terms_and_a_counterfactual() -> None:
    for choice in every_situation():
        assert choice.reason.terms
        assert choice.reason.counterfactual.key
        assert choice.policy == "rules-4"
