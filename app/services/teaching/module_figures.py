"""The figures of a module: counted by a job, kept, and read by the trainers' pages."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.authoring import Exercise
from app.models import LearnerState, Module, ModuleState, Response, Serving, TeachingFigures
from app.services.audit import Actor
from app.services.catalogue import shelf
from app.services.learning import states
from app.services.teaching import curves, item_figures
from app.services.teaching.curves import Curve
from app.services.teaching.item_figures import NO_FIGURES, Figures
from app.services.teaching.tallies import Answered, Tally

READ_AT_ONCE = 5_000
Write = Callable[[Callable[[Session], None]], None]


@dataclass(frozen=True, slots=True)
class ModuleFigures:
    """What is known of a module's items and skills; `made_at` is None before the first count."""

    made_at: datetime | None
    items: Mapping[str, Figures]
    curves: Mapping[str, Curve]

    def of_item(self, entry: shelf.ItemEntry) -> Figures:
        """The figures of an item's text in use."""
        return self.items.get(entry.revision_id, NO_FIGURES)


def read(session: Session, module_id: str, *, trainer: Actor) -> ModuleFigures:
    """The figures of this module for the trainer's agency, as last counted."""
    kept = session.get(TeachingFigures, (trainer.agency_id, module_id))
    if kept is None:
        return ModuleFigures(None, {}, {})
    return ModuleFigures(
        kept.made_at,
        {item["revision"]: item_figures.figures(item) for item in kept.document["items"].values()},
        {skill: curves.curve(counts) for skill, counts in kept.document["curves"].items()},
    )


def due(session: Session) -> list[tuple[uuid.UUID, str]]:
    """(agency, module) whose figures lack answers or are of an older revision."""
    answered = (
        select(LearnerState.agency_id, func.sum(LearnerState.sequence).label("responses"))
        .group_by(LearnerState.agency_id)
        .subquery()
    )
    taken = select(ModuleState.agency_id, ModuleState.module_id).distinct().subquery()
    rows = session.execute(
        select(taken.c.agency_id, taken.c.module_id)
        .join(answered, answered.c.agency_id == taken.c.agency_id)
        .join(Module, Module.id == taken.c.module_id)
        .outerjoin(
            TeachingFigures,
            (TeachingFigures.agency_id == taken.c.agency_id)
            & (TeachingFigures.module_id == taken.c.module_id),
        )
        .where(
            TeachingFigures.responses.is_distinct_from(answered.c.responses)
            | TeachingFigures.module_revision_id.is_distinct_from(Module.revision_id)
        )
    )
    return [(row.agency_id, row.module_id) for row in rows]


def count(session: Session, agency_id: uuid.UUID, module_id: str) -> dict[str, Any]:
    """Count a module anew for an agency; returns the row to keep but for its time."""
    module = session.get_one(Module, module_id)
    syllabus = shelf.syllabus(session, module.revision_id)
    responses = session.scalar(
        select(func.sum(LearnerState.sequence)).where(LearnerState.agency_id == agency_id)
    )
    tally = Tally(
        {
            entry.id: (_exercise(session, entry), entry.revision_id, tuple(entry.skills))
            for entry in syllabus.items.values()
        }
    )
    tally.add(_answers(session, agency_id, module_id))
    return {
        "agency_id": agency_id,
        "module_id": module_id,
        "module_revision_id": module.revision_id,
        "responses": responses or 0,
        "document": tally.document(),
    }


def keep(session: Session, row: Mapping[str, Any], *, at: datetime) -> None:
    """Put the counted figures in place of those before."""
    session.execute(
        delete(TeachingFigures).where(
            TeachingFigures.agency_id == row["agency_id"],
            TeachingFigures.module_id == row["module_id"],
        )
    )
    session.execute(insert(TeachingFigures).values(made_at=at, **row))


def refresh(reader: Callable[[], Session], write: Write, *, at: datetime) -> int:
    """Count whatever is due; returns how many modules were. Reading and writing are apart."""
    with reader() as session:
        wanted = due(session)
    for agency_id, module_id in wanted:
        with reader() as session:
            row = count(session, agency_id, module_id)
        write(lambda session, row=row: keep(session, row, at=at))  # type: ignore[misc]
    return len(wanted)


def _exercise(session: Session, entry: shelf.ItemEntry) -> Exercise | None:
    document = shelf.document(session, entry.revision_id)
    return document if isinstance(document, Exercise) else None


def _answers(session: Session, agency_id: uuid.UUID, module_id: str) -> Iterator[Answered]:
    """The agency's answers to the module, each learner's together and in order."""
    rows = session.execute(
        select(
            Response.learner_id,
            Response.item_id,
            Serving.item_revision_id,
            Response.outcome,
            Response.choice,
            Response.hints,
            Serving.served_at,
            Response.answered_at,
            Serving.predicted,
        )
        .join(Serving, Serving.id == Response.serving_id)
        .where(Response.agency_id == agency_id, Response.module_id == module_id)
        .order_by(Response.learner_id, Response.sequence)
        .execution_options(yield_per=READ_AT_ONCE)
    )
    for learner, item, revision, outcome, choice, hints, served_at, answered_at, predicted in rows:
        spent = states.whole_microseconds(answered_at - served_at) / 1e6
        yield Answered(learner, item, revision, outcome, choice, hints, spent, predicted)
