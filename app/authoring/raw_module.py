"""A module as its author left it: perhaps unfinished, written back as the text of module.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.authoring.toml_text import write_toml

PARAMETERS: Mapping[str, float] = {
    "prior": 0.3,
    "learn": 0.2,
    "guess": 0.25,
    "slip": 0.1,
    "forget": 0.0,
}


@dataclass(frozen=True, slots=True)
class RawSkill:
    id: str
    slug: str
    title: str
    summary: str = ""
    prerequisites: tuple[str, ...] = ()
    builds_on: tuple[str, ...] = ()  # `module/skill`: skills of other modules
    parameters: Mapping[str, float] = field(default_factory=lambda: dict(PARAMETERS))
    because: str = ""
    frameworks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawSource:
    title: str
    publisher: str
    year: int
    url: str


@dataclass(frozen=True, slots=True)
class RawModule:
    id: str
    title: str
    summary: str = ""
    goal: str = ""
    status: str = "draft"
    language: str = "en"
    as_of: date | None = None
    sources: tuple[RawSource, ...] = ()
    skills: tuple[RawSkill, ...] = ()

    def skill(self, slug: str) -> RawSkill | None:
        return next((skill for skill in self.skills if skill.slug == slug), None)


def read_raw_module(text: str) -> RawModule | None:
    """Return the parts of a module's text; None when it cannot be read as TOML."""
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError):
        return None
    as_of = values.get("as_of")
    return RawModule(
        id=_word(values, "id"),
        title=_word(values, "title"),
        summary=_word(values, "summary"),
        goal=_word(values, "goal"),
        status=_word(values, "status") or "draft",
        language=_word(values, "language") or "en",
        as_of=as_of if isinstance(as_of, date) else None,
        sources=tuple(map(_source, _rows(values, "sources"))),
        skills=tuple(map(_skill, _rows(values, "skills"))),
    )


def write_module(raw: RawModule) -> str:
    """Return the text of module.toml."""
    return (
        write_toml(
            {
                "id": raw.id,
                "title": raw.title,
                "summary": raw.summary,
                "goal": raw.goal,
                "status": raw.status,
                "language": raw.language,
                "as_of": raw.as_of,
                "sources": [
                    {"title": s.title, "publisher": s.publisher, "year": s.year, "url": s.url}
                    for s in raw.sources
                ]
                or None,
                "skills": [_skill_values(skill) for skill in raw.skills] or None,
            }
        )
        + "\n"
    )


def _skill_values(skill: RawSkill) -> dict[str, object]:
    return {
        "id": skill.id,
        "slug": skill.slug,
        "title": skill.title,
        "summary": skill.summary,
        "prerequisites": list(skill.prerequisites),
        "builds_on": list(skill.builds_on) or None,
        "parameters": dict(skill.parameters),
        "because": skill.because,
        "frameworks": {name: list(codes) for name, codes in skill.frameworks.items()},
    }


def _source(row: Mapping[str, object]) -> RawSource:
    year = row.get("year")
    return RawSource(
        title=_word(row, "title"),
        publisher=_word(row, "publisher"),
        year=year if isinstance(year, int) else 0,
        url=_word(row, "url"),
    )


def _skill(row: Mapping[str, object]) -> RawSkill:
    given = row.get("parameters")
    parameters = given if isinstance(given, Mapping) else {}
    frameworks = row.get("frameworks")
    return RawSkill(
        id=_word(row, "id"),
        slug=_word(row, "slug"),
        title=_word(row, "title"),
        summary=_word(row, "summary"),
        prerequisites=_words(row.get("prerequisites")),
        builds_on=_words(row.get("builds_on")),
        parameters={
            name: float(value) if isinstance(value := parameters.get(name), int | float) else usual
            for name, usual in PARAMETERS.items()
        },
        because=_word(row, "because"),
        frameworks={
            str(name): _words(codes)
            for name, codes in (frameworks if isinstance(frameworks, Mapping) else {}).items()
        },
    )


def _rows(values: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    rows = values.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _word(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _words(values: object) -> tuple[str, ...]:
    return tuple(v for v in values if isinstance(v, str)) if isinstance(values, list) else ()
