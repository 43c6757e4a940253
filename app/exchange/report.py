"""What was read of a file, in lines for a terminal: one for each question, its losses under it."""

from collections.abc import Iterator

from app.exchange.gaps import gaps
from app.exchange.result import Entry, Fault, Question, Read, Unsupported


def lines_of(read: Read) -> Iterator[str]:
    """Yield a line for each entry with its place, the sentences about it, and a summary."""
    for entry in read.entries:
        yield from _entry(entry)
    yield summary(read)


def summary(read: Read) -> str:
    counted = (
        f"{_count(len(read.questions), 'question')} understood,"
        f" {len(read.unsupported)} unsupported, {_count(len(read.faults), 'fault')}"
    )
    return f"{read.format or 'No known format'}: {counted}."


def _entry(entry: Entry) -> Iterator[str]:
    if isinstance(entry, Fault):
        yield f"{entry.place}: fault: {entry.sentence}"
    elif isinstance(entry, Unsupported):
        yield f"{entry.place}: unsupported: {entry.kind}: {entry.title}: {entry.because}"
    else:
        yield from _question(entry)


def _question(question: Question) -> Iterator[str]:
    yield f"{question.place}: {question.item.format}: {question.title}"
    for sentence in question.losses:
        yield f"    not kept: {sentence}"
    wanted = " ".join(gaps(question))
    if wanted:
        yield f"    to write: {wanted}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
