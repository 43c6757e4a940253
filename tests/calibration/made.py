"""Calibrations that are already worked out, for tests of what people do with them."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.db import Database
from app.models import Module, ParameterSet
from app.services.catalogue import shelf
from app.services.oversight.calibration import calibrations
from engine import Plan, SkillParameters
from tests.people import Person, module_id


@dataclass(frozen=True, slots=True)
class Made:
    """What a calibration came to."""

    module_id: str
    base_set_id: str
    plan: Plan
    comparison: dict[str, Any]
    origin: str = "fitted"


def comparison(session: Session, *, better: bool = True, lose: int | None = 12) -> dict[str, Any]:
    """A comparison as the job makes it."""
    module = session.get_one(Module, module_id(session))
    syllabus = shelf.syllabus(session, module.revision_id)
    figures = {
        name: {
            "answers": 400,
            "learners": 40,
            "auc": auc,
            "learner_auc": auc,
            "rmse": 0.41,
            "log_loss": loss,
            "calibration_error": loss / 20,
        }
        for name, auc, loss in (
            ("active", 0.701, 0.580),
            ("proposed", 0.764 if better else 0.690, 0.541 if better else 0.601),
            ("baseline", 0.721, 0.569),
        )
    }
    few = {"gain": None, "lose": 0, "unevidenced": 0}
    return {
        "learners": 220,
        "answers": 5_300,
        "held_out_learners": 40,
        "held_out_answers": 400,
        "figures": figures,
        "better": better,
        "people": {"gain": 47, "lose": lose, "unevidenced": 0},
        "skills": [
            {
                "skill": skill,
                "tier": "history" if place else "ability",
                "why": "fitted" if place else "few-answers",
                "answers": 90 if place else 30,
                "figures": figures if place else None,
                "people": {"gain": 14, "lose": None, "unevidenced": 0} if place else few,
            }
            for place, skill in enumerate(syllabus.skills)
        ],
    }


def other_plan(plan: Plan) -> Plan:
    """A plan that sees every skill otherwise: easier to guess, slower to learn."""
    skills = {
        skill: SkillParameters(
            prior=0.5 * own.prior,
            learn=max(0.01, 0.5 * own.learn),
            guess=min(0.3, own.guess + 0.08),
            slip=own.slip,
            forget=own.forget,
        )
        for skill, own in plan.skills.items()
    }
    return Plan(skills, plan.terms)


def make_calibration(
    database: Database,
    asker: Person | None,
    *,
    at: datetime,
    plan: Plan | None = None,
    better: bool = True,
) -> uuid.UUID:
    """A calibration of the shipped module that waits for a decision, or is not better."""

    def make(session: Session) -> uuid.UUID:
        module = session.get_one(Module, module_id(session))
        proposed = plan or other_plan(shelf.plan(session, module.parameter_set_id))
        made = Made(
            module.id, module.parameter_set_id, proposed, comparison(session, better=better)
        )
        return calibrations.keep(session, made, asker=asker, at=at)

    return database.transact(make)


def set_in_use(database: Database) -> ParameterSet:
    with database.reader() as session:
        module = session.get_one(Module, module_id(session))
        return session.get_one(ParameterSet, module.parameter_set_id)
