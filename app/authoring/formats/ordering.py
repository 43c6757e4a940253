from collections.abc import Mapping
from dataclasses import dataclass
from math import factorial
from typing import ClassVar, Self

from app.authoring.entry import Entry, MalformedDocument
from app.authoring.formats.exercise import (
    LEAST_GUESS,
    Answer,
    Exercise,
    Format,
    Graded,
    Note,
    UnreadableAnswer,
    chosen_keys,
    keys_of,
    scattered_keys,
)
from app.words import Sentence

PLACE_ALL = Sentence("Give each step a different place.")


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    text: str
    feedback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering(Exercise):
    """Steps to put in order; `steps` holds them in the right one, so show them shuffled."""

    format: ClassVar[Format] = Format.ORDERING

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if len(self.steps) < 2:  # noqa: PLR2004 - one step has no order
            raise MalformedDocument("an ordering has at least two steps")

    @classmethod
    def from_entry(cls, entry: Entry) -> Self:
        rows = entry.entries("steps")
        texts = tuple(row.text("text") for row in rows)
        keys = keys_of(rows, scattered_keys(texts, names="abcdefghij"))
        return cls(
            title=entry.text("title"),
            question=entry.text("question"),
            hints=entry.texts("hints"),
            explanation=entry.text("explanation"),
            steps=tuple(
                Step(key=key, text=row.text("text"), feedback=row.text("feedback"))
                for key, row in zip(keys, rows, strict=True)
            ),
        )

    @property
    def guess(self) -> float:
        return max(LEAST_GUESS, 1 / factorial(len(self.steps)))

    def grade(self, answer: Answer) -> Graded:
        order = chosen_keys(answer, sentence=PLACE_ALL)
        steps = {step.key: step for step in self.steps}
        if not isinstance(answer, list | tuple) or sorted(order) != sorted(steps):
            raise UnreadableAnswer(PLACE_ALL)
        right = self.right_answer()
        notes = tuple(
            Note(key, steps[key].text, chosen=True, right=key == due, feedback=steps[key].feedback)
            for key, due in zip(order, right, strict=True)
        )
        return Graded(correct=order == right, notes=notes)

    def in_places(self, places: Mapping[str, str]) -> tuple[str, ...]:
        """Return the step keys in the order of the places 1, 2, 3 ... a form gives each key."""
        wanted = {str(place): "" for place in range(1, len(self.steps) + 1)}
        for key, place in places.items():
            if place.strip() in wanted:
                wanted[place.strip()] = key
        order = tuple(wanted.values())
        if set(order) != {step.key for step in self.steps} or len(places) != len(order):
            raise UnreadableAnswer(PLACE_ALL)
        return order

    def right_answer(self) -> tuple[str, ...]:
        return tuple(step.key for step in self.steps)

    def answer_key(self) -> tuple[str, ...]:
        return tuple(step.text for step in self.steps)

    def texts_shown(self) -> tuple[str, ...]:
        return tuple(step.text for step in self.steps)

    def answer_parts(self) -> dict[str, object]:
        return {
            "steps": [{"key": s.key, "text": s.text, "feedback": s.feedback} for s in self.steps]
        }
