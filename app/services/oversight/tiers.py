"""How much of the model the skills of a parameter set use, and why not more."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.models import Module
from app.services.catalogue import shelf


@dataclass(frozen=True, slots=True)
class TierLine:
    """How much of the model one skill uses, and why not more."""

    title: str
    tier: str
    why: str


def of_skills(
    session: Session, parameter_set_id: str, skills: Mapping[str, str]
) -> tuple[TierLine, ...]:
    """The tier of each of these skills in a parameter set. skills: title by id."""
    plan = shelf.plan(session, parameter_set_id)
    return tuple(
        TierLine(title, tier.value, why.value)
        for skill, title in skills.items()
        for tier, why in (plan.tier(skill),)
    )


def in_use(session: Session, module_id: str, skills: Mapping[str, str]) -> tuple[TierLine, ...]:
    """The tier of each of these skills in the set that the module is taught with."""
    return of_skills(session, session.get_one(Module, module_id).parameter_set_id, skills)
