"""What a reader makes of somebody's question file: each question understood, named or faulted.

Nothing is dropped in silence: every question of a file becomes exactly one entry,
in the file's order.
"""

from dataclasses import dataclass
from itertools import chain

from app.authoring import RawItem
from app.words import Sentence


class Telling(Exception):
    """Something cannot be taken; the sentence says why, in the language of whoever reads it."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(Exception):
    """The file as a whole cannot be taken; the sentence says why and what to do."""

    def __init__(self, sentence: str, *, line: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence if isinstance(sentence, Sentence) else Sentence(sentence)
        self.line = line


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: the file (its path inside a package), the line, the question.

    line counts from 1; 0 means the file as a whole.  element: the question's number or identifier
    as the file has it, such as `question 3`, `item i1f2`, `row 7`; empty for the file as a whole.
    A Sentence where a word of ours stands in it.
    """

    file: str
    line: int = 0
    element: str = ""

    @property
    def spot(self) -> str:
        """Return the file and the line."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.spot} ({self.element})" if self.element else self.spot


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of a question; the item's text refers to it as `![words](name)`.

    name: a media name (`app.authoring.markdown.is_media_name`), made from the content's digest, so
    the same picture has the same name everywhere.  The content is as the file has it: not yet
    checked to be the picture it says it is.
    """

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood, as an item of Cairn that may be unfinished.

    kind: its type in the file's own words.  losses: sentences on what the file says and the item
    cannot keep.  What Cairn asks for and the file does not say is left empty in the item.
    """

    place: Place
    kind: str
    item: RawItem
    pictures: tuple[Picture, ...] = ()
    category: str = ""
    tags: tuple[str, ...] = ()
    losses: tuple[Sentence, ...] = ()

    @property
    def title(self) -> str:
        return self.item.title


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A question of a type, or with a key, that Cairn has no format for."""

    place: Place
    kind: str
    title: str
    because: Sentence


@dataclass(frozen=True, slots=True)
class Fault:
    """A place of the file that cannot be understood."""

    place: Place
    sentence: Sentence


Entry = Question | Unsupported | Fault


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a file. format: the reader's name, empty when none knew the file."""

    format: str
    entries: tuple[Entry, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(entry for entry in self.entries if isinstance(entry, Question))

    @property
    def unsupported(self) -> tuple[Unsupported, ...]:
        return tuple(entry for entry in self.entries if isinstance(entry, Unsupported))

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(entry for entry in self.entries if isinstance(entry, Fault))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Return every picture of the questions, each name once."""
        every = chain.from_iterable(question.pictures for question in self.questions)
        return tuple({picture.name: picture for picture in every}.values())
