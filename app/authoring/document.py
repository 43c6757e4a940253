"""The canonical form of an item: what a revision stores and a digest names."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256

from app.authoring.entry import Entry, MalformedDocument
from app.authoring.formats.choice import MultipleChoice, SingleChoice
from app.authoring.formats.exercise import VERSION, Exercise
from app.authoring.formats.lesson import LESSON_FORMATS, Lesson
from app.authoring.formats.matching import Matching
from app.authoring.formats.number import Number
from app.authoring.formats.ordering import Ordering
from app.authoring.formats.short_text import ShortText
from app.authoring.translated_words import with_words

Document = Lesson | Exercise

_EXERCISES: dict[str, type[Exercise]] = {
    kind.format.value: kind
    for kind in (SingleChoice, MultipleChoice, Number, ShortText, Ordering, Matching)
}
_LESSONS = frozenset(format_.value for format_ in LESSON_FORMATS)


def from_document(document: Mapping[str, object]) -> Document:
    """Return the lesson or exercise of a stored document; raise MalformedDocument otherwise."""
    read, entry = _read(document), Entry(document)
    if not entry.has("translations"):
        return read
    others = entry.entry("translations")
    return in_languages(read, {name: _table(others.raw(name)) for name in others.names()})


def in_languages(document: Document, words: Mapping[str, Mapping[str, object]]) -> Document:
    """Return the document with its words in more languages.

    Keys, values and marks are one for all languages, so an answer counts the same in each.
    """
    if not words:
        return document
    own = {name: value for name, value in document.to_document().items() if name != "translations"}
    found = {name: _read(with_words(own, words[name])) for name in sorted(words)}
    if isinstance(document, Lesson):
        lessons = ((name, one) for name, one in found.items() if isinstance(one, Lesson))
        return replace(document, translations=tuple(lessons))
    exercises = {name: one for name, one in found.items() if isinstance(one, Exercise)}
    asked = (document, *exercises.values())
    whole = [one.beside(asked) for one in asked]
    return replace(whole[0], translations=tuple(zip(exercises, whole[1:], strict=True)))


def in_language(document: Document, language: str | None) -> Document:
    """Return the document in this language where it has it, else as it was written."""
    for name, one in document.translations:
        if name == language:
            return one
    return document


def _table(values: object) -> Mapping[str, object]:
    if not isinstance(values, Mapping):
        raise MalformedDocument(f"expected a table of words, got {type(values).__name__}")
    return values


def _read(document: Mapping[str, object]) -> Document:
    entry = Entry(document)
    if entry.whole("version") != VERSION:
        raise MalformedDocument(f"version must be {VERSION}, got {entry.whole('version')}")
    format_ = entry.text("format")
    if format_ in _LESSONS:
        return Lesson.from_entry(entry)
    if format_ not in _EXERCISES:
        raise MalformedDocument(f"format {format_!r} is not known")
    return _EXERCISES[format_].from_entry(entry)


def canonical_json(document: Document) -> str:
    """Return the one JSON text of a document: sorted keys, no spaces, every sign as itself."""
    return json.dumps(
        document.to_document(),
        sort_keys=True,
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
    )


def digest(document: Document) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return sha256(canonical_json(document).encode()).hexdigest()


@lru_cache(maxsize=4096)
def document_from_json(text: str) -> Document:
    """Return the document of a canonical JSON text; documents never change, so they are kept."""
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise MalformedDocument(f"not JSON: {error}") from error
    return from_document(values)
