"""What can be said of a learner's skills: expected success on a standard item, with its interval.

Apart from the mastery that steers, on every page that shows it.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import LearnerState, Module
from app.services.catalogue import shelf
from app.services.learning import states
from app.services.learning.learner import Learner
from engine import Plan, SkillState, Statement, Trace, state_success


def of_module(
    session: Session, module_id: str, *, learner: Learner, at: datetime
) -> dict[str, Statement | None]:
    """What can be said of every skill of the module; None where there are not enough answers."""
    row = session.execute(
        select(Module.parameter_set_id, LearnerState.trace)
        .outerjoin(LearnerState, LearnerState.learner_id == learner.id)
        .where(Module.id == module_id)
    ).one()
    plan, trace = shelf.plan(session, row.parameter_set_id), states.read_trace(row.trace)
    return of_plan(plan, states.read(session, learner.id), trace, at=at)


def of_plan(
    plan: Plan, known: Mapping[str, SkillState], trace: Trace, *, at: datetime
) -> dict[str, Statement | None]:
    """The same of somebody who is known already, under the plan of the module."""
    return {
        skill: state_success(plan, skill, known.get(skill), trace, at=states.seconds(at))
        for skill in plan.skills
    }
