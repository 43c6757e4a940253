"""What changed between two texts of a module, in the words of its author."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum

from app.authoring import RawItem, RawModule, RawSkill

KEPT_AROUND = 1  # unchanged lines shown beside a change, to tell where it is


class Mark(StrEnum):
    """What became of a line."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a text says: what it is, and the words."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    mark: Mark
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One item, or with an empty id the module's own text, before and after."""

    item_id: str
    title: str
    mark: Mark
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """A module and its items by their permanent ids.

    elsewhere: the titles of what its skills build on in other modules, by the name files use.
    """

    module: RawModule
    items: Mapping[str, RawItem]
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    @property
    def titles(self) -> Mapping[str, str]:
        """The title of each of its skills by the name files use."""
        return {skill.slug: skill.title for skill in self.module.skills}


def between(before: Whole | None, after: Whole) -> tuple[Difference, ...]:
    """Every part that differs: the module first, then items by title. None before: all is new."""
    found = []
    old = said_by_module(before.module, before.elsewhere) if before else []
    lines = compared(old, said_by_module(after.module, after.elsewhere))
    if lines:
        mark = Mark.SAME if before else Mark.ADDED
        found.append(Difference("", after.module.title, mark, lines))
    items_before = before.items if before else {}
    ids = {**items_before, **after.items}
    for item_id in sorted(ids, key=lambda id_: (ids[id_].title, id_)):
        said = (_said(before, item_id), _said(after, item_id))
        parts = (items_before.get(item_id), after.items.get(item_id))
        difference = _item(item_id, *parts, said)
        if difference is not None:
            found.append(difference)
    return tuple(found)


def compared(old: Sequence[Said], new: Sequence[Said]) -> tuple[Line, ...]:
    """The lines that were removed and added, with a little of what stayed; empty when equal."""
    if list(old) == list(new):
        return ()
    lines: list[Line] = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            lines += _shortened([Line(Mark.SAME, s.label, s.text) for s in old[a1:a2]])
            continue
        lines += [Line(Mark.REMOVED, s.label, s.text) for s in old[a1:a2]]
        lines += [Line(Mark.ADDED, s.label, s.text) for s in new[b1:b2]]
    return tuple(lines)


def said_by_item(raw: RawItem, titles: Mapping[str, str]) -> list[Said]:
    """Everything an item says, a paragraph a line. titles: those of skills, by their slugs."""
    said = [Said("title", raw.title), Said("format", raw.format)]
    said += [Said("skill", titles.get(slug, slug)) for slug in raw.skills]
    if raw.transfer:
        said.append(Said("transfer", ""))
    if raw.status == "retired":
        said.append(Said("retired", ""))
    said += _paragraphs("text", raw.text)
    for name in ("options", "answer", "mistakes", "steps", "pairs", "extra"):
        said += _answer(name, raw.answer.get(name))
    for hint in raw.hints:
        said += _paragraphs("hint", hint)
    return [*said, *_paragraphs("explanation", raw.explanation)]


def said_by_module(raw: RawModule, elsewhere: Mapping[str, str]) -> list[Said]:
    """Everything a module's own text says. elsewhere: titles of what it may build on."""
    said = [
        Said("title", raw.title),
        Said("summary", raw.summary),
        Said("goal", raw.goal),
        Said("language", raw.language),
        Said("as-of", raw.as_of.isoformat() if raw.as_of else ""),
    ]
    said += [Said("source", f"{s.title}, {s.publisher}, {s.year}, {s.url}") for s in raw.sources]
    titles = {**elsewhere, **{skill.slug: skill.title for skill in raw.skills}}
    for skill in raw.skills:
        said += _skill(skill, titles)
    return said


def _skill(skill: RawSkill, titles: Mapping[str, str]) -> Iterator[Said]:
    yield Said("skill", skill.title)
    yield Said("summary", skill.summary)
    yield from (Said("builds-on", titles.get(slug, slug)) for slug in skill.prerequisites)
    yield from (Said("builds-on", titles.get(place, place)) for place in skill.builds_on)
    for name in ("prior", "learn", "guess", "slip"):
        yield Said(name, f"{skill.parameters[name]:g}")
    yield Said("because", skill.because)
    for framework, codes in skill.frameworks.items():
        yield Said("framework", f"{framework}: {', '.join(codes)}")


def _said(whole: Whole | None, item_id: str) -> list[Said]:
    raw = whole.items.get(item_id) if whole else None
    return said_by_item(raw, whole.titles) if whole and raw else []


def _item(
    item_id: str,
    before: RawItem | None,
    after: RawItem | None,
    said: tuple[list[Said], list[Said]],
) -> Difference | None:
    lines = compared(*said)
    if not lines:
        return None
    if before is None or after is None:
        mark = Mark.ADDED if before is None else Mark.REMOVED
        titled = after or before
        return Difference(item_id, titled.title if titled else "", mark, lines)
    return Difference(item_id, after.title, Mark.SAME, lines)


def _answer(name: str, value: object) -> Iterator[Said]:
    if isinstance(value, Mapping):
        yield from _row(name, value)
    elif isinstance(value, list):
        for row in value:
            yield from _row(name, row) if isinstance(row, Mapping) else [Said(name, str(row))]


def _row(name: str, row: Mapping[str, object]) -> Iterator[Said]:
    for key, value in row.items():
        if key == "correct":
            continue
        label = key
        if name == "options" and key == "text":
            label = "option-right" if row.get("correct") is True else "option-wrong"
        if name == "pairs" and key == "right":
            label = "right-side"
        text = ", ".join(map(str, value)) if isinstance(value, list) else _plain(value)
        yield Said(label if name != "mistakes" or key == "feedback" else f"mistake-{key}", text)


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _paragraphs(label: str, text: str) -> list[Said]:
    return [Said(label, part.strip()) for part in text.split("\n\n") if part.strip()]


def _shortened(lines: list[Line]) -> list[Line]:
    if len(lines) <= 2 * KEPT_AROUND + 1:
        return lines
    return [*lines[:KEPT_AROUND], Line(Mark.LEFT_OUT, "", ""), *lines[-KEPT_AROUND:]]
