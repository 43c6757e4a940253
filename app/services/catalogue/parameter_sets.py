"""Parameter sets as they are kept: immutable, named by their digest, numbered within a module."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import ParameterSet
from app.services.catalogue import shelf
from app.services.catalogue.canonical import canonical, digest
from engine import Plan, SkillParameters

EXPERT = "expert"
FITTED = "fitted"
IMPORTED = "imported"  # from a table that somebody else's tools wrote


def keep(
    session: Session, plan: Plan, *, module_id: str, at: datetime, origin: str = FITTED
) -> str:
    """The id of the plan as a parameter set of the module; kept if it is new."""
    text = canonical({"module": module_id} | plan.to_record())
    key = digest(text)
    if session.get(ParameterSet, key) is None:
        highest = session.scalar(
            select(func.max(ParameterSet.number)).where(ParameterSet.module_id == module_id)
        )
        session.add(
            ParameterSet(
                id=key,
                module_id=module_id,
                number=(highest or 0) + 1,
                origin=origin,
                document=text,
                created_at=at,
            )
        )
        session.flush()
    return key


def complete(session: Session, plan: Plan, *, module_id: str) -> Plan:
    """The plan with every skill that was ever taught in the module.

    A skill that came later, or that only older responses are about, is taken from the newest set
    that has it.
    """
    newest = session.scalars(
        select(ParameterSet.id)
        .where(ParameterSet.module_id == module_id)
        .order_by(ParameterSet.number.desc())
    )
    skills = dict(plan.skills)
    for set_id in newest:
        for skill, own in shelf.parameters(session, set_id).items():
            skills.setdefault(skill, own)
    return plan if len(skills) == len(plan.skills) else replace(plan, skills=skills)


def expert(session: Session, module_id: str) -> shelf.Parameters:
    """What experts expect of each skill that was ever taught in the module, as they said it last.

    No set that was fitted: its answers would count again in the next fit.
    """
    newest = session.scalars(
        select(ParameterSet.id)
        .where(ParameterSet.module_id == module_id, ParameterSet.origin == EXPERT)
        .order_by(ParameterSet.number.desc())
    )
    skills: dict[str, SkillParameters] = {}
    for set_id in newest:
        skills = {**shelf.parameters(session, set_id), **skills}
    return skills
