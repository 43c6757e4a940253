import dataclasses
import itertools
import json
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Answer, Item, Outcome, SkillParameters, SkillState, begin, respond
from engine.learner import weigh_answer
from engine.state import RECENT
from tests.engine.worlds import DAY, USUAL, C, D, Event, R, W, Walk, curriculum, exercise, lesson

LAW = settings(derandomize=True, deadline=None, database=None, max_examples=60)
FORGETFUL = SkillParameters(prior=0.3, learn=0.15, guess=0.2, slip=0.12, forget=0.04)


def answer(item: Item, outcome: Outcome, *, hints: int = 0, number: int = 1) -> Answer:
    return Answer(number, item, outcome, hints, 60.0 * number)


def emission(known: int, given: Answer, skill: SkillParameters) -> float:
    """P(what came back | known or not), written down apart from the engine's own formula."""
    item = given.item
    guess = skill.guess if item.guess is None else item.guess
    right = 1 - skill.slip if known else guess
    match given.outcome:
        case Outcome.DONT_KNOW:
            return 0.0 if known else 1.0
        case Outcome.WRONG:
            return 1 - right
        case _:
            untold = item.hints - given.hints
            return right if item.hints == 0 else math.exp(math.log(right) * untold / item.hints)


def by_enumeration(skill: SkillParameters, given: list[Answer]) -> float:
    joint = [0.0, 0.0]
    for path in itertools.product((0, 1), repeat=len(given) + 1):
        chance = skill.prior if path[0] else 1 - skill.prior
        for (here, there), one in zip(itertools.pairwise(path), given, strict=True):
            rise = 1 - skill.forget if here else skill.learn
            chance *= emission(here, one, skill) * (rise if there else 1 - rise)
        joint[path[-1]] += chance
    return joint[1] / sum(joint)


@pytest.mark.parametrize("seed", range(12))
def test_mastery_equals_the_sum_over_hidden_paths_with_hints_guesses_and_dont_know(
    seed: int,
) -> None:
    chance = random.Random(seed)
    bank = [exercise(f"e{n}", guess=guess) for n, guess in enumerate((None, 0.02, 0.5, 0.33))]
    given = [
        answer(
            chance.choice(bank), chance.choice((C, C, W, D)), hints=chance.randrange(3), number=n
        )
        for n in range(8)
    ]
    states: dict[str, SkillState] = {}
    for one in given:
        for step in respond(states, one, {"a": FORGETFUL}):
            states["a"] = step.state
    assert states["a"].mastery == pytest.approx(by_enumeration(FORGETFUL, given), abs=1e-12)


@LAW
@given(st.floats(0.01, 0.99), st.integers(0, 4))
def test_hints_scale_the_evidence_in_log_odds(mastery: float, hints: int) -> None:
    one = answer(exercise("e", guess=0.25, hints=4), C, hints=hints)
    after = weigh_answer(mastery, one, USUAL)
    log_odds = math.log(mastery / (1 - mastery)) + (1 - hints / 4) * math.log(0.9 / 0.25)
    assert after == pytest.approx(1 / (1 + math.exp(-log_odds)), abs=1e-12)


def test_after_the_last_hint_a_correct_answer_is_no_evidence_but_still_teaches() -> None:
    one = answer(exercise("e", hints=2), C, hints=2)
    assert weigh_answer(0.4, one, USUAL) == pytest.approx(0.4, abs=1e-15)
    (step,) = respond({}, one, {"a": USUAL})
    assert step.after == pytest.approx(0.25 + 0.75 * 0.2, abs=1e-15)


def test_more_hints_than_the_item_has_count_as_all_of_them() -> None:
    one = answer(exercise("e", hints=2), C, hints=5)
    assert weigh_answer(0.4, one, USUAL) == pytest.approx(0.4, abs=1e-15)


def test_hints_do_not_excuse_a_wrong_answer() -> None:
    item = exercise("e")
    plain = respond({}, answer(item, W), {"a": USUAL})
    helped = respond({}, answer(item, W, hints=2), {"a": USUAL})
    assert plain[0].after == helped[0].after


def test_dont_know_cannot_be_a_slip() -> None:
    assert weigh_answer(0.9, answer(exercise("e"), D), USUAL) == 0.0
    (step,) = respond({}, answer(exercise("e"), D), {"a": USUAL})
    assert step.after == USUAL.learn


def test_dont_know_of_someone_sure_to_know_is_impossible_and_changes_nothing() -> None:
    assert weigh_answer(1.0, answer(exercise("e"), D), USUAL) == 1.0


def test_an_items_own_guess_replaces_that_of_the_skill() -> None:
    hard, easy = exercise("hard", guess=0.02), exercise("easy", guess=0.5)
    after_hard = respond({}, answer(hard, C), {"a": USUAL})[0]
    after_easy = respond({}, answer(easy, C), {"a": USUAL})[0]
    assert after_hard.after > after_easy.after
    assert after_hard.predicted == pytest.approx(0.25 * 0.9 + 0.75 * 0.02, abs=1e-15)


def test_an_items_guess_never_makes_a_correct_answer_count_against_mastery() -> None:
    slippery = SkillParameters(prior=0.5, learn=0.0, guess=0.1, slip=0.25)
    after = weigh_answer(0.5, answer(exercise("e", guess=0.95), C), slippery)
    assert after > 0.5


