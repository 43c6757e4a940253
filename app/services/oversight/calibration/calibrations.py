"""Calibrations as people handle them: asked for, read, approved by a second person, rolled back."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from app.models import Calibration, CalibrationState, Job, JobState, Module, ParameterSet, User
from app.services import audit
from app.services.audit import Actor
from app.services.catalogue import parameter_sets, shelf
from app.services.errors import Invalid, NotFound, Refused
from app.services.operations import jobs
from app.services.oversight.calibration.rebuilding import Target
from engine import Plan

CALIBRATION, ACTIVATION = "calibration", "activation"
SHORTEST_NOTE, LONGEST_NOTE = 10, 1000
UNDER_WAY = (CalibrationState.APPROVED, CalibrationState.ROLLING_BACK)


class Proposed(Protocol):
    """What a calibration came to."""

    @property
    def module_id(self) -> str: ...
    @property
    def base_set_id(self) -> str: ...
    @property
    def plan(self) -> Plan: ...
    @property
    def origin(self) -> str: ...
    @property
    def comparison(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class SetShown:
    """A parameter set by its number in the module."""

    number: int
    origin: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ModuleShown:
    """A module and the set it is taught with. skills: title by id."""

    id: str
    slug: str
    title: str
    language: str
    shared: bool
    active: SetShown
    skills: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CalibrationShown:
    """A calibration with its comparison and what people decided."""

    id: uuid.UUID
    module: ModuleShown
    state: CalibrationState
    base: SetShown
    proposed: SetShown
    comparison: Mapping[str, Any]
    asked_by: str | None
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None
    rolled_back_by: str | None
    rolled_back_at: datetime | None
    rolled_back_because: str | None
    may_decide: bool
    may_roll_back: bool
    asked_by_reader: bool


def modules(session: Session, officer: Actor) -> tuple[ModuleShown, ...]:
    """Every module that learners of the officer's agency may take."""
    rows = session.scalars(select(Module).where(_taught(officer)).order_by(Module.title, Module.id))
    return tuple(_module(session, row) for row in rows)


def module(session: Session, slug: str, *, officer: Actor) -> ModuleShown:
    """One of them; NotFound for any other."""
    return _module(session, _find_module(session, slug, officer))


def ask(session: Session, slug: str, *, officer: Actor, at: datetime) -> uuid.UUID:
    """Ask for a calibration of the module; the id of the job that does it."""
    found = _find_module(session, slug, officer)
    audit.record(session, act="calibration-asked", actor=officer, at=at, module=found.slug)
    return jobs.ask(session, kind=CALIBRATION, actor=officer, at=at, request={"module": found.id})


def keep(session: Session, proposed: Proposed, *, asker: Actor | None, at: datetime) -> uuid.UUID:
    """Keep what a calibration came to: proposed if it is better, for the record if it is not."""
    set_id = parameter_sets.keep(
        session, proposed.plan, module_id=proposed.module_id, at=at, origin=proposed.origin
    )
    better = proposed.comparison["better"] and set_id != proposed.base_set_id
    row = Calibration(
        id=uuid.uuid4(),
        agency_id=asker.agency_id if asker else None,
        module_id=proposed.module_id,
        base_set_id=proposed.base_set_id,
        proposed_set_id=set_id,
        comparison=proposed.comparison,
        state=CalibrationState.PROPOSED if better else CalibrationState.NOT_BETTER,
        asked_by=asker.id if asker else None,
        asked_at=at,
    )
    session.add(row)
    session.flush()
    return row.id


def of_module(session: Session, slug: str, *, officer: Actor) -> tuple[CalibrationShown, ...]:
    """The calibrations of a module, newest first."""
    found = _find_module(session, slug, officer)
    rows = session.scalars(
        select(Calibration)
        .join(Module, Module.id == Calibration.module_id)
        .where(_visible(officer), Calibration.module_id == found.id)
        .order_by(Calibration.asked_at.desc(), Calibration.id)
    )
    return tuple(_shown(session, row, officer) for row in rows)


def read(session: Session, calibration_id: uuid.UUID, *, officer: Actor) -> CalibrationShown:
    """One calibration; NotFound for another agency's."""
    return _shown(session, _find(session, calibration_id, officer), officer)


