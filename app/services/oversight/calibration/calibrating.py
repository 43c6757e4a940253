"""One calibration from end to end: read, fit or take over, compare. Needs numpy, numba and pyBKT.

Only the process of the job imports this.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.models import Module
from app.services.catalogue import parameter_sets, shelf
from app.services.learning import difficulties
from app.services.oversight.calibration import comparing, proposing
from app.services.oversight.calibration.answered import MOST_IN_MEMORY, Answered, find_answers
from app.services.oversight.calibration.patience import take_time
from app.words import Sentence
from engine import Plan, SkillParameters

Tell = Callable[[Sentence, float], None]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What came out: the plan, the set it was compared with, and the comparison."""

    module_id: str
    base_set_id: str
    plan: Plan
    origin: str
    comparison: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Begun:
    """What a proposal starts from.

    expert: what experts expect of each skill.  running: the difficulty of items now, by id.
    """

    module: Module
    active: Plan
    expert: Mapping[str, SkillParameters]
    syllabus: shelf.Syllabus
    running: Mapping[str, float]
    answered: Answered


def calibrate(
    open_session: Callable[[], Session],
    module_id: str,
    *,
    tell: Tell,
    most: int = MOST_IN_MEMORY,
) -> Proposal:
    """What the answers of a module speak for. Refused where there are too few.

    most: answers that are read as a whole.
    """
    begun = _begin(open_session, module_id, tell=tell, most=most)
    tell(Sentence("Fitting the model"), 0.2)
    plan = proposing.propose(
        begun.answered,
        active=begun.active,
        expert=begun.expert,
        syllabus=begun.syllabus,
        running=begun.running,
    )
    return _weigh(open_session, begun, plan, origin=parameter_sets.FITTED, tell=tell)


def take_over(
    open_session: Callable[[], Session],
    module_id: str,
    table: Mapping[str, SkillParameters],
    *,
    tell: Tell,
) -> Proposal:
    """What a table of parameters would do, judged as a fit is: Refused where answers are few."""
    begun = _begin(open_session, module_id, tell=tell)
    plan = proposing.adopt(table, active=begun.active, syllabus=begun.syllabus)
    return _weigh(open_session, begun, plan, origin=parameter_sets.IMPORTED, tell=tell)


def _begin(
    open_session: Callable[[], Session],
    module_id: str,
    *,
    tell: Tell,
    most: int = MOST_IN_MEMORY,
) -> _Begun:
    tell(Sentence("Reading the answers"), 0.02)
    with open_session() as session:
        take_time(session)
        module = session.get_one(Module, module_id)
        active = parameter_sets.complete(
            session, shelf.plan(session, module.parameter_set_id), module_id=module_id
        )
        syllabus = shelf.syllabus(session, module.revision_id)
        running = difficulties.of_module(session, module_id)
        expert = parameter_sets.expert(session, module_id)
    answered = find_answers(open_session, module_id, skills=list(active.skills), most=most)
    proposing.check_enough(answered)
    return _Begun(module, active, expert, syllabus, running, answered)


def _weigh(
    open_session: Callable[[], Session], begun: _Begun, plan: Plan, *, origin: str, tell: Tell
) -> Proposal:
    tell(Sentence("Fitting the baseline of pyBKT to compare with"), 0.5)
    baseline = proposing.predict_baseline(begun.answered.sample)
    with open_session() as session:
        take_time(session)
        comparison = comparing.compare(
            session,
            begun.module,
            begun.answered,
            active=begun.active,
            proposal=plan,
            baseline=baseline,
            tell=lambda done, of: tell(
                Sentence("Working out what would change for people"), 0.7 + 0.3 * done / of
            ),
        )
    return Proposal(begun.module.id, begun.module.parameter_set_id, plan, origin, comparison)
