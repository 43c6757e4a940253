"""Making a rehearsal. Only the process of the job imports this: no web worker simulates."""

import secrets
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from app.models import Module
from app.services.catalogue import shelf
from app.services.teaching.rehearsals import Made
from engine import Curriculum, Plan
from engine.simulate.rehearsal import rehearse

# Of each kind: a share is seldom out by much more than one in ten.
LEARNERS = 60


def make(
    open_session: Callable[[], Session], module_id: str, *, tell: Callable[[float], None]
) -> Made:
    """The module as it is taught now, rehearsed; takes some seconds."""
    with open_session() as session:
        module = session.get_one(Module, module_id)
        curriculum = shelf.syllabus(session, module.revision_id).curriculum
        plan = shelf.plan(session, module.parameter_set_id)
    seed, found = simulate(curriculum, plan, tell=tell)
    return Made(module_id, module.slug, module.revision_id, module.parameter_set_id, seed, found)


def simulate(
    curriculum: Curriculum,
    plan: Plan,
    *,
    tell: Callable[[float], None],
) -> tuple[int, dict[str, Any]]:
    """A seed, and the rehearsal that it gives."""
    seed = secrets.randbits(32)
    found = rehearse(curriculum, plan, learners=LEARNERS, seed=seed, tell=tell)
    return seed, asdict(found)
