"""Programmes and modules, built from their checked TOML."""

from app.authoring.catalogue import (
    ExpertParameters,
    Item,
    Module,
    Programme,
    Reference,
    Skill,
    Source,
    Status,
)
from app.authoring.entry import Entry


def programme_from(entry: Entry, source: Source, *, slug: str) -> Programme:
    return Programme(
        id=entry.text("id"),
        slug=slug,
        title=entry.text("title"),
        summary=entry.text("summary"),
        status=Status(entry.text("status")),
        modules=entry.texts("modules"),
        source=source,
    )


def module_from(
    entry: Entry,
    source: Source,
    *,
    slug: str,
    programme: str,
    items: tuple[Item, ...],
    media: tuple[str, ...],
) -> Module:
    return Module(
        id=entry.text("id"),
        slug=slug,
        programme=programme,
        title=entry.text("title"),
        summary=entry.text("summary"),
        goal=entry.text("goal"),
        status=Status(entry.text("status")),
        language=entry.text("language"),
        as_of=entry.day("as_of"),
        sources=tuple(_reference(row) for row in entry.entries("sources")),
        skills=tuple(_skill(row) for row in entry.entries("skills")),
        items=items,
        media=media,
        source=source,
    )


def _reference(entry: Entry) -> Reference:
    return Reference(
        title=entry.text("title"),
        publisher=entry.text("publisher"),
        year=entry.whole("year"),
        url=entry.text("url"),
    )


def _skill(entry: Entry) -> Skill:
    frameworks = entry.entry("frameworks")
    return Skill(
        id=entry.text("id"),
        slug=entry.text("slug"),
        title=entry.text("title"),
        summary=entry.text("summary"),
        prerequisites=entry.texts("prerequisites"),
        builds_on=entry.texts("builds_on"),
        parameters=_parameters(entry.entry("parameters")),
        because=entry.text("because"),
        frameworks=tuple((name, frameworks.texts(name)) for name in frameworks.names()),
    )


def _parameters(entry: Entry) -> ExpertParameters:
    return ExpertParameters(
        prior=entry.number("prior"),
        learn=entry.number("learn"),
        guess=entry.number("guess"),
        slip=entry.number("slip"),
        forget=entry.number("forget"),
    )
