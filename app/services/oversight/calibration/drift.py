"""Watching whether predictions still hold: what was expected before each answer against what came.

The prediction of an answer is kept with its serving, before anybody knows the answer. A skill whose
predictions are off raises an alarm; what follows from it is for people to decide.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Module, Response, Serving, SkillDrift
from app.services import audit
from app.services.catalogue import shelf
from app.services.cohorts.suppression import FEWEST_PEOPLE
from app.services.oversight.calibration.patience import take_time
from engine import Outcome

LOOKS_BACK = timedelta(weeks=4)
FEWEST_ANSWERS = 100
WORST = 0.08
"""Largest gap between what is expected and what comes that raises no alarm."""
WIDTH = 2.5758
"""Standard normal quantile of a 99 % interval: nine skills a week, a false alarm in two years."""
BINS = 5
"""Of the predicted chance, equally wide: too high in one and too low in another cancel out in the
mean of all, and are seen here."""
BEYOND_CHANCE = (0.0, 6.635, 9.210, 11.345, 13.277, 15.086)
"""By how many bins hold answers: what chance leaves in 99 % (quantiles of chi-square)."""
ROWS_AT_ONCE = 5_000
FOUND = "drift-found"


@dataclass(frozen=True, slots=True)
class Drift:
    """One skill in the last weeks. Shares in [0, 1]; low and high bound right - predicted.

    error: the calibration error over bins of predicted chance, beyond what chance explains.
    """

    skill_id: str
    module_id: str
    answers: int
    learners: int
    predicted: float
    right: float
    low: float
    high: float
    error: float
    alarm: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """The skills of all modules, since when."""

    since: datetime
    skills: tuple[Drift, ...]

    @property
    def alarms(self) -> int:
        return sum(skill.alarm for skill in self.skills)


@dataclass(frozen=True, slots=True)
class DriftShown:
    """A skill as an officer sees it; without figures where they would tell of few people."""

    title: str
    figures: SkillDrift | None
    alarm: bool


@dataclass(slots=True)
class _Bin:
    """Answers whose predicted chance is alike. variance: of their sum, if predictions hold."""

    predicted: float = 0.0
    right: int = 0
    variance: float = 0.0

    @property
    def gap(self) -> float:
        return self.right - self.predicted


@dataclass(slots=True)
class _Sum:
    answers: int = 0
    learners: set[object] = field(default_factory=set)
    bins: list[_Bin] = field(default_factory=lambda: [_Bin() for _ in range(BINS)])

    def add(self, learner_id: object, predicted: float, *, right: bool) -> None:
        self.answers += 1
        self.learners.add(learner_id)
        own = self.bins[min(int(predicted * BINS), BINS - 1)]
        own.predicted += predicted
        own.right += right
        own.variance += predicted * (1.0 - predicted)


def measure(session: Session, *, at: datetime) -> Measured:
    """What was expected of the answers of the last weeks, and what came, by skill."""
    take_time(session)
    since = at - LOOKS_BACK
    sums: dict[tuple[str, str], _Sum] = {}
    rows = session.execute(
        select(
            Response.module_id,
            Response.module_revision_id,
            Response.item_id,
            Response.learner_id,
            Response.outcome,
            Serving.predicted,
        )
        .join(Serving, Serving.id == Response.serving_id)
        .where(
            Response.answered_at >= since,
            Response.answered_at <= at,
            Response.outcome != Outcome.READ.value,
            Response.hints == 0,  # an answer is predicted as one without help
            Serving.predicted.is_not(None),
        )
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for module_id, revision_id, item_id, learner_id, outcome, kept in rows:
        predicted = float(kept or 0.0)  # the query leaves out what has none
        right = outcome == Outcome.CORRECT.value
        for skill in shelf.syllabus(session, revision_id).curriculum.item(item_id).skills:
            own = sums.setdefault((module_id, skill), _Sum())
            own.add(learner_id, predicted, right=right)
    return Measured(since, tuple(_drift(*key, own) for key, own in sorted(sums.items())))


def _drift(module_id: str, skill_id: str, own: _Sum) -> Drift:
    """The gap with the interval that chance alone would leave about it, and the error."""
    n = own.answers
    predicted, right = sum(some.predicted for some in own.bins), sum(b.right for b in own.bins)
    gap = (right - predicted) / n
    spread = WIDTH * math.sqrt(sum(some.variance for some in own.bins)) / n
    low, high = gap - spread, gap + spread
    error = _error(own)
    enough = n >= FEWEST_ANSWERS and len(own.learners) >= FEWEST_PEOPLE
    off = abs(gap) > WORST and (low > 0.0 or high < 0.0)
    return Drift(
        skill_id=skill_id,
        module_id=module_id,
        answers=n,
        learners=len(own.learners),
        predicted=predicted / n,
        right=right / n,
        low=low,
        high=high,
        error=error,
        alarm=enough and (off or (error > WORST and _is_beyond_chance(own.bins))),
    )


def _error(own: _Sum) -> float:
    """The calibration error, less what predictions that hold have by chance: in [0, 1].

        sum over bins of max(0, |sum (y - p)| - sqrt(2 / pi sum p (1 - p))) / n

    Source: Brocker (2012), Climate Dynamics 39, 655-667; as engine.skill_checks, but of a stream.
    """
    beyond = (abs(some.gap) - math.sqrt(2.0 / math.pi * some.variance) for some in own.bins)
    return sum(max(0.0, excess) for excess in beyond) / own.answers


def _is_beyond_chance(bins: Sequence[_Bin]) -> bool:
    """Whether the gaps of all bins are together larger than chance makes them, 99 times of 100.

    Source: Hosmer & Lemeshow (1980), Communications in Statistics A9, 1043-1069.
    """
    held = [some for some in bins if some.variance > 0.0]
    return sum(some.gap**2 / some.variance for some in held) > BEYOND_CHANCE[len(held)]


def keep(session: Session, measured: Measured, *, at: datetime) -> None:
    """Keep the figures; skills that were in order before and are not now become an audit event."""
    before = _latest(session)
    session.add_all(
        SkillDrift(
            skill_id=skill.skill_id,
            module_id=skill.module_id,
            measured_at=at,
            since=measured.since,
            answers=skill.answers,
            learners=skill.learners,
            predicted=skill.predicted,
            right=skill.right,
            low=skill.low,
            high=skill.high,
            error=skill.error,
            alarm=skill.alarm,
        )
        for skill in measured.skills
    )
    fresh: dict[str, list[str]] = {}
    for skill in measured.skills:
        known = before.get(skill.skill_id)
        if skill.alarm and not (known is not None and known.alarm):
            fresh.setdefault(skill.module_id, []).append(skill.skill_id)
    for module_id, skills in fresh.items():
        module = session.get_one(Module, module_id)
        titles = shelf.syllabus(session, module.revision_id).skills
        audit.record(
            session,
            act=FOUND,
            actor=None,
            agency_id=module.agency_id,
            at=at,
            module=module.slug,
            skills=[titles[skill].title for skill in skills if skill in titles],
        )


def of_module(session: Session, module_id: str, titles: Mapping[str, str]) -> Sequence[DriftShown]:
    """The latest figures of a module's skills. titles: by id, in the order to show."""
    latest = _latest(session, module_id=module_id)
    return [_shown(title, latest.get(skill)) for skill, title in titles.items()]


def alarms(session: Session, module_ids: Iterable[str]) -> Mapping[str, int]:
    """How many skills of each module are off."""
    counts = dict.fromkeys(module_ids, 0)
    for skill in _latest(session).values():
        if skill.module_id in counts:
            counts[skill.module_id] += skill.alarm
    return counts


def measured_at(session: Session) -> datetime | None:
    """When this was last looked at."""
    return session.scalar(select(func.max(SkillDrift.measured_at)))


def _shown(title: str, row: SkillDrift | None) -> DriftShown:
    if row is None or row.learners < FEWEST_PEOPLE:
        return DriftShown(title, None, alarm=False)
    return DriftShown(title, row, row.alarm)


def _latest(session: Session, *, module_id: str | None = None) -> dict[str, SkillDrift]:
    """The figures of the last measurement, by skill."""
    query = select(SkillDrift).where(
        SkillDrift.measured_at == select(func.max(SkillDrift.measured_at)).scalar_subquery()
    )
    if module_id is not None:
        query = query.where(SkillDrift.module_id == module_id)
    return {row.skill_id: row for row in session.scalars(query)}
