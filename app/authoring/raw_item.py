"""An item as its author left it: perhaps unfinished, never refused, written back as the same text.

The checked reader (`item_file`) takes an item only when it keeps every rule of its file. A draft
need not: what a form shows and an importer makes is this looser shape, whose text is then checked.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.authoring.body import cut, inner
from app.authoring.document import Document
from app.authoring.formats.lesson import Lesson
from app.authoring.item_file import EXPLANATION, HINT
from app.authoring.toml_file import split_front_matter
from app.authoring.toml_text import write_toml

ANSWER_KEYS: Mapping[str, tuple[str, ...]] = {
    "explanation": (),
    "worked-case": (),
    "single-choice": ("options",),
    "multiple-choice": ("options",),
    "number": ("answer", "mistakes"),
    "short-text": ("answer", "mistakes"),
    "ordering": ("steps",),
    "matching": ("extra", "pairs"),
}
LESSONS = ("explanation", "worked-case")
_HEADER = ("id", "kind", "format", "status", "title", "skills", "transfer")
# Keys a stored document carries that an author never writes: they are made anew from the text.
_MADE = frozenset({"key", "left_key", "right_key"})


@dataclass(frozen=True, slots=True)
class RawItem:
    """An item's parts. `answer` holds the format's TOML tables; `other` what no format knows."""

    kind: str
    format: str
    title: str
    text: str
    skills: tuple[str, ...] = ()
    transfer: bool = False
    hints: tuple[str, ...] = ()
    explanation: str = ""
    answer: Mapping[str, object] = field(default_factory=dict)
    id: str = ""
    status: str = "active"
    other: Mapping[str, object] = field(default_factory=dict)


def read_raw(text: str) -> RawItem | None:
    """Return the parts of an item's text; None when its front matter cannot be read as TOML."""
    front = split_front_matter(text.replace("\r\n", "\n"))
    if front is None:
        return None
    try:
        values = tomllib.loads(front.toml)
    except (ValueError, RecursionError):
        return None
    sections = cut(front.body, first=front.body_first)
    kind, format_ = _word(values, "kind"), _word(values, "format")
    named = {s.title for s in sections[1:]}
    if named - {HINT, EXPLANATION} or (kind == "lesson" and named):
        return None  # sections a form cannot show would be lost
    answer_keys = ANSWER_KEYS.get(format_, ())
    skills = values.get("skills")
    return RawItem(
        kind=kind,
        format=format_,
        title=_word(values, "title"),
        text=sections[0].text,
        skills=tuple(s for s in skills if isinstance(s, str)) if isinstance(skills, list) else (),
        transfer=values.get("transfer") is True,
        hints=tuple(s.text for s in sections[1:] if s.title == HINT),
        explanation="\n\n".join(s.text for s in sections[1:] if s.title == EXPLANATION),
        answer={key: values[key] for key in answer_keys if key in values},
        id=_word(values, "id"),
        status=_word(values, "status") or "active",
        other={k: v for k, v in values.items() if k not in {*_HEADER, *answer_keys}},
    )


def write_item(raw: RawItem) -> str:
    """Return the file text of an item."""
    header: dict[str, object] = {
        "id": raw.id,
        "kind": raw.kind,
        "format": raw.format,
        "status": raw.status,
        "title": raw.title,
        "skills": list(raw.skills),
    }
    if raw.transfer and raw.kind == "exercise":
        header["transfer"] = True
    front = write_toml({**header, **raw.other, **raw.answer})
    parts = [inner(raw.text)]
    if raw.kind == "exercise":
        parts += [f"# {HINT}\n{inner(hint)}" for hint in raw.hints if hint.strip()]
        parts.append(f"# {EXPLANATION}\n{inner(raw.explanation)}")
    return f"+++\n{front}\n+++\n" + "\n\n".join(parts).strip() + "\n"


def raw_of(
    document: Document, *, id_: str, status: str, skills: tuple[str, ...], transfer: bool
) -> RawItem:
    """Return the parts of a published document, as its author would write them again."""
    if isinstance(document, Lesson):
        return RawItem(
            kind=document.kind,
            format=document.format.value,
            title=document.title,
            text=document.text,
            skills=skills,
            id=id_,
            status=status,
        )
    return RawItem(
        kind=document.kind,
        format=document.format.value,
        title=document.title,
        text=document.question,
        skills=skills,
        transfer=transfer,
        hints=document.hints,
        explanation=document.explanation,
        answer={key: _as_written(key, value) for key, value in document.answer_parts().items()},
        id=id_,
        status=status,
    )


def _as_written(name: str, value: object) -> object:
    """Return a stored value as its author would write it: without keys and empty values."""
    if name == "extra" and isinstance(value, list):
        return [row["text"] for row in value]
    if isinstance(value, list):
        return [_as_written("", row) for row in value]
    if isinstance(value, Mapping):
        return {k: v for k, v in value.items() if k not in _MADE and v is not None}
    return value


def _word(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""
