"""Calibrating a module, switching it to what was approved, and watching how predictions hold."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from app.clock import now
from app.jobs.task import Work
from app.services.errors import DomainError
from app.services.oversight.calibration import calibrations, drift
from app.services.oversight.calibration.activation import switch, until_switched
from app.services.oversight.calibration.rebuilding import Target, forget, rebuild
from app.words import Sentence


def calibrate(work: Work) -> None:
    # Only here: it needs libraries that switching and watching do without.
    from app.services.oversight.calibration.calibrating import (  # noqa: PLC0415
        Proposal,
        calibrate,
    )

    def store(session: Session, proposal: Proposal) -> Mapping[str, Any]:
        kept = calibrations.keep(session, proposal, asker=work.asker, at=now())
        return {"calibration_id": str(kept)}

    proposal = calibrate(work.database.reader, work.request["module"], tell=_telling(work))
    work.finish(partial(store, proposal=proposal))


def activate(work: Work) -> None:
    with work.database.reader() as session:
        target = calibrations.target(session, work.request)
    try:
        until_switched(
            lambda: rebuild(
                work.database.reader, work.database.transact, target, tell=_telling(work)
            ),
            lambda: work.finish(partial(_switch, target=target)),
        )
    except DomainError:
        work.database.transact(partial(calibrations.give_up, switched=target))
        raise
    finally:
        work.database.transact(partial(forget, switch_id=target.switch_id))


def watch(work: Work) -> None:
    with work.database.reader() as session:
        measured = drift.measure(session, at=now())
    work.finish(partial(_keep, measured=measured))


def _switch(session: Session, target: Target) -> Mapping[str, Any]:
    switch(session, target, at=now())
    return {"calibration_id": str(target.calibration_id)}


def _keep(session: Session, measured: drift.Measured) -> Mapping[str, Any]:
    drift.keep(session, measured, at=now())
    return {"skills": len(measured.skills), "alarms": measured.alarms}


def _telling(work: Work) -> Callable[[Sentence, float], None]:
    def tell(stage: Sentence, progress: float) -> None:
        work.tell(stage, progress=progress)

    return tell
