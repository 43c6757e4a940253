from dataclasses import dataclass
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
    letters,
)
from app.words import Sentence

CHOOSE_ONE = Sentence("Choose one answer.")
CHOOSE_SOME = Sentence("Choose at least one answer.")


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    text: str
    correct: bool
    feedback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Exercise):
    """An exercise whose answer is chosen among options."""

    options: tuple[Option, ...]

    @classmethod
    def from_entry(cls, entry: Entry) -> Self:
        return cls(
            title=entry.text("title"),
            question=entry.text("question"),
            hints=entry.texts("hints"),
            explanation=entry.text("explanation"),
            options=_options(entry.entries("options")),
        )

    def answer_key(self) -> tuple[str, ...]:
        return tuple(option.text for option in self.options if option.correct)

    def texts_shown(self) -> tuple[str, ...]:
        return tuple(option.text for option in self.options)

    def answer_parts(self) -> dict[str, object]:
        return {
            "options": [
                {"key": o.key, "text": o.text, "correct": o.correct, "feedback": o.feedback}
                for o in self.options
            ]
        }

    def _notes(self, chosen: frozenset[str]) -> tuple[Note, ...]:
        """Return a note for each option chosen and each right one missed, in the file's order."""
        return tuple(
            Note(o.key, o.text, chosen=o.key in chosen, right=o.correct, feedback=o.feedback)
            for o in self.options
            if o.key in chosen or o.correct
        )

    def _right_keys(self) -> frozenset[str]:
        return frozenset(option.key for option in self.options if option.correct)

    def _known_keys(self) -> frozenset[str]:
        return frozenset(option.key for option in self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleChoice(Choice):
    format: ClassVar[Format] = Format.SINGLE_CHOICE

    def __post_init__(self) -> None:
        if len(self._right_keys()) != 1 or len(self._known_keys()) < 2:  # noqa: PLR2004
            raise MalformedDocument("a single choice has one right option and at least one wrong")

    @property
    def guess(self) -> float:
        return 1 / len(self.options)

    def grade(self, answer: Answer) -> Graded:
        if not isinstance(answer, str) or answer not in self._known_keys():
            raise UnreadableAnswer(CHOOSE_ONE)
        chosen = frozenset({answer})
        return Graded(correct=chosen == self._right_keys(), notes=self._notes(chosen))

    def right_answer(self) -> str:
        return next(iter(self._right_keys()))


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice(Choice):
    format: ClassVar[Format] = Format.MULTIPLE_CHOICE

    def __post_init__(self) -> None:
        if not 1 <= len(self._right_keys()) < len(self._known_keys()):
            raise MalformedDocument("a multiple choice has a right and a wrong option")

    @property
    def guess(self) -> float:
        return max(LEAST_GUESS, 1 / ((1 << len(self.options)) - 1))

    def grade(self, answer: Answer) -> Graded:
        chosen = frozenset(chosen_keys(answer, sentence=CHOOSE_SOME))
        if not chosen or not chosen <= self._known_keys():
            raise UnreadableAnswer(CHOOSE_SOME)
        return Graded(correct=chosen == self._right_keys(), notes=self._notes(chosen))

    def right_answer(self) -> frozenset[str]:
        return self._right_keys()


def _options(entries: tuple[Entry, ...]) -> tuple[Option, ...]:
    return tuple(
        Option(
            key=key,
            text=entry.text("text"),
            correct=entry.flag("correct"),
            feedback=entry.text("feedback"),
        )
        for key, entry in zip(keys_of(entries, letters(len(entries))), entries, strict=True)
    )
