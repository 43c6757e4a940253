"""The key of an exercise, part by part: what can be answered, what is right, what is said to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.authoring import (
    Answer,
    Exercise,
    Matching,
    MultipleChoice,
    Number,
    Ordering,
    ShortText,
    SingleChoice,
)


class PartKind(StrEnum):
    """What a part of the key is."""

    OPTION = "option"
    STEP = "step"
    PAIR = "pair"
    RIGHT = "right"
    MISTAKE = "mistake"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class KeyPart:
    """One part of the key. `number` counts parts of its kind from 1; `text` may be empty.

    `key` is the one that grading puts into its notes, so that answers can be counted by part.
    """

    key: str
    kind: PartKind
    number: int
    text: str
    right: bool
    feedback: str


def key_parts(exercise: Exercise) -> tuple[KeyPart, ...]:
    """Every part of the exercise's key, in the author's order."""
    if isinstance(exercise, SingleChoice | MultipleChoice):
        return tuple(
            KeyPart(o.key, PartKind.OPTION, number, o.text, right=o.correct, feedback=o.feedback)
            for number, o in enumerate(exercise.options, start=1)
        )
    if isinstance(exercise, Ordering):
        return tuple(
            KeyPart(s.key, PartKind.STEP, number, s.text, right=True, feedback=s.feedback)
            for number, s in enumerate(exercise.steps, start=1)
        )
    if isinstance(exercise, Matching):
        return tuple(
            KeyPart(
                pair.left.key,
                PartKind.PAIR,
                number,
                f"{pair.left.text} → {pair.right.text}",
                right=True,
                feedback=pair.feedback,
            )
            for number, pair in enumerate(exercise.pairs, start=1)
        )
    return _typed_parts(exercise)


def parts_of(exercise: Exercise, answer: Answer) -> tuple[str, ...]:
    """The keys of the parts this answer took: options chosen, or steps and pairs that stood right.

    A typed answer takes the one part that its feedback comes from.
    """
    whole = isinstance(exercise, Ordering | Matching)
    return tuple(
        note.key for note in exercise.grade(answer).notes if (note.right if whole else note.chosen)
    )


def _typed_parts(exercise: Exercise) -> tuple[KeyPart, ...]:
    if isinstance(exercise, Number):
        foreseen = [
            (_quantity(m.quantity.value, m.quantity.tolerance), m.feedback)
            for m in exercise.mistakes
        ]
    elif isinstance(exercise, ShortText):
        foreseen = [(_either(m.accepted), m.feedback) for m in exercise.mistakes]
    else:
        raise TypeError(f"no key is known for {exercise.format}")
    right = _either(exercise.answer_key())
    return (
        KeyPart("right", PartKind.RIGHT, 1, right, right=True, feedback=exercise.right),
        *(
            KeyPart(f"mistake-{n}", PartKind.MISTAKE, n, text, right=False, feedback=feedback)
            for n, (text, feedback) in enumerate(foreseen, start=1)
        ),
        KeyPart("otherwise", PartKind.OTHERWISE, 1, "", right=False, feedback=exercise.otherwise),
    )


def _quantity(value: float, tolerance: float) -> str:
    return f"{value:g} (± {tolerance:g})" if tolerance else f"{value:g}"


def _either(texts: Sequence[str]) -> str:
    return " / ".join(texts)
