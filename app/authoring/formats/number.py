from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Self

from app.authoring.entry import Entry
from app.authoring.formats.exercise import (
    TYPED_GUESS,
    Answer,
    Exercise,
    Format,
    Graded,
    Note,
    UnreadableAnswer,
)
from app.authoring.formats.plain_number import EMPTY, read_number


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and how far off an answer may be."""

    value: float
    tolerance: float

    def covers(self, number: Decimal) -> bool:
        """Say whether the number is close enough; exact in decimals, so 0.4 is within 0.3 ± 0.1."""
        return abs(number - Decimal(repr(self.value))) <= Decimal(repr(self.tolerance))


@dataclass(frozen=True, slots=True)
class ForeseenNumber:
    quantity: Quantity
    feedback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Exercise):
    format: ClassVar[Format] = Format.NUMBER

    answer: Quantity
    unit: str | None
    right: str
    otherwise: str
    mistakes: tuple[ForeseenNumber, ...]
    units: tuple[str, ...] = ()  # the unit in other languages

    @classmethod
    def from_entry(cls, entry: Entry) -> Self:
        answer = entry.entry("answer")
        return cls(
            title=entry.text("title"),
            question=entry.text("question"),
            hints=entry.texts("hints"),
            explanation=entry.text("explanation"),
            answer=_quantity(answer),
            unit=answer.text_or_none("unit"),
            right=answer.text("right"),
            otherwise=answer.text("otherwise"),
            mistakes=tuple(
                ForeseenNumber(_quantity(row), row.text("feedback"))
                for row in entry.entries("mistakes")
            ),
        )

    @property
    def guess(self) -> float:
        return TYPED_GUESS

    def grade(self, answer: Answer) -> Graded:
        if not isinstance(answer, str):
            raise UnreadableAnswer(EMPTY)
        number = read_number(answer, unit=self.unit, also=self.units)
        correct = self.answer.covers(number)
        key, feedback = ("right", self.right) if correct else self._wrong(number)
        note = Note(key, answer.strip(), chosen=True, right=correct, feedback=feedback)
        return Graded(correct=correct, notes=(note,))

    def _wrong(self, number: Decimal) -> tuple[str, str]:
        for place, mistake in enumerate(self.mistakes, start=1):
            if mistake.quantity.covers(number):
                return f"mistake-{place}", mistake.feedback
        return "otherwise", self.otherwise

    def beside(self, languages: Iterable[Exercise]) -> Self:
        others = [one for one in languages if isinstance(one, Number) and one is not self]
        return replace(self, units=tuple(one.unit for one in others if one.unit is not None))

    def right_answer(self) -> str:
        return _plain(self.answer.value)

    def answer_key(self) -> tuple[str, ...]:
        unit = f" {self.unit}" if self.unit else ""
        margin = f" (± {_plain(self.answer.tolerance)})" if self.answer.tolerance else ""
        return (f"{_plain(self.answer.value)}{unit}{margin}",)

    def answer_parts(self) -> dict[str, object]:
        return {
            "answer": {
                "value": self.answer.value,
                "tolerance": self.answer.tolerance,
                "unit": self.unit,
                "right": self.right,
                "otherwise": self.otherwise,
            },
            "mistakes": [
                {
                    "value": mistake.quantity.value,
                    "tolerance": mistake.quantity.tolerance,
                    "feedback": mistake.feedback,
                }
                for mistake in self.mistakes
            ],
        }


def _quantity(entry: Entry) -> Quantity:
    return Quantity(value=entry.number("value"), tolerance=entry.number("tolerance"))


def _plain(number: float) -> str:
    """Return the number as a person writes it: no exponent, no needless zeros."""
    return f"{Decimal(repr(number)).normalize():f}"
