"""One calibration from end to end: read, fit, compare. Needs numpy, numba and pyBKT.

Only the process of the job imports this.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.models import Module
from app.services.catalogue import parameter_sets, shelf
from app.services.learning import difficulties
from app.services.oversight.calibration import comparing, proposing, reading
from app.services.oversight.calibration.patience import take_time
from app.words import Sentence
from engine import Plan

Tell = Callable[[Sentence, float], None]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What came out: the plan, the set it was compared with, and the comparison."""

    module_id: str
    base_set_id: str
    plan: Plan
    comparison: dict[str, Any]


def calibrate(open_session: Callable[[], Session], module_id: str, *, tell: Tell) -> Proposal:
    """What the answers of a module speak for. Refused where there are too few."""
    tell(Sentence("Reading the answers"), 0.02)
    with open_session() as session:
        take_time(session)
        module = session.get_one(Module, module_id)
        active = parameter_sets.complete(
            session, shelf.plan(session, module.parameter_set_id), module_id=module_id
        )
        syllabus = shelf.syllabus(session, module.revision_id)
        running = difficulties.of_module(session, module_id)
        answered = reading.read(session, module, skills=list(active.skills))
    proposing.check_enough(answered)
    tell(Sentence("Fitting the model"), 0.2)
    plan = proposing.propose(answered, active=active, syllabus=syllabus, running=running)
    tell(Sentence("Fitting the baseline of pyBKT to compare with"), 0.5)
    baseline = proposing.predict_baseline(answered)
    with open_session() as session:
        take_time(session)
        comparison = comparing.compare(
            session,
            module,
            answered,
            active=active,
            proposal=plan,
            baseline=baseline,
            tell=lambda done, of: tell(
                Sentence("Working out what would change for people"), 0.7 + 0.3 * done / of
            ),
        )
    return Proposal(module_id, module.parameter_set_id, plan, comparison)
