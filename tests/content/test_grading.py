"""What each format says of each kind of answer."""

import pytest

from app.authoring import (
    Answer,
    Exercise,
    Graded,
    Matching,
    MultipleChoice,
    Note,
    Ordering,
    SingleChoice,
    UnreadableAnswer,
    from_document,
)

COMMON = {"version": 1, "kind": "exercise", "title": "T", "question": "Q?", "hints": ["H"]}


def make(format_: str, **parts: object) -> Exercise:
    made = from_document(COMMON | {"format": format_, "explanation": "Because."} | parts)
    assert isinstance(made, Exercise)
    return made


def options(*correct: bool) -> list[dict[str, object]]:
    return [
        {"text": f"option {n}", "correct": right, "feedback": f"feedback {n}"}
        for n, right in enumerate(correct)
    ]


SINGLE = make("single-choice", options=options(False, True, False, False))
MULTIPLE = make("multiple-choice", options=options(True, False, True, False))
NUMBER = make(
    "number",
    answer={"value": 0.3, "tolerance": 0.1, "unit": "hours", "right": "Yes.", "otherwise": "No."},
    mistakes=[
        {"value": 3.0, "tolerance": 0.0, "feedback": "Ten times."},
        {"value": 3.0, "tolerance": 1.0, "feedback": "About ten times."},
    ],
)
SHORT = make(
    "short-text",
    answer={
        "accepted": ["personal data", "personal information"],
        "right": "Yes.",
        "otherwise": "No.",
    },
    mistakes=[{"accepted": ["data"], "feedback": "Whose?"}],
)
ORDERING = make(
    "ordering",
    steps=[{"text": f"step {n}", "feedback": f"feedback {n}"} for n in range(4)],
)
MATCHING = make(
    "matching",
    pairs=[
        {"left": f"left {n}", "right": f"right {n}", "feedback": f"feedback {n}"} for n in range(3)
    ],
    extra=[{"text": "right 3"}],
)
ALL = (SINGLE, MULTIPLE, NUMBER, SHORT, ORDERING, MATCHING)
assert isinstance(SINGLE, SingleChoice)
assert isinstance(MULTIPLE, MultipleChoice)
assert isinstance(ORDERING, Ordering)
assert isinstance(MATCHING, Matching)
STEPS = [step.key for step in ORDERING.steps]
LEFTS = [pair.left.key for pair in MATCHING.pairs]
RIGHTS = [pair.right.key for pair in MATCHING.pairs]
EXTRA = MATCHING.extra[0].key


@pytest.mark.parametrize(
    ("exercise", "answer", "correct"),
    [
        (SINGLE, "b", True),
        (SINGLE, "a", False),
        (MULTIPLE, {"a", "c"}, True),
        (MULTIPLE, ["c", "a", "a"], True),
        (MULTIPLE, {"a"}, False),
        (MULTIPLE, {"a", "b", "c"}, False),
        (MULTIPLE, {"b", "d"}, False),
        (MULTIPLE, {"a", "b", "c", "d"}, False),
        (NUMBER, "0.3", True),
        (NUMBER, "0.4", True),
        (NUMBER, "0.2 hours", True),
        (NUMBER, "0.41", False),
        (NUMBER, "-0.3", False),
        (SHORT, "the Personal-Information!", True),
        (SHORT, "data", False),
        (SHORT, "something else", False),
        (ORDERING, STEPS, True),
        (ORDERING, tuple(STEPS), True),
        (ORDERING, [STEPS[1], STEPS[0], *STEPS[2:]], False),
        (ORDERING, STEPS[::-1], False),
        (MATCHING, dict(zip(LEFTS, RIGHTS, strict=True)), True),
        (MATCHING, dict(zip(LEFTS, [EXTRA, *RIGHTS[1:]], strict=True)), False),
        (MATCHING, dict(zip(LEFTS, RIGHTS[1:] + RIGHTS[:1], strict=True)), False),
    ],
)
def test_an_answer_is_graded(exercise: Exercise, answer: Answer, *, correct: bool) -> None:
    assert exercise.grade(answer).correct is correct


@pytest.mark.parametrize(
    ("exercise", "answer", "sentence"),
    [
        (SINGLE, "", "Choose one answer."),
        (SINGLE, "e", "Choose one answer."),
        (SINGLE, ["b"], "Choose one answer."),
        (SINGLE, {"b": "b"}, "Choose one answer."),
        (MULTIPLE, [], "Choose at least one answer."),
        (MULTIPLE, "ac", "Choose at least one answer."),
        (MULTIPLE, {"a", "e"}, "Choose at least one answer."),
        (MULTIPLE, {"a": "c"}, "Choose at least one answer."),
        (NUMBER, "", "Type a number."),
        (NUMBER, ["0.3"], "Type a number."),
        (NUMBER, "a lot", "Type one number in digits, such as 12 or 12.5, in this unit: hours."),
        (SHORT, " . ", "Type your answer in one to three words."),
        (SHORT, ["data"], "Type your answer in one to three words."),
        (SHORT, "x" * 201, "Use at most 200 characters; one to three words are enough."),
        (ORDERING, STEPS[:3], "Give each step a different place."),
        (ORDERING, [STEPS[0], *STEPS[:3]], "Give each step a different place."),
        (ORDERING, [*STEPS, STEPS[0]], "Give each step a different place."),
        (ORDERING, [*STEPS[:3], "z"], "Give each step a different place."),
        (ORDERING, set(STEPS), "Give each step a different place."),
        (ORDERING, "".join(STEPS), "Give each step a different place."),
        (MATCHING, {}, "Choose a match for each line."),
        (MATCHING, dict(zip(LEFTS[:2], RIGHTS[:2], strict=True)), "Choose a match for each line."),
        (MATCHING, dict.fromkeys(LEFTS, ""), "Choose a match for each line."),
        (MATCHING, dict.fromkeys(LEFTS, RIGHTS[0]), "Use each match only once."),
        (MATCHING, RIGHTS, "Choose a match for each line."),
    ],
)
def test_what_cannot_be_graded_says_what_to_do(
    exercise: Exercise, answer: Answer, sentence: str
) -> None:
    with pytest.raises(UnreadableAnswer) as refused:
        exercise.grade(answer)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.format)