def approve(
    session: Session, calibration_id: uuid.UUID, *, officer: Actor, note: str, at: datetime
) -> uuid.UUID:
    """Approve it, as a second person; the id of the job that makes it active."""
    row = _decide(session, calibration_id, officer=officer, note=note, at=at)
    if session.get_one(Module, row.module_id).parameter_set_id != row.base_set_id:
        raise Refused(
            "The module has been given other parameters since. Ask for a new calibration."
        )
    row.state = CalibrationState.APPROVED
    _record(session, "calibration-approved", row, officer, at=at, note=note)
    return _activate(session, row, officer, row.proposed_set_id, at=at)


def reject(
    session: Session, calibration_id: uuid.UUID, *, officer: Actor, note: str, at: datetime
) -> None:
    """Decide against it."""
    row = _decide(session, calibration_id, officer=officer, note=note, at=at)
    row.state = CalibrationState.REJECTED
    _record(session, "calibration-rejected", row, officer, at=at, note=note)


def roll_back(
    session: Session, calibration_id: uuid.UUID, *, officer: Actor, reason: str, at: datetime
) -> uuid.UUID:
    """Go back to the set before it; the id of the job that does it."""
    row = _find(session, calibration_id, officer, lock=True)
    _check_note(reason, "reason")
    taught = session.get_one(Module, row.module_id)
    if (
        _stands(session, row) != CalibrationState.ACTIVE
        or taught.parameter_set_id != row.proposed_set_id
    ):
        raise Refused("These parameters are not in use, so there is nothing to roll back.")
    row.state = CalibrationState.ROLLING_BACK
    row.rolled_back_by, row.rolled_back_at, row.rolled_back_because = officer.id, at, reason
    # What has come to be taught since is kept with it: nobody may meet a skill without parameters.
    base = parameter_sets.complete(
        session, shelf.plan(session, row.base_set_id), module_id=row.module_id
    )
    whole = base is shelf.plan(session, row.base_set_id)
    target = (
        row.base_set_id if whole else parameter_sets.keep(session, base, module_id=taught.id, at=at)
    )
    _record(session, "calibration-rolled-back", row, officer, at=at, note=reason)
    return _activate(session, row, officer, target, at=at)


def target(session: Session, request: Mapping[str, Any]) -> Target:
    """The switch that a job was asked for."""
    row = session.get_one(Calibration, uuid.UUID(request["calibration"]))
    return Target(
        switch_id=uuid.UUID(request["switch"]),
        calibration_id=row.id,
        module_id=row.module_id,
        before_set_id=request["before"],
        parameter_set_id=request["after"],
        rolls_back=request["rolls_back"],
    )


def give_up(session: Session, switched: Target) -> None:
    """The switch could not be made: the decision stands open again."""
    back = CalibrationState.ACTIVE if switched.rolls_back else CalibrationState.PROPOSED
    session.execute(
        update(Calibration)
        .where(Calibration.id == switched.calibration_id, Calibration.state.in_(UNDER_WAY))
        .values(state=back)
    )


def may_decide(session: Session, row: Calibration, officer: Actor) -> bool:
    """Whether this person may decide on it: a second one, on what is still open."""
    return _stands(session, row) == CalibrationState.PROPOSED and row.asked_by != officer.id


def _stands(session: Session, row: Calibration) -> str:
    """The state of it; a switch that was given up for good leaves the state before it."""
    if row.state not in UNDER_WAY:
        return row.state
    under_way = session.scalar(
        select(Job.id)
        .where(
            Job.kind == ACTIVATION,
            Job.state.in_((JobState.WAITING, JobState.RUNNING)),
            Job.request["calibration"].as_string() == str(row.id),
        )
        .limit(1)
    )
    if under_way is not None:
        return row.state
    rolling = row.state == CalibrationState.ROLLING_BACK
    return CalibrationState.ACTIVE if rolling else CalibrationState.PROPOSED


def _decide(
    session: Session, calibration_id: uuid.UUID, *, officer: Actor, note: str, at: datetime
) -> Calibration:
    row = _find(session, calibration_id, officer, lock=True)
    _check_note(note, "note")
    if row.state == CalibrationState.NOT_BETTER:
        raise Refused("This proposal is not better than what is in use, so it cannot be approved.")
    if _stands(session, row) != CalibrationState.PROPOSED:
        raise Refused("This calibration has been decided on already.")
    if row.asked_by == officer.id:
        raise Refused("You asked for this calibration. Somebody else has to decide on it.")
    row.decided_by, row.decided_at, row.note = officer.id, at, note
    # For what was asked for at the terminal, the deciding officer's agency keeps it.
    row.agency_id = row.agency_id or officer.agency_id
    return row


