"""The words of a document apart from its keys, values and marks: what a translation replaces."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

_TEXTS = frozenset(
    {"title", "summary", "goal", "because", "question", "text", "explanation", "feedback"}
    | {"right", "otherwise", "left", "unit"}
)
_LISTS = frozenset({"hints", "accepted"})
_ROWS = frozenset({"options", "steps", "pairs", "extra", "mistakes", "skills"})
_TABLES = frozenset({"answer"})
DIGEST_LENGTH = 16

Words = dict[str, object]


def words_of(document: Mapping[str, object]) -> Words:
    """Return every text people read, in the shape and order of the document."""
    found: Words = {}
    for name, value in document.items():
        if name in _TEXTS and isinstance(value, str):
            found[name] = value
        elif name in _LISTS:
            found[name] = list(_sequence(value))
        elif name in _ROWS:
            found[name] = [words_of(_mapping(row)) for row in _sequence(value)]
        elif name in _TABLES:
            found[name] = words_of(_mapping(value))
    return found


def with_words(document: Mapping[str, object], words: Mapping[str, object]) -> dict[str, object]:
    """Return the document with these words in the place of its own; all else stays."""
    changed = dict(document)
    for name, value in words.items():
        if name in _ROWS:
            rows = zip(_sequence(document[name]), _sequence(value), strict=True)
            changed[name] = [with_words(_mapping(row), _mapping(new)) for row, new in rows]
        elif name in _TABLES:
            changed[name] = with_words(_mapping(document[name]), _mapping(value))
        else:
            changed[name] = value
    return changed


def shape_of(words: Mapping[str, object]) -> dict[str, object]:
    """Return how many of what there are: alike for two texts that say the same in two languages.

    Accepted answers are left out: one language may have more words for a thing than another.
    """
    shape: dict[str, object] = {}
    for name, value in words.items():
        if name in _ROWS:
            shape[name] = [shape_of(_mapping(row)) for row in _sequence(value)]
        elif name in _TABLES:
            shape[name] = shape_of(_mapping(value))
        else:
            shape[name] = len(_sequence(value)) if name == "hints" else True
    return shape


def words_digest(document: Mapping[str, object]) -> str:
    """Return the name of a document's words: another one as soon as one of them changes."""
    text = json.dumps(words_of(document), sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"expected a table, got {type(value).__name__}")
    return value


def _sequence(value: object) -> Sequence[object]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(f"expected a list, got {type(value).__name__}")
    return value
