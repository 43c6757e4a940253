"""Who may learn what: a person learns the modules of the programmes they are enrolled in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Cohort, Enrolment, Module, ProgrammeModule
from app.services.errors import NotFound
from app.services.learning.learner import Learner


def check_may_learn(session: Session, module_id: str, *, learner: Learner) -> None:
    """Raise NotFound unless the module is in a programme the learner is enrolled in."""
    found = session.execute(
        select(Module.id)
        .join(ProgrammeModule, ProgrammeModule.module_id == Module.id)
        .join(Cohort, Cohort.programme_id == ProgrammeModule.programme_id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(
            Module.id == module_id,
            Enrolment.learner_id == learner.id,
            Enrolment.agency_id == learner.agency_id,
            Enrolment.ended_at.is_(None),
        )
        .limit(1)
    ).first()
    if found is None:
        raise NotFound