def _check_note(text: str, field: str) -> None:
    if not SHORTEST_NOTE <= len(text) <= LONGEST_NOTE:
        raise Invalid(
            "Say why in %(least)d to %(most)d characters.",
            field=field,
            least=SHORTEST_NOTE,
            most=LONGEST_NOTE,
        )


def _activate(
    session: Session, row: Calibration, officer: Actor, set_id: str, *, at: datetime
) -> uuid.UUID:
    request = {
        "calibration": str(row.id),
        "switch": str(uuid.uuid4()),
        "before": session.get_one(Module, row.module_id).parameter_set_id,
        "after": set_id,
        "rolls_back": row.state == CalibrationState.ROLLING_BACK,
    }
    return jobs.ask(session, kind=ACTIVATION, actor=officer, at=at, request=request)


def _record(
    session: Session, act: str, row: Calibration, officer: Actor, *, at: datetime, note: str
) -> None:
    slug = session.get_one(Module, row.module_id).slug
    number = session.get_one(ParameterSet, row.proposed_set_id).number
    audit.record(
        session, act=act, actor=officer, at=at, module=slug, parameter_set=number, note=note
    )


def _taught(officer: Actor) -> ColumnElement[bool]:
    return or_(Module.agency_id.is_(None), Module.agency_id == officer.agency_id)


def _visible(officer: Actor) -> ColumnElement[bool]:
    """Asked for in the officer's agency, or at the terminal."""
    own = or_(Calibration.agency_id.is_(None), Calibration.agency_id == officer.agency_id)
    return own & _taught(officer)


def _find_module(session: Session, slug: str, officer: Actor) -> Module:
    found = session.scalar(select(Module).where(Module.slug == slug, _taught(officer)))
    if found is None:
        raise NotFound
    return found


def _find(
    session: Session, calibration_id: uuid.UUID, officer: Actor, *, lock: bool = False
) -> Calibration:
    query = (
        select(Calibration)
        .join(Module, Module.id == Calibration.module_id)
        .where(Calibration.id == calibration_id, _visible(officer))
    )
    found = session.scalar(query.with_for_update(of=Calibration) if lock else query)
    if found is None:
        raise NotFound
    return found


def _module(session: Session, row: Module) -> ModuleShown:
    syllabus = shelf.syllabus(session, row.revision_id)
    return ModuleShown(
        id=row.id,
        slug=row.slug,
        title=syllabus.title,
        language=syllabus.language,
        shared=row.agency_id is None,
        active=_set(session, row.parameter_set_id),
        skills={skill.id: skill.title for skill in syllabus.skills.values()},
    )


def _set(session: Session, set_id: str) -> SetShown:
    row = session.execute(
        select(ParameterSet.number, ParameterSet.origin, ParameterSet.created_at).where(
            ParameterSet.id == set_id
        )
    ).one()
    return SetShown(*row)


def _shown(session: Session, row: Calibration, officer: Actor) -> CalibrationShown:
    taught = session.get_one(Module, row.module_id)
    in_use = taught.parameter_set_id == row.proposed_set_id
    return CalibrationShown(
        id=row.id,
        module=_module(session, taught),
        state=CalibrationState(_stands(session, row)),
        base=_set(session, row.base_set_id),
        proposed=_set(session, row.proposed_set_id),
        comparison=row.comparison,
        asked_by=_name(session, row.asked_by),
        asked_at=row.asked_at,
        decided_by=_name(session, row.decided_by),
        decided_at=row.decided_at,
        note=row.note,
        rolled_back_by=_name(session, row.rolled_back_by),
        rolled_back_at=row.rolled_back_at,
        rolled_back_because=row.rolled_back_because,
        may_decide=may_decide(session, row, officer),
        may_roll_back=_stands(session, row) == CalibrationState.ACTIVE and in_use,
        asked_by_reader=row.asked_by == officer.id,
    )


def _name(session: Session, person_id: uuid.UUID | None) -> str | None:
    return session.scalar(select(User.name).where(User.id == person_id)) if person_id else None
