"""The items of a module in a row, those to mend first at the top."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.authoring import Format, MultipleChoice, SingleChoice
from app.services.audit import Actor
from app.services.catalogue import shelf
from app.services.teaching import item_figures, reports
from app.services.teaching.item_figures import NO_FIGURES, Figures
from app.services.teaching.material import Content


class Order(StrEnum):
    """How the list is sorted."""

    MEND = "mend"
    FACILITY = "facility"
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
    """One item of the list."""

    id: str
    title: str
    format: str
    is_lesson: bool
    transfer: bool
    skills: tuple[str, ...]
    figures: Figures
    common_miss: CommonMiss | None
    open_reports: int


def lines(
    session: Session, content: Content, *, trainer: Actor, skill_slug: str, order: Order
) -> tuple[Line, ...]:
    """The items of the module, or of one of its skills, in the order asked for."""
    syllabus = content.syllabus
    wanted = {skill.id for skill in syllabus.skills.values() if skill_slug in ("", skill.slug)}
    entries = [item for item in syllabus.items.values() if wanted & set(item.skills)]
    figures = item_figures.of_items(session, syllabus, content.parameters, entries, trainer=trainer)
    misses = _common_misses(session, entries, figures, trainer=trainer)
    reported = reports.count_open(session, trainer=trainer)
    found = [
        Line(
            id=entry.id,
            title=entry.title,
            format=entry.format,
            is_lesson=entry.kind == "lesson",
            transfer=entry.transfer,
            skills=tuple(syllabus.skills[skill].title for skill in entry.skills),
            figures=figures.get(entry.id, NO_FIGURES),
            common_miss=misses.get(entry.id),
            open_reports=reported.get(entry.id, 0),
        )
        for entry in entries
    ]
    return in_order(found, order)


def in_order(found: Sequence[Line], order: Order) -> tuple[Line, ...]:
    """The lines sorted; Order.MODULE leaves them as they stand in the module."""
    key = _KEYS.get(order)
    return tuple(sorted(found, key=key) if key else found)


def _common_misses(
    session: Session,
    entries: list[shelf.ItemEntry],
    figures: Mapping[str, Figures],
    *,
    trainer: Actor,
) -> dict[str, CommonMiss]:
    chosen = [
        entry
        for entry in entries
        if entry.format in (Format.SINGLE_CHOICE, Format.MULTIPLE_CHOICE)
        and figures.get(entry.id, NO_FIGURES).enough
    ]
    wrong = item_figures.wrong_choices(session, chosen, trainer=trainer)
    found = {}
    for entry in chosen:
        document = shelf.document(session, entry.revision_id)
        if not isinstance(document, SingleChoice | MultipleChoice):
            continue
        miss = _most_chosen(document, wrong.get(entry.id, {}))
        if miss is not None:
            text, learners = miss
            found[entry.id] = CommonMiss(text, learners / figures[entry.id].learners)
    return found


def _most_chosen(
    document: SingleChoice | MultipleChoice, wrong: Mapping[str, int]
) -> tuple[str, int] | None:
    counts: Counter[str] = Counter()
    for choice, learners in wrong.items():
        answer = json.loads(choice)["answer"]
        for key in [answer] if isinstance(answer, str) else answer:
            counts[key] += learners
    options = [option for option in document.options if not option.correct and counts[option.key]]
    most = max(options, key=lambda option: counts[option.key], default=None)
    return None if most is None else (most.text, counts[most.key])


def _mend(line: Line) -> tuple[Any, ...]:
    return (-line.open_reports, not line.figures.surprise, -abs(line.figures.gap), line.title)


def _facility(line: Line) -> tuple[Any, ...]:
    enough = line.figures.enough and not line.is_lesson
    return (not enough, line.figures.facility if enough else 0.0, line.title)


_KEYS: Mapping[Order, Callable[[Line], tuple[Any, ...]]] = {
    Order.MEND: _mend,
    Order.FACILITY: _facility,
    Order.ANSWERS: lambda line: (-line.figures.answers, line.title),
    Order.REPORTS: lambda line: (-line.open_reports, line.title),
    Order.TITLE: lambda line: (line.title.casefold(),),
}
