"""Every text of an item that people read, with its line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.authoring.catalogue import Item
from app.authoring.formats.choice import Choice
from app.authoring.formats.matching import Matching
from app.authoring.formats.number import Number
from app.authoring.formats.ordering import Ordering
from app.authoring.formats.short_text import ShortText

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, what it is called and where it starts.  `block`: it may hold paragraphs."""

    line: int
    name: str
    text: str
    block: bool


def passages(item: Item) -> Iterator[Passage]:
    """Yield the sections of the body, then every text of the answer data."""
    for section in item.source.sections:
        yield Passage(section.line, section.title or "text", section.text, block=True)
    for path, text in (*choices_shown(item), *feedbacks(item)):
        name = " ".join(str(step + 1) if isinstance(step, int) else step for step in path)
        yield Passage(item.source.lines.of(*path), name, text, block=False)


def choices_shown(item: Item) -> Iterator[tuple[Path, str]]:
    """Yield the path and text of each option, step and side of a pair."""
    match item.document:
        case Choice(options=options):
            yield from ((("options", n, "text"), o.text) for n, o in enumerate(options))
        case Ordering(steps=steps):
            yield from ((("steps", n, "text"), s.text) for n, s in enumerate(steps))
        case Matching(pairs=pairs, extra=extra):
            for n, pair in enumerate(pairs):
                yield ("pairs", n, "left"), pair.left.text
                yield ("pairs", n, "right"), pair.right.text
            yield from ((("extra", n), part.text) for n, part in enumerate(extra))
        case _:
            return


def feedbacks(item: Item) -> Iterator[tuple[Path, str]]:
    """Yield the path and text of each feedback."""
    match item.document:
        case Choice(options=options):
            yield from _rows("options", options)
        case Ordering(steps=steps):
            yield from _rows("steps", steps)
        case Matching(pairs=pairs):
            yield from _rows("pairs", pairs)
        case (
            Number(right=right, otherwise=otherwise, mistakes=mistakes)
            | ShortText(right=right, otherwise=otherwise, mistakes=mistakes)
        ):
            yield ("answer", "right"), right
            yield ("answer", "otherwise"), otherwise
            yield from _rows("mistakes", mistakes)
        case _:
            return


class _WithFeedback(Protocol):
    @property
    def feedback(self) -> str: ...


def _rows(name: str, rows: Sequence[_WithFeedback]) -> Iterator[tuple[Path, str]]:
    return (((name, n, "feedback"), row.feedback) for n, row in enumerate(rows))
