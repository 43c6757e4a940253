"""The items of a module in a row, those to mend first at the top."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.authoring import Exercise
from app.services.audit import Actor
from app.services.catalogue import shelf
from app.services.teaching import reports
from app.services.teaching.item_figures import Figures
from app.services.teaching.item_key import KeyPart, PartKind, key_parts
from app.services.teaching.material import Content
from app.services.teaching.module_figures import ModuleFigures


class Order(StrEnum):
    """How the list is sorted."""

    MEND = "mend"
    FACILITY = "facility"
    DISCRIMINATION = "discrimination"
    ANSWERS = "answers"
    REPORTS = "reports"
    TITLE = "title"
    MODULE = "module"


@dataclass(frozen=True, slots=True)
class CommonMiss:
    """The wrong option most learners chose first, and what share of all learners that is."""

    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the list. suspected_key: strong learners prefer a wrong answer to the right."""

    id: str
    title: str
    format: str
    is_lesson: bool
    transfer: bool
    skills: tuple[str, ...]
    figures: Figures
    common_miss: CommonMiss | None
    suspected_key: bool
    open_reports: int


def lines(
    session: Session,
    content: Content,
    figures: ModuleFigures,
    *,
    trainer: Actor,
    skill_slug: str,
    order: Order,
) -> tuple[Line, ...]:
    """The items of the module, or of one of its skills, in the order asked for."""
    syllabus = content.syllabus
    wanted = {skill.id for skill in syllabus.skills.values() if skill_slug in ("", skill.slug)}
    reported = reports.count_open(session, trainer=trainer)
    found = []
    for entry in syllabus.items.values():
        if not wanted & set(entry.skills):
            continue
        own = figures.of_item(entry)
        key = _key(session, entry) if own.enough else ()
        found.append(
            Line(
                id=entry.id,
                title=entry.title,
                format=entry.format,
                is_lesson=entry.kind == "lesson",
                transfer=entry.transfer,
                skills=tuple(syllabus.skills[skill].title for skill in entry.skills),
                figures=own,
                common_miss=_common_miss(key, own),
                suspected_key=suspected_key(key, own) is not None,
                open_reports=reported.get(entry.id, 0),
            )
        )
    return in_order(found, order)


def suspected_key(key: Sequence[KeyPart], figures: Figures) -> KeyPart | None:
    """The option that strong learners prefer to the one that counts as right, if there is one."""
    options = {part.key: part for part in key if part.kind is PartKind.OPTION}
    found = figures.suspects_key({name: part.right for name, part in options.items()})
    return options[found] if found else None


def in_order(found: Sequence[Line], order: Order) -> tuple[Line, ...]:
    """The lines sorted; Order.MODULE leaves them as they stand in the module."""
    key = _KEYS.get(order)
    return tuple(sorted(found, key=key) if key else found)


def _key(session: Session, entry: shelf.ItemEntry) -> tuple[KeyPart, ...]:
    document = shelf.document(session, entry.revision_id)
    return key_parts(document) if isinstance(document, Exercise) else ()


def _common_miss(key: Sequence[KeyPart], figures: Figures) -> CommonMiss | None:
    wrong = [part for part in key if part.kind is PartKind.OPTION and not part.right]
    most = max(wrong, key=lambda part: figures.taken.get(part.key, 0), default=None)
    if most is None or not figures.taken.get(most.key):
        return None
    return CommonMiss(most.text, figures.taken[most.key] / figures.learners)


def _mend(line: Line) -> tuple[Any, ...]:
    figures = line.figures
    return (
        -line.open_reports,
        not line.suspected_key,
        not figures.is_poor,
        not figures.surprise,
        -abs(figures.gap),
        line.title,
    )


def _facility(line: Line) -> tuple[Any, ...]:
    enough = line.figures.enough and not line.is_lesson
    return (not enough, line.figures.facility if enough else 0.0, line.title)


def _discrimination(line: Line) -> tuple[Any, ...]:
    found = line.figures.discrimination if line.figures.compares else None
    return (found is None, found, line.title)


_KEYS: Mapping[Order, Callable[[Line], tuple[Any, ...]]] = {
    Order.MEND: _mend,
    Order.FACILITY: _facility,
    Order.DISCRIMINATION: _discrimination,
    Order.ANSWERS: lambda line: (-line.figures.answers, line.title),
    Order.REPORTS: lambda line: (-line.open_reports, line.title),
    Order.TITLE: lambda line: (line.title.casefold(),),
}
