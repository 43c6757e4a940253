"""Rehearsals of a module: simulated learners go through it, and its trainer reads how they fared.

No answer of anybody is in it: it rests on the module's text and on its parameters alone.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Module, Rehearsal
from app.services.audit import Actor
from app.services.operations import jobs
from app.services.teaching import material

REHEARSAL = "rehearsal"
# A skill runs out of questions where so many were shown one again.
RUNS_OUT = 0.2


@dataclass(frozen=True, slots=True)
class Strain:
    """How the items of a skill last, with all learners or with one kind; shares in [0, 1]."""

    skill: str
    items: float
    repeated: float
    stuck: float

    @property
    def runs_out(self) -> bool:
        return self.repeated >= RUNS_OUT


@dataclass(frozen=True, slots=True)
class CourseStep:
    """One item of a course: why it came, for which skill, and how it ended."""

    item: str
    skill: str
    rule: str
    outcome: str


@dataclass(frozen=True, slots=True)
class TypicalCourse:
    """What the learner with the median minutes was shown. end: None where it was too long."""

    minutes: float
    end: str | None
    steps: tuple[CourseStep, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one kind of learner would meet; shares in [0, 1].

    Rehearsals made earlier have no strains and no course of a kind.
    """

    kind: str
    learners: int
    items: float
    minutes: float
    longest_minutes: float
    finished: float
    stuck: float
    known: float
    strains: tuple[Strain, ...]
    course: TypicalCourse | None


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A rehearsal as it is shown. is_current: of the revision and parameters in use now."""

    made_at: datetime
    is_current: bool
    outlooks: tuple[Outlook, ...]
    strains: tuple[Strain, ...]

    @property
    def short_of_items(self) -> tuple[Strain, ...]:
        """The skills that run out of questions for all or for some, the worst first."""
        found = (it for it in self.strains if it.runs_out or self.runs_out_for(it.skill))
        return tuple(sorted(found, key=lambda strain: -strain.repeated))

    def runs_out_for(self, skill: str) -> tuple[str, ...]:
        """The kinds of learner for whom a skill runs out of questions."""
        return tuple(
            outlook.kind
            for outlook in self.outlooks
            if any(strain.skill == skill and strain.runs_out for strain in outlook.strains)
        )


@dataclass(frozen=True, slots=True)
class Made:
    """A rehearsal that was made and is to be kept."""

    module_id: str
    slug: str
    revision_id: str
    parameter_set_id: str
    seed: int
    document: Mapping[str, Any]


def ask(session: Session, slug: str, *, trainer: Actor, at: datetime) -> uuid.UUID:
    """Ask for a rehearsal of a module the trainer may see; the id of the job that makes it."""
    found = material.content(session, slug, trainer=trainer).syllabus
    return jobs.ask(
        session, kind=REHEARSAL, actor=trainer, at=at, request={"module": found.module_id}
    )


def keep(session: Session, made: Made, *, asker: Actor, at: datetime) -> None:
    """Keep it for the agency that asked."""
    session.add(
        Rehearsal(
            id=uuid.uuid4(),
            agency_id=asker.agency_id,
            module_id=made.module_id,
            module_revision_id=made.revision_id,
            parameter_set_id=made.parameter_set_id,
            asked_by=asker.id,
            made_at=at,
            seed=made.seed,
            document=dict(made.document),
        )
    )


def latest(session: Session, module_id: str, *, trainer: Actor) -> Rehearsed | None:
    """The latest rehearsal that the trainer's agency asked for."""
    kept = session.scalars(
        select(Rehearsal)
        .where(Rehearsal.module_id == module_id, Rehearsal.agency_id == trainer.agency_id)
        .order_by(Rehearsal.made_at.desc(), Rehearsal.id)
        .limit(1)
    ).first()
    if kept is None:
        return None
    module = session.get_one(Module, module_id)
    rests_on = kept.module_revision_id, kept.parameter_set_id
    is_current = rests_on == (module.revision_id, module.parameter_set_id)
    return rehearsed(kept.document, made_at=kept.made_at, is_current=is_current)


def rehearsed(document: Mapping[str, Any], *, made_at: datetime, is_current: bool) -> Rehearsed:
    """A rehearsal as it was kept, to be shown."""
    return Rehearsed(
        made_at=made_at,
        is_current=is_current,
        outlooks=tuple(_outlook(line) for line in document["outlooks"]),
        strains=tuple(Strain(**line) for line in document["strains"]),
    )


def _outlook(line: Mapping[str, Any]) -> Outlook:
    strains = tuple(Strain(**strain) for strain in line.get("strains", ()))
    course = _course(line["course"]) if "course" in line else None
    return Outlook(**{**line, "strains": strains, "course": course})


def _course(line: Mapping[str, Any]) -> TypicalCourse:
    steps = tuple(CourseStep(**step) for step in line["steps"])
    return TypicalCourse(line["minutes"], line["end"], steps)
