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
from app.words import Sentence

HINT, EXPLANATION = "Hint", "Explanation"
NOTHING_EXPLAINED = Sentence("The explanation is missing.")
NO_HINT = Sentence("A hint says nothing.")
_HEADER = frozenset({"id", "kind", "status", "skills", "transfer"})


def read_item(text: str, *, file: str, path: PurePath) -> Item | tuple[Problem, ...]:
    """Return the item of a file's text, or every problem that keeps it from being one."""
    front = split_front_matter(text)
    if front is None:
        said = Sentence("The file must open with TOML between two lines of +++.")
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
        said = Sentence(
            "%(key)s must be one of %(values)s.", key="format", values=", ".join(EXERCISES)
        )
        problems = (*problems, VALID_VALUES.broken(file, table.lines.of("format"), said))
    return problems


def _body_problems(
    table: Table, sections: tuple[Section, ...], *, file: str
) -> tuple[Problem, ...]:
    """Return what is wrong with the sections of the body, whatever the front matter says."""
    opening, others = sections[0], sections[1:]
    problems = []
    if not opening.text:
        said = Sentence("The text is missing.")
        problems.append(BODY_PRESENT.broken(file, opening.heading, said))
    titles = [section.title for section in others]
    allowed = {HINT, EXPLANATION} if table.values.get("kind") == "exercise" else set()
    for section in others:
        if section.title not in allowed:
            said = Sentence(
                "# %(title)s is not a section here; inner headings start with ##.",
                title=section.title,
            )
            problems.append(KNOWN_SECTIONS.broken(file, section.heading, said))
        elif not section.text:
            said = NOTHING_EXPLAINED if section.title == EXPLANATION else NO_HINT
            problems.append(BODY_PRESENT.broken(file, section.heading, said))
    count = titles.count(EXPLANATION)
    if allowed and count != 1:
        said = Sentence("There are %(count)d explanations; one is enough.", count=count)
        said = said if count else NOTHING_EXPLAINED
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
