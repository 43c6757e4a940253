"""The switch itself: everybody's mastery, the module's parameter set and the record, all at once.

One transaction. Until it commits the old set is in force everywhere, afterwards the new one; a
process that dies at any moment leaves one of the two.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.orm import Session

from app.models import (
    Calibration,
    CalibrationState,
    LearnerState,
    Mastery,
    Module,
    ParameterSet,
    ParameterSwitch,
    RebuiltMastery,
    RebuiltState,
    SwitchedLog,
)
from app.services import audit
from app.services.errors import Refused
from app.services.learning import offer
from app.services.oversight.calibration.patience import take_time
from app.services.oversight.calibration.rebuilding import (
    FEW,
    Target,
    concerned,
    find_behind,
    rebuild_some,
)

ACTIVATED, ROLLED_BACK = "parameters-activated", "parameters-rolled-back"
_COLUMNS = (
    "learner_id",
    "skill_id",
    "agency_id",
    "mastery",
    "answers",
    "standing",
    "record",
    "last_sequence",
)


class Behind(Exception):
    """Too many learners have moved on since they were rebuilt; nothing was switched."""


def switch(session: Session, target: Target, *, at: datetime) -> None:
    """Put the rebuilt mastery in the place of the old, and the module on the new set."""
    take_time(session)
    module = session.scalars(
        select(Module).where(Module.id == target.module_id).with_for_update(key_share=True)
    ).one()
    if session.get(ParameterSwitch, target.switch_id) is not None:
        return
    if module.parameter_set_id != target.before_set_id:
        raise Refused("The module has been given other parameters since. Nothing was switched.")
    session.execute(
        select(LearnerState.learner_id)
        .where(concerned(target))
        .order_by(LearnerState.learner_id)
        .with_for_update()
    ).all()
    behind = find_behind(session, target, limit=FEW + 1)
    if len(behind) > FEW:
        raise Behind
    rebuild_some(session, target=target, heads=behind)
    _replace_mastery(session, target)
    _record(session, target, at=at)
    module.parameter_set_id = target.parameter_set_id
    _settle(session, target)
    number = session.scalar(
        select(ParameterSet.number).where(ParameterSet.id == target.parameter_set_id)
    )
    act = ROLLED_BACK if target.rolls_back else ACTIVATED
    audit.record(
        session,
        act=act,
        actor=None,
        agency_id=module.agency_id,
        at=at,
        module=module.slug,
        parameter_set=number,
    )


def until_switched(rebuild: Callable[[], None], switch: Callable[[], None]) -> None:
    """Rebuild and switch; where too many have moved on, rebuild them and try once more."""
    while True:
        rebuild()
        try:
            switch()
        except Behind:
            continue
        return


def _replace_mastery(session: Session, target: Target) -> None:
    rebuilt = select(RebuiltState.learner_id).where(RebuiltState.switch_id == target.switch_id)
    session.execute(delete(Mastery).where(Mastery.learner_id.in_(rebuilt)))
    session.execute(
        insert(Mastery).from_select(
            _COLUMNS,
            select(*(getattr(RebuiltMastery, name) for name in _COLUMNS)).where(
                RebuiltMastery.switch_id == target.switch_id
            ),
        )
    )
    trace = (
        select(RebuiltState.trace)
        .where(
            RebuiltState.switch_id == target.switch_id,
            RebuiltState.learner_id == LearnerState.learner_id,
        )
        .scalar_subquery()
    )
    session.execute(
        update(LearnerState).where(LearnerState.learner_id.in_(rebuilt)).values(trace=trace),
        execution_options={"synchronize_session": False},
    )


def _record(session: Session, target: Target, *, at: datetime) -> None:
    """Keep from which response on the new set holds in each log, so that replay stays exact."""
    session.add(
        ParameterSwitch(
            id=target.switch_id,
            calibration_id=target.calibration_id,
            module_id=target.module_id,
            before_set_id=target.before_set_id,
            parameter_set_id=target.parameter_set_id,
            switched_at=at,
        )
    )
    session.flush()
    session.execute(
        insert(SwitchedLog).from_select(
            (
                "switch_id",
                "learner_id",
                "agency_id",
                "number",
                "standings",
                "engine",
                "after_sequence",
                "after_serving",
            ),
            select(
                RebuiltState.switch_id,
                RebuiltState.learner_id,
                RebuiltState.agency_id,
                RebuiltState.number,
                RebuiltState.standings,
                literal(offer.ENGINE),
                RebuiltState.sequence,
                LearnerState.servings,
            )
            .join(LearnerState, LearnerState.learner_id == RebuiltState.learner_id)
            .where(RebuiltState.switch_id == target.switch_id),
        )
    )


def _settle(session: Session, target: Target) -> None:
    """Say of this calibration, and of the one before it, what became of them."""
    own = session.get_one(Calibration, target.calibration_id)
    before, now = CalibrationState.ACTIVE, CalibrationState.RETIRED
    concerned_set = target.before_set_id
    own.state = CalibrationState.ACTIVE
    if target.rolls_back:
        before, now = now, before
        concerned_set = target.parameter_set_id
        own.state = CalibrationState.ROLLED_BACK
    session.execute(
        update(Calibration)
        .where(
            Calibration.module_id == target.module_id,
            Calibration.id != own.id,
            Calibration.proposed_set_id == concerned_set,
            Calibration.state == before,
        )
        .values(state=now)
    )
