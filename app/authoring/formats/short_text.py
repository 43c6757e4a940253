from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from app.authoring.entry import Entry, MalformedDocument
from app.authoring.formats.exercise import (
    TYPED_GUESS,
    Answer,
    Exercise,
    Format,
    Graded,
    Note,
    UnreadableAnswer,
)
from app.authoring.formats.plain_words import is_among, plain_words
from app.words import Sentence

LONGEST = 200
EMPTY = Sentence("Type your answer in one to three words.")
TOO_LONG = Sentence("Use at most 200 characters; one to three words are enough.")


@dataclass(frozen=True, slots=True)
class ForeseenText:
    accepted: tuple[str, ...]
    feedback: str


@dataclass(frozen=True, slots=True)
class WordsElsewhere:
    """What is accepted, and what is a foreseen mistake, in another language."""

    accepted: tuple[str, ...]
    mistakes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortText(Exercise):
    format: ClassVar[Format] = Format.SHORT_TEXT

    accepted: tuple[str, ...]
    right: str
    otherwise: str
    mistakes: tuple[ForeseenText, ...]
    elsewhere: tuple["WordsElsewhere", ...] = ()

    def __post_init__(self) -> None:
        if not self.accepted:
            raise MalformedDocument("a short text has at least one accepted answer")

    @classmethod
    def from_entry(cls, entry: Entry) -> Self:
        answer = entry.entry("answer")
        return cls(
            title=entry.text("title"),
            question=entry.text("question"),
            hints=entry.texts("hints"),
            explanation=entry.text("explanation"),
            accepted=answer.texts("accepted"),
            right=answer.text("right"),
            otherwise=answer.text("otherwise"),
            mistakes=tuple(
                ForeseenText(row.texts("accepted"), row.text("feedback"))
                for row in entry.entries("mistakes")
            ),
        )

    @property
    def guess(self) -> float:
        return TYPED_GUESS

    def grade(self, answer: Answer) -> Graded:
        if not isinstance(answer, str) or not plain_words(answer):
            raise UnreadableAnswer(EMPTY)
        if len(answer) > LONGEST:
            raise UnreadableAnswer(TOO_LONG)
        every = (self.accepted, *(words.accepted for words in self.elsewhere))
        correct = any(is_among(answer, accepted) for accepted in every)
        key, feedback = ("right", self.right) if correct else self._wrong(answer)
        note = Note(key, answer.strip(), chosen=True, right=correct, feedback=feedback)
        return Graded(correct=correct, notes=(note,))

    def _wrong(self, answer: str) -> tuple[str, str]:
        for place, mistake in enumerate(self.mistakes, start=1):
            every = (mistake.accepted, *(w.mistakes[place - 1] for w in self.elsewhere))
            if any(is_among(answer, accepted) for accepted in every):
                return f"mistake-{place}", mistake.feedback
        return "otherwise", self.otherwise

    def beside(self, languages: Iterable[Exercise]) -> Self:
        others = [one for one in languages if isinstance(one, ShortText) and one is not self]
        return replace(
            self,
            elsewhere=tuple(
                WordsElsewhere(one.accepted, tuple(m.accepted for m in one.mistakes))
                for one in others
            ),
        )

    def right_answer(self) -> str:
        return self.accepted[0]

    def answer_key(self) -> tuple[str, ...]:
        return self.accepted

    def answer_parts(self) -> dict[str, object]:
        return {
            "answer": {
                "accepted": list(self.accepted),
                "right": self.right,
                "otherwise": self.otherwise,
            },
            "mistakes": [
                {"accepted": list(mistake.accepted), "feedback": mistake.feedback}
                for mistake in self.mistakes
            ],
        }
