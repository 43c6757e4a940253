"""Comparing a proposal with the set in use and with pyBKT's, and saying what it means for people.

Figures are of learners nobody was fitted to. Counts of people are given only where they are nought
or enough that nobody can be recognised.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from app.models import Module
from app.services.catalogue import shelf
from app.services.cohorts.suppression import FEWEST_PEOPLE
from app.services.learning import offer, states
from app.services.oversight.calibration.answered import Answered
from app.services.oversight.calibration.parts import FEWEST_JUDGED, HELD_OUT, part_of
from app.services.oversight.calibration.reading import ModuleLog
from app.services.oversight.calibration.trails import follow, read_logs
from engine import Curriculum, Evidence, Plan, SkillState, assess, is_mastered
from engine.evaluation import Accuracy, judge
from engine.model.answers import AnswerLog, Flags, Floats

NAMES = ("active", "proposed", "baseline")

Tell = Callable[[int, int], None]
Document = dict[str, Any]


@dataclass(slots=True)
class _People:
    """Who would gain or lose what, by skill; "" is anything at all, each person once."""

    gain: Counter[str] = field(default_factory=Counter)
    lose: Counter[str] = field(default_factory=Counter)
    unevidenced: Counter[str] = field(default_factory=Counter)

    def look(
        self, before: Mapping[str, SkillState], after: Mapping[str, SkillState], of: Curriculum
    ) -> None:
        """Take in one learner."""
        told = dict.fromkeys(("gain", "lose", "unevidenced"), False)
        for skill in of.order:
            was, will = (_mastered(known.get(skill)) for known in (before, after))
            shown = assess(before.get(skill), of, skill) is Evidence.EVIDENCED
            stays = assess(after.get(skill), of, skill) is Evidence.EVIDENCED
            for name, holds in (
                ("gain", will and not was),
                ("lose", was and not will),
                ("unevidenced", shown and not stays),
            ):
                if holds:
                    getattr(self, name)[skill] += 1
                    told[name] = True
        for name, holds in told.items():
            getattr(self, name)[""] += holds

    def told(self, skill: str) -> Document:
        return {
            "gain": suppressed(self.gain[skill]),
            "lose": suppressed(self.lose[skill]),
            "unevidenced": suppressed(self.unevidenced[skill]),
        }


def compare(
    session: Session,
    module: Module,
    answered: Answered,
    *,
    active: Plan,
    proposal: Plan,
    baseline: Floats,
    tell: Tell,
) -> Document:
    """How the proposal does on held-out answers, and what it would change for people.

    baseline: what pyBKT expects of every held-out answer of the sample.
    """
    sample = answered.sample
    judged = dict(zip(sample.learners, np.diff(sample.log.starts).tolist(), strict=True))
    curriculum = shelf.syllabus(session, module.revision_id).curriculum
    people = _People()
    expected: dict[str, list[float]] = {"active": [], "proposed": []}
    held_out = 0
    for number, log in enumerate(read_logs(session, module)):
        tell(number, answered.learners)
        after = follow(session, log, module_id=module.id, plan=proposal)
        people.look(states.read(session, log.learner_id), after.known, curriculum)
        answers = judged.get(log.learner_id.hex, 0)
        if part_of(log.learner_id) == HELD_OUT and answers:
            held_out += 1
            now = follow(session, log, module_id=module.id, plan=active)
            # Somebody may have gone on since the sample was read.
            expected["active"] += now.predicted[:answers]
            expected["proposed"] += after.predicted[:answers]
    predictions = {name: np.array(values) for name, values in expected.items()}
    predictions["baseline"] = baseline
    figures, by_skill = _judged(sample, predictions)
    return {
        "learners": answered.learners,
        "answers": answered.answers,
        "held_out_learners": held_out,
        "held_out_answers": figures["active"]["answers"],
        "figures": figures,
        "better": is_better(figures),
        "people": people.told(""),
        "skills": [
            {
                "skill": skill,
                "tier": proposal.tier(skill).tier.value,
                "why": proposal.tier(skill).why.value,
                "answers": by_skill[skill][0],
                "figures": by_skill[skill][1],
                "people": people.told(skill),
            }
            for skill in curriculum.order
        ],
    }


def is_better(figures: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the proposal beats both others: smaller log-loss, and ranking that is no worse."""
    own = figures["proposed"]
    return all(
        own["log_loss"] < figures[other]["log_loss"]
        and (own["auc"] or 0.0) >= (figures[other]["auc"] or 0.0)
        for other in ("active", "baseline")
    )


def suppressed(people: int) -> int | None:
    """A count that may be shown; None where it is of fewer people than may be told apart."""
    return people if people == 0 or people >= FEWEST_PEOPLE else None


def _mastered(state: SkillState | None) -> bool:
    return state is not None and is_mastered(state, offer.POLICY)


def _judged(
    answered: ModuleLog, predictions: Mapping[str, Floats]
) -> tuple[Document, Mapping[str, tuple[int, Document | None]]]:
    """The figures over all unaided held-out answers, and with their number for each skill."""
    kept = answered.log.folds == HELD_OUT
    log = answered.log.keep(kept)
    rows = np.repeat(kept, np.diff(answered.log.starts))
    unaided = answered.unaided[rows]
    pairs = np.repeat(np.arange(log.n_answers), np.diff(log.skill_starts))
    by_skill: dict[str, tuple[int, Document | None]] = {}
    for place, skill in enumerate(answered.labels.skills):
        own = np.zeros(log.n_answers, dtype=bool)
        own[pairs[log.skills == place]] = True
        own &= unaided
        count = int(own.sum())
        enough = count >= FEWEST_JUDGED
        by_skill[skill] = (count, _figures(log, predictions, own) if enough else None)
    return _figures(log, predictions, unaided), by_skill


def _figures(log: AnswerLog, predictions: Mapping[str, Floats], rows: Flags) -> Document:
    return {
        name: _plain(judge(predictions[name][rows], log.correct[rows], log.learner_of[rows]))
        for name in NAMES
    }


def _plain(accuracy: Accuracy) -> Document:
    """The figures as JSON holds them: what is no number is None."""
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in asdict(accuracy).items()
    }