def test_every_skill_of_an_item_is_updated_from_its_own_state() -> None:
    both = exercise("e", "a", "b")
    parameters = {"a": USUAL, "b": FORGETFUL}
    steps = respond({"b": begin(FORGETFUL)._replace(mastery=0.8)}, answer(both, C), parameters)
    alone = respond({}, answer(exercise("e", "a"), C), parameters)
    assert [step.skill for step in steps] == ["a", "b"]
    assert [step.before for step in steps] == [USUAL.prior, 0.8]
    assert steps[0].after == alone[0].after
    assert steps[1].after > 0.8


def test_reading_a_lesson_changes_no_mastery_but_is_remembered() -> None:
    (step,) = respond({}, answer(lesson("l"), R, number=7), {"a": USUAL})
    assert step.before == step.after == USUAL.prior
    assert (step.state.answers, step.state.seen) == (0, {"l": 7})
    assert step.state.recent[0].outcome is R


def test_a_clock_that_steps_back_stands_still() -> None:
    item = exercise("e")
    (first,) = respond({}, Answer(1, item, C, 0, 500.0), {"a": USUAL})
    (second,) = respond({"a": first.state}, Answer(2, item, C, 0, 100.0), {"a": USUAL})
    assert [attempt.at for attempt in second.state.recent] == [500.0, 500.0]


def test_only_the_newest_attempts_are_kept_and_all_are_counted() -> None:
    walk = Walk(curriculum({"a": []}))
    walk.answers(*((f"a-e{n % 8}", C if n % 2 else W) for n in range(20)))
    state = walk.states["a"]
    assert [attempt.number for attempt in state.recent] == list(range(5, 21))
    assert len(state.recent) == RECENT
    assert (state.answers, state.misses, state.streak) == (20, 10, 1)
    assert state.seen["a-e0"] == 17


def test_a_hinted_answer_neither_counts_for_the_streak_nor_ends_it() -> None:
    walk = Walk(curriculum({"a": []}))
    walk.answers(("a-e0", C), ("a-e1", C, 1), ("a-e2", C))
    assert walk.states["a"].streak == 2
    assert walk.answers(("a-e3", D)).states["a"].streak == 0


@pytest.mark.parametrize(
    ("items", "different"),
    [("0", 1), ("00", 1), ("01", 2), ("010", 2), ("0W0", 1), ("01W0", 1), ("0H1", 2), ("01R1", 2)],
)
def test_the_different_items_of_a_streak_are_counted(items: str, different: int) -> None:
    walk = Walk(curriculum({"a": []}))
    others: dict[str, Event] = {"W": ("a-e7", W), "H": ("a-e5", C, 1), "R": ("a-worked", R)}
    walk.answers(*(others.get(mark, (f"a-e{mark}", C)) for mark in items))
    assert walk.states["a"].streak_items == different


def test_only_successes_hours_apart_make_memory_more_stable() -> None:
    walk = Walk(curriculum({"a": []})).answers(("a-e0", C), ("a-e1", C))
    walk.at += DAY
    walk.answers(("a-e2", C))
    state = walk.states["a"]
    assert state.successes == 2
    assert (state.first_success_at, state.last_success_at) == (60.0, 180.0 + DAY)


def test_settling_a_skill_starts_the_effort_afresh() -> None:
    walk = Walk(curriculum({"a": []}))
    walk.answers(*((f"a-e{n}", W) for n in range(3)))
    assert walk.states["a"].effort == 3
    walk.answers(*((f"a-e{n}", C) for n in range(4)))
    assert (walk.states["a"].effort, walk.states["a"].answers) == (0, 7)


@pytest.mark.parametrize(
    ("item", "outcome", "hints", "message"),
    [
        (lesson("l"), C, 0, "lesson l cannot end as correct"),
        (exercise("e"), R, 0, "exercise e cannot end as read"),
        (exercise("e"), C, -1, "hints must be 0 or more, got -1"),
    ],
)
def test_what_cannot_have_happened_is_refused(
    item: Item, outcome: Outcome, hints: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        respond({}, answer(item, outcome, hints=hints), {"a": USUAL})


def test_a_skill_without_parameters_is_refused() -> None:
    with pytest.raises(KeyError, match="unheard-of"):
        respond({}, answer(exercise("e", "unheard-of"), C), {"a": USUAL})


@pytest.mark.parametrize("seed", range(4))
def test_a_state_survives_its_record_as_json_text_exactly(seed: int) -> None:
    chance = random.Random(seed)
    walk = Walk(curriculum({"a": []}), parameters={"a": FORGETFUL})
    for _ in range(30):
        walk.at += chance.random() * 3 * DAY
        walk.answers((f"a-e{chance.randrange(8)}", chance.choice((C, W, D)), chance.randrange(3)))
    walk.answers(("a-worked", R), ("a-case", C))
    state = walk.states["a"]
    record = json.loads(json.dumps(state.to_record()))
    assert SkillState.from_record(state.mastery, state.answers, record) == state
    assert len(json.dumps(record, separators=(",", ":"))) < 1200


def test_a_fresh_state_survives_its_record() -> None:
    state = begin(USUAL)
    assert SkillState.from_record(state.mastery, 0, state.to_record()) == state


def test_states_and_attempts_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        begin(USUAL).mastery = 1.0  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        USUAL.prior = 1.0  # type: ignore[misc]


def test_replaying_the_same_answers_gives_the_same_state_bit_for_bit() -> None:
    events = [(f"a-e{n % 8}", (C, W, D)[n % 3]) for n in range(40)]
    first, second = (Walk(curriculum({"a": []})).answers(*events) for _ in range(2))
    assert first.states == second.states
