"""What may be shown to others: the parts one by one, then the bars, with simulated answers."""

import random
from functools import cache

import pytest

from engine import (
    FRESH,
    Answer,
    Curriculum,
    Evidence,
    Part,
    Plan,
    SkillParameters,
    SkillState,
    Terms,
    amount_of_evidence,
    assess,
    begin,
    fold,
    missing,
)
from engine.standing import is_mastered
from engine.state import RECENT
from tests.engine.worlds import DAY, POLICY, C, D, R, W, Walk, curriculum

SUCCESSES = [(f"a-e{n}", C) for n in range(8)]


def evidenced() -> Walk:
    walk = Walk(curriculum({"a": []})).answers(*SUCCESSES[:6], ("a-case", C))
    walk.at += 3 * DAY
    return walk.answers(("a-e6", C))


def stand(walk: Walk) -> tuple[Evidence, tuple[Part, ...]]:
    state = walk.states.get("a")
    return assess(state, walk.curriculum, "a"), missing(state, walk.curriculum, "a")


def test_all_parts_together_are_evidence() -> None:
    assert stand(evidenced()) == (Evidence.EVIDENCED, ())


def test_before_an_answer_there_is_none() -> None:
    every = (Part.RUN, Part.TRANSFER, Part.MEMORY)
    assert stand(Walk(curriculum({"a": []}))) == (Evidence.NONE, every)
    assert stand(Walk(curriculum({"a": []})).answers(("a-worked", R))) == (Evidence.NONE, every)


def test_mastery_that_steers_is_not_yet_evidence() -> None:
    walk = Walk(curriculum({"a": []})).masters("a")
    assert is_mastered(walk.states["a"], POLICY)
    assert stand(walk) == (Evidence.SOME, (Part.RUN, Part.MEMORY))


def test_a_transfer_case_passed_with_hints_is_not_passed() -> None:
    walk = Walk(curriculum({"a": []})).answers(*SUCCESSES, ("a-case", C, 1))
    assert Part.TRANSFER in stand(walk)[1]


def without_case() -> Walk:
    return Walk(curriculum({"a": []}, guesses=(0.25,) * 40, transfer=False))


def test_where_there_is_no_transfer_case_a_longer_run_is_asked() -> None:
    walk = without_case().answers(*SUCCESSES)
    assert walk.states["a"].run_shown
    assert stand(walk)[1] == (Part.RUN, Part.MEMORY)
    assert stand(walk.answers(("a-e8", C)))[1] == (Part.MEMORY,)
    walk.at += 3 * DAY
    assert stand(walk.answers(("a-e9", C))) == (Evidence.EVIDENCED, ())


@pytest.mark.parametrize(
    ("outcomes", "shown"),
    [
        ("CCCCCCCC", False),
        ("CCCCCCCCC", True),
        ("CWCCCCCCCC", True),
        ("CWCCWCCCCCC", False),
        ("CWCCWCCCCCCC", True),
        ("CCCCCCCCH", False),
        ("WCCCCCCCHC", False),
        ("CCCCCCCCHC", True),
        ("CCCCCCCCCWWW", True),
        ("WWCCCCCCCWCC", True),
    ],
)
def test_the_longer_run_is_nine_of_ten_different_items(*, outcomes: str, shown: bool) -> None:
    kinds = {"C": (C, 0), "W": (W, 0), "H": (C, 1)}
    walk = without_case()
    walk.answers(*((f"a-e{n}", *kinds[mark]) for n, mark in enumerate(outcomes)))
    assert walk.states["a"].run_shown
    assert (Part.RUN not in stand(walk)[1]) == shown


def test_the_same_items_again_are_no_longer_run() -> None:
    walk = without_case().answers(*SUCCESSES, *SUCCESSES)
    assert Part.RUN in stand(walk)[1]


def test_the_longer_run_holds_while_it_is_among_the_attempts_kept() -> None:
    walk = without_case().answers(*((f"a-e{n}", C) for n in range(9)))
    for n in range(RECENT - 9):
        assert Part.RUN not in stand(walk.answers((f"a-e{n + 9}", W)))[1]
    assert Part.RUN in stand(walk.answers(("a-e0", W)))[1]


def test_successes_on_one_day_do_not_show_memory() -> None:
    walk = Walk(curriculum({"a": []})).answers(*SUCCESSES, ("a-case", C))
    assert stand(walk)[1] == (Part.MEMORY,)


@pytest.mark.parametrize(
    ("outcomes", "shown"),
    [
        ("CCCCCC", False),
        ("CCCCCCC", True),
        ("WCCCCCCC", True),
        ("CCCWCCCC", True),
        ("WWCCCCCC", False),
        ("CCCHCCCC", True),
        ("CHCHCCCC", False),
        ("CDCWCCCC", False),
    ],
)
def test_the_run_is_seven_of_the_last_eight_different_items(*, outcomes: str, shown: bool) -> None:
    kinds = {"C": (C, 0), "W": (W, 0), "D": (D, 0), "H": (C, 1)}
    walk = Walk(curriculum({"a": []}))
    walk.answers(*((f"a-e{n}", *kinds[mark]) for n, mark in enumerate(outcomes[:-1])))
    outcome, hints = kinds[outcomes[-1]]
    walk.set_mastery("a", 0.99).answers((f"a-e{len(outcomes) - 1}", outcome, hints))
    assert walk.states["a"].run_shown == shown


