"""An item, built from its file: front matter, then the sections of its body."""

from pathlib import PurePath

from app.authoring.body import Section, cut
from app.authoring.catalogue import Item, Source, Status
from app.authoring.document import from_document
from app.authoring.entry import Entry
from app.authoring.file_rules import (
    BODY_PRESENT,
    EXPLANATION_PRESENT,
    FRONT_MATTER,
    KNOWN_SECTIONS,
    VALID_VALUES,
)
from app.authoring.formats.exercise import VERSION
from app.authoring.problem import Problem
from app.authoring.schema import EXERCISES, ItemSchema, LessonSchema
from app.authoring.toml_file import Table, check, parse, split_front_matter

HINT, EXPLANATION = "Hint", "Explanation"
_HEADER = frozenset({"id", "kind", "status", "skills", "transfer"})


def read_item(text: str, *, file: str, path: PurePath) -> Item | tuple[Problem, ...]:
    """Return the item of a file's text, or every problem that keeps it from being one."""
    front = split_front_matter(text)
    if front is None:
        said = "The file must open with TOML between two lines of +++."
        return (FRONT_MATTER.broken(file, 1, said),)
    sections = cut(front.body, first=front.body_first)
    table = parse(front.toml, file=file, first=front.first)
    if isinstance(table, Problem):
        return (table,)
    entry = _checked(table, file=file)
    broken = _body_problems(table, sections, file=file)
    if isinstance(entry, tuple) or broken:
        return (*(entry if isinstance(entry, tuple) else ()), *broken)
    return Item(
        id=entry.text("id"),
        slug=path.stem,
        folder=path.parent.name,
        status=Status(entry.text("status")),
        skills=entry.texts("skills"),
        transfer=entry.has("transfer") and entry.flag("transfer"),
        document=from_document(_document(entry, sections)),
        source=Source(file=file, lines=table.lines, sections=sections),
    )


def _checked(table: Table, *, file: str) -> Entry | tuple[Problem, ...]:
    kind, format_ = table.values.get("kind"), table.values.get("format")
    if kind == "lesson":
        return check(table, LessonSchema(), file=file)
    if kind == "exercise" and isinstance(format_, str) and format_ in EXERCISES:
        return check(table, EXERCISES[format_](), file=file)
    checked = check(table, ItemSchema(unknown="exclude"), file=file)
    problems = checked if isinstance(checked, tuple) else ()
    if kind == "exercise" and "format" in table.values:
        line, known = table.lines.of("format"), ", ".join(EXERCISES)
        said = f"format must be one of {known}."
        problems = (*problems, VALID_VALUES.broken(file, line, said))
    return problems


def _body_problems(
    table: Table, sections: tuple[Section, ...], *, file: str
) -> tuple[Problem, ...]:
    """Return what is wrong with the sections of the body, whatever the front matter says."""
    opening, others = sections[0], sections[1:]
    problems = []
    if not opening.text:
        problems.append(Problem(file, opening.heading, "body-present", "The text is missing."))
    titles = [section.title for section in others]
    allowed = {HINT, EXPLANATION} if table.values.get("kind") == "exercise" else set()
    for section in others:
        if section.title not in allowed:
            said = f"# {section.title} is not a section here; inner headings start with ##."
            problems.append(KNOWN_SECTIONS.broken(file, section.heading, said))
        elif not section.text:
            said = f"# {section.title} has no text."
            problems.append(BODY_PRESENT.broken(file, section.heading, said))
    if allowed and titles.count(EXPLANATION) != 1:
        said = f"There must be one # Explanation section, got {titles.count(EXPLANATION)}."
        problems.append(EXPLANATION_PRESENT.broken(file, sections[-1].heading, said))
    return tuple(problems)


def _document(entry: Entry, sections: tuple[Section, ...]) -> dict[str, object]:
    values = {name: entry.raw(name) for name in entry.names() if name not in _HEADER}
    values["version"] = VERSION
    if entry.text("kind") == "lesson":
        return values | {"text": sections[0].text}
    hints = [section.text for section in sections if section.title == HINT]
    why = next(section.text for section in sections if section.title == EXPLANATION)
    return values | {"question": sections[0].text, "hints": hints, "explanation": why}