def test_the_right_answer_is_right_in_every_note(exercise: Exercise) -> None:
    graded = exercise.grade(exercise.right_answer())
    assert graded.correct
    assert all(note.chosen and note.right and note.feedback for note in graded.notes)


@pytest.mark.parametrize(
    ("exercise", "guess"),
    [
        (SINGLE, 1 / 4),
        (MULTIPLE, 1 / 15),
        (NUMBER, 0.02),
        (SHORT, 0.02),
        (ORDERING, 1 / 24),
        (MATCHING, 1 / 24),
        (make("multiple-choice", options=options(*[True] * 6, False)), 0.01),
        (make("ordering", steps=[{"text": str(n), "feedback": "f"} for n in range(6)]), 0.01),
    ],
)
def test_the_chance_of_guessing_follows_the_format(exercise: Exercise, guess: float) -> None:
    assert exercise.guess == pytest.approx(guess)


def test_a_wrong_choice_and_the_missed_right_one_are_noted() -> None:
    assert SINGLE.grade("d") == Graded(
        correct=False,
        notes=(
            Note("b", "option 1", chosen=False, right=True, feedback="feedback 1"),
            Note("d", "option 3", chosen=True, right=False, feedback="feedback 3"),
        ),
    )


def test_every_chosen_and_every_missed_option_is_noted() -> None:
    notes = MULTIPLE.grade({"a", "d"}).notes
    assert [(note.key, note.chosen, note.right) for note in notes] == [
        ("a", True, True),
        ("c", False, True),
        ("d", True, False),
    ]


def test_steps_are_noted_in_the_order_of_the_learner() -> None:
    notes = ORDERING.grade([STEPS[1], STEPS[0], *STEPS[2:]]).notes
    assert [(note.text, note.right) for note in notes] == [
        ("step 1", False),
        ("step 0", False),
        ("step 2", True),
        ("step 3", True),
    ]


def test_each_pair_is_noted_with_what_was_chosen() -> None:
    notes = MATCHING.grade(dict(zip(LEFTS, [EXTRA, *RIGHTS[1:]], strict=True))).notes
    assert [(note.text, note.right) for note in notes] == [
        ("left 0 → right 3", False),
        ("left 1 → right 1", True),
        ("left 2 → right 2", True),
    ]


@pytest.mark.parametrize(
    ("exercise", "answer", "key", "feedback"),
    [
        (NUMBER, "0.3", "right", "Yes."),
        (NUMBER, "3", "mistake-1", "Ten times."),
        (NUMBER, "3.5", "mistake-2", "About ten times."),
        (NUMBER, "9", "otherwise", "No."),
        (SHORT, "personal data", "right", "Yes."),
        (SHORT, "DATA", "mistake-1", "Whose?"),
        (SHORT, "bread", "otherwise", "No."),
    ],
)
def test_a_typed_answer_gets_the_feedback_foreseen_for_it(
    exercise: Exercise, answer: str, key: str, feedback: str
) -> None:
    (note,) = exercise.grade(answer).notes
    assert (note.key, note.text, note.feedback) == (key, answer, feedback)


@pytest.mark.parametrize(
    ("exercise", "lines"),
    [
        (SINGLE, ("option 1",)),
        (MULTIPLE, ("option 0", "option 2")),
        (NUMBER, ("0.3 hours (± 0.1)",)),
        (SHORT, ("personal data", "personal information")),
        (ORDERING, ("step 0", "step 1", "step 2", "step 3")),
        (MATCHING, ("left 0 → right 0", "left 1 → right 1", "left 2 → right 2")),
    ],
)
def test_the_answer_key_is_in_words(exercise: Exercise, lines: tuple[str, ...]) -> None:
    assert exercise.answer_key() == lines


def test_keys_of_steps_and_matches_do_not_follow_the_file() -> None:
    orders = set()
    for seed in range(40):
        rows = [{"text": f"{seed} step {n}", "feedback": "f"} for n in range(4)]
        made = make("ordering", steps=rows)
        assert isinstance(made, Ordering)
        orders.add(made.right_answer())
    assert len(orders) > 10


def test_places_given_to_steps_become_an_order() -> None:
    assert isinstance(ORDERING, Ordering)
    places = {STEPS[0]: "2", STEPS[1]: " 1", STEPS[2]: "4", STEPS[3]: "3"}
    assert ORDERING.in_places(places) == (STEPS[1], STEPS[0], STEPS[3], STEPS[2])


@pytest.mark.parametrize(
    "places",
    [
        {},
        dict(zip(STEPS, "1123", strict=True)),
        dict(zip(STEPS, "1235", strict=True)),
        dict(zip(STEPS, ["1", "2", "3", ""], strict=True)),
        dict(zip(STEPS[:3], "123", strict=True)),
        dict(zip([*STEPS[:3], "z"], "1234", strict=True)),
        dict(zip([*STEPS, "z"], "12344", strict=True)),
    ],
)
def test_two_steps_cannot_share_a_place(places: dict[str, str]) -> None:
    assert isinstance(ORDERING, Ordering)
    with pytest.raises(UnreadableAnswer, match="a different place"):
        ORDERING.in_places(places)