def test_of_each_item_only_the_newest_answer_counts_for_the_run() -> None:
    walk = Walk(curriculum({"a": []})).answers(("a-e0", W), ("a-e1", W))
    walk.answers(*SUCCESSES[:6]).set_mastery("a", 0.99)
    assert not walk.states["a"].run_shown
    assert walk.answers(SUCCESSES[6]).states["a"].run_shown


def test_a_run_without_mastery_is_no_evidence() -> None:
    walk = Walk(curriculum({"a": []})).answers(*SUCCESSES[:6]).set_mastery("a", 0.1)
    assert not walk.answers(SUCCESSES[6]).states["a"].run_shown


def test_the_same_item_again_and_again_is_no_run() -> None:
    walk = Walk(curriculum({"a": []})).answers(*[("a-e0", C), ("a-e1", C)] * 8)
    assert not walk.states["a"].run_shown


def test_evidence_never_falls_silently() -> None:
    walk = evidenced()
    walk.answers(*((f"a-e{n}", W) for n in range(8)))
    assert stand(walk)[0] is Evidence.EVIDENCED


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        (0, "none"),
        (1, "little"),
        (3, "little"),
        (4, "some"),
        (7, "some"),
        (8, "good"),
        (99, "good"),
    ],
)
def test_the_amount_of_evidence_has_a_word(answers: int, word: str) -> None:
    assert amount_of_evidence(answers) == word


# The bars. Each learner answers 30 different four-option questions, a day apart, whatever the
# recommender would do; the transfer case, where there is one, comes when it would, at most twice.
# That is the worst case: nobody is parked, and nobody is sent to a lesson. Answers are weighed as
# the product weighs them, with ability and forgetting.

PEOPLE = 2_000
QUESTIONS = 30
FOUR_OPTIONS = SkillParameters(prior=0.25, learn=0.2, guess=0.25, slip=0.1)
PLAN = Plan({"a": FOUR_OPTIONS}, Terms())
WITH_CASE = curriculum({"a": []}, guesses=(0.25,) * QUESTIONS)
WITHOUT_CASE = curriculum({"a": []}, guesses=(0.25,) * QUESTIONS, transfer=False)

cases = pytest.mark.parametrize("case", [True, False], ids=["with-case", "without-case"])


def questions_until_evidenced(
    chance: random.Random, *, right: float, transfer: float, bank: Curriculum
) -> int | None:
    state: SkillState = begin(FOUR_OPTIONS)
    trace = FRESH
    case = bank.transfer("a")
    exercises = iter(bank.exercises("a"))
    for number in range(1, QUESTIONS + 1):
        owed = not state.transfer_passed and state.transfer_tries < POLICY.transfer_tries
        due = case if owed and is_mastered(state, POLICY) else None
        item = due or next(exercises)
        outcome = C if chance.random() < (right if due is None else transfer) else W
        given = Answer(number, item, outcome, 0, number * DAY)
        folded = fold(PLAN, {"a": state}, trace, given, difficulty=0.0)
        (step,), trace = folded.steps, folded.trace
        state = step.state
        if state.run_shown and assess(state, bank, "a") is Evidence.EVIDENCED:
            return number
    return None


@cache
def simulate(right: float, transfer: float, *, case: bool) -> tuple[float, float]:
    """Share of people ever evidenced, and the mean number of questions it took them."""
    chance = random.Random(2026)
    bank = WITH_CASE if case else WITHOUT_CASE
    taken = [
        questions_until_evidenced(chance, right=right, transfer=transfer, bank=bank)
        for _ in range(PEOPLE)
    ]
    reached = [number for number in taken if number is not None]
    return len(reached) / PEOPLE, sum(reached) / max(len(reached), 1)


@cases
def test_random_guessers_are_not_certified(*, case: bool) -> None:
    share, _ = simulate(0.25, 0.05, case=case)
    assert share <= 0.005


@cases
def test_those_who_rule_out_two_of_four_options_are_rarely_certified(*, case: bool) -> None:
    share, _ = simulate(0.5, 0.10, case=case)
    assert share <= 0.10


@cases
def test_people_who_are_right_85_times_in_100_are_certified(*, case: bool) -> None:
    share, _ = simulate(0.85, 0.85, case=case)
    assert share >= 0.95


@cases
def test_those_who_know_the_skill_need_ten_questions_or_fewer(*, case: bool) -> None:
    share, questions = simulate(0.95, 0.95, case=case)
    assert questions <= 10.0
    assert share >= 0.99
