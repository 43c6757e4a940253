"""What every exercise format shares: its words, its grading and its canonical form."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from string import ascii_lowercase
from typing import ClassVar, Protocol, Self

from app.authoring.entry import Entry
from app.authoring.translated_words import words_of

VERSION = 1
LEAST_GUESS = 0.01  # nothing is impossible to guess: a key may leak, a colleague may tell
TYPED_GUESS = 0.02  # nobody can list the numbers or words a person may type

# What JSON can keep: a key or a typed text; keys (in their order, for steps); left to right keys.
Answer = str | Collection[str] | Mapping[str, str]


class Format(StrEnum):
    EXPLANATION = "explanation"
    WORKED_CASE = "worked-case"
    SINGLE_CHOICE = "single-choice"
    MULTIPLE_CHOICE = "multiple-choice"
    NUMBER = "number"
    SHORT_TEXT = "short-text"
    ORDERING = "ordering"
    MATCHING = "matching"


class UnreadableAnswer(ValueError):
    """An answer that cannot be graded as it stands; the sentence tells the learner what to do.

    `sentence` is a fixed English text, so that it can be translated; it may name %(unit)s.
    """

    def __init__(self, sentence: str, *, unit: str = "") -> None:
        super().__init__(sentence % {"unit": unit} if unit else sentence)
        self.sentence = sentence
        self.unit = unit
        self.unit = unit


@dataclass(frozen=True, slots=True)
class Note:
    """What is said about one part of the answer.

    chosen: the learner chose it.  right: it is right (an option) or stands right (a step, a pair).
    A right option that was missed has chosen False and right True.  For a number or a short text
    `text` is what the learner typed; else it is the author's Markdown, for one line.
    """

    key: str
    text: str
    chosen: bool
    right: bool
    feedback: str


@dataclass(frozen=True, slots=True)
class Graded:
    correct: bool
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A thing to choose, place or match, with the key a form sends back."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise(ABC):
    """An item that is answered."""

    kind: ClassVar[str] = "exercise"
    format: ClassVar[Format]

    title: str
    question: str
    hints: tuple[str, ...]
    explanation: str
    translations: tuple[tuple[str, "Exercise"], ...] = ()  # by language, each whole

    @classmethod
    @abstractmethod
    def from_entry(cls, entry: Entry) -> Self:
        """Return the exercise a document or a file's front matter describes."""

    @property
    @abstractmethod
    def guess(self) -> float:
        """Return the chance that somebody who knows nothing answers right."""

    @abstractmethod
    def grade(self, answer: Answer) -> Graded:
        """Return what is right and why; raise UnreadableAnswer when it cannot be told."""

    @abstractmethod
    def answer_key(self) -> tuple[str, ...]:
        """Return the right answer in words, one line a part; for trainers and after the answer."""

    @abstractmethod
    def right_answer(self) -> Answer:
        """Return an answer that grades as correct."""

    def texts_shown(self) -> tuple[str, ...]:
        """Return the options, steps or parts a learner reads before answering."""
        return ()

    def beside(self, languages: Iterable["Exercise"]) -> Self:  # noqa: ARG002 - some formats ask
        """Return the exercise that takes what may be typed in any of these languages."""
        return self

    @abstractmethod
    def answer_parts(self) -> dict[str, object]:
        """Return the format's own part of the document."""

    def to_document(self) -> dict[str, object]:
        return {
            "version": VERSION,
            "kind": self.kind,
            "format": self.format.value,
            "title": self.title,
            "question": self.question,
            "hints": list(self.hints),
            "explanation": self.explanation,
            **self.answer_parts(),
            **translated(self.translations),
        }


class Translated(Protocol):
    """A document as far as its words in another language matter."""

    def to_document(self) -> dict[str, object]: ...


def translated(translations: tuple[tuple[str, Translated], ...]) -> dict[str, object]:
    """Return what a document says of its translations: nothing where it has none."""
    if not translations:
        return {}
    return {"translations": {code: words_of(one.to_document()) for code, one in translations}}


def letters(count: int) -> tuple[str, ...]:
    return tuple(ascii_lowercase[:count])


def scattered_keys(texts: tuple[str, ...], *, names: str) -> tuple[str, ...]:
    """Return a key for each text that does not betray its place in the file.

    Steps and pairs are written in the right order, so a key by position would put the answer into
    the page. The order of the texts' digests is as good as random and always the same.
    """
    order = sorted(range(len(texts)), key=lambda n: (sha256(texts[n].encode()).digest(), n))
    keys = dict(zip(order, names, strict=False))
    return tuple(keys[n] for n in range(len(texts)))


def keys_of(rows: tuple[Entry, ...], new: tuple[str, ...], *, name: str = "key") -> tuple[str, ...]:
    """Return the keys a stored document gave its rows, or new ones for rows from a file.

    Responses refer to stored keys, so they must outlive any change in how new keys are made.
    """
    return tuple(
        row.text(name) if row.has(name) else key for row, key in zip(rows, new, strict=True)
    )


def chosen_keys(answer: Answer, *, sentence: str) -> tuple[str, ...]:
    """Return the keys of an answer that is a collection of keys; refuse any other thing."""
    if isinstance(answer, str | Mapping) or not isinstance(answer, Collection):
        raise UnreadableAnswer(sentence)
    if not all(isinstance(key, str) for key in answer):
        raise UnreadableAnswer(sentence)
    return tuple(answer)
