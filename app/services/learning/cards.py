"""The modules of a learner as cards: which they are in, how each stands, and which comes first."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from math import isfinite

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.models import (
    Cohort,
    Enrolment,
    LearnerState,
    Module,
    ModuleStanding,
    ModuleState,
    Programme,
    ProgrammeModule,
)
from app.ready import Ready, Row
from app.services.catalogue import shelf
from app.services.learning import groundwork, offer, states
from app.services.learning.learner import Learner
from engine import SkillState, due_at, is_mastered, remaining_minutes


@dataclass(frozen=True, slots=True)
class NextReview:
    """The mastered skill that is to be asked about again first, and from when on."""

    skill: str
    at: datetime
    is_due: bool


@dataclass(frozen=True, slots=True)
class ModuleCard:
    """A module of the learner's, and how it stands. `standing` None: not started.

    review_at: once nothing else is open, when something will be.  next_review: of the mastered
    skills, whatever else is open.  builds_on: the ids of the modules its skills build on.
    """

    id: str
    slug: str
    title: str
    summary: str
    language: str  # of title and summary
    programme: str
    required: bool
    due_on: date | None
    standing: str | None
    minutes_left: float
    mastered: int
    skills: int
    finished_at: datetime | None
    review_at: datetime | None
    review_due: bool
    next_review: NextReview | None
    builds_on: frozenset[str]


def modules(session: Session, *, learner: Learner, at: datetime) -> tuple[ModuleCard, ...]:
    """The learner's modules: what can be worked on first, then by due date.

    Of those as urgent as each other, what others build on comes before them.
    """
    known = states.read(session, learner.id)
    cards: dict[str, ModuleCard] = {}
    for row in enrolled(session, learner):
        card = card_of(session, row, known, language=learner.language, at=at)
        # Somebody enrolled twice has one module, with the stricter of the two demands.
        if card.id not in cards or urgency(card) < urgency(cards[card.id]):
            cards[card.id] = card
    by_urgency = groupby(sorted(cards.values(), key=urgency), key=urgency)
    return tuple(card for _, equals in by_urgency for card in groundwork.first(equals))


def following(
    session: Session, card: ModuleCard, *, learner: Learner, at: datetime
) -> ModuleCard | None:
    """The first of the learner's other modules in which something can be done; None if none."""
    others = (each for each in modules(session, learner=learner, at=at) if each.id != card.id)
    return next((each for each in others if not waits(each)), None)


_ENROLLED = Ready(
    select(
        Module.id,
        Module.revision_id,
        Module.parameter_set_id,
        Programme.title.label("programme"),
        Programme.words,
        Cohort.due_on,
        Cohort.required,
        ModuleState.standing,
        ModuleState.minutes_left,
        ModuleState.closing,
        ModuleState.open_serving_id,
        ModuleState.finished_at,
        LearnerState.trace,
    )
    .join(ProgrammeModule, ProgrammeModule.module_id == Module.id)
    .join(Programme, Programme.id == ProgrammeModule.programme_id)
    .join(Cohort, Cohort.programme_id == Programme.id)
    .join(Enrolment, Enrolment.cohort_id == Cohort.id)
    .outerjoin(
        ModuleState,
        and_(
            ModuleState.module_id == Module.id,
            ModuleState.learner_id == Enrolment.learner_id,
        ),
    )
    .outerjoin(LearnerState, LearnerState.learner_id == Enrolment.learner_id)
    .where(
        Enrolment.learner_id == bindparam("learner_id"),
        Enrolment.agency_id == bindparam("agency_id"),
        Enrolment.ended_at.is_(None),
        # Who has begun a module that was retired since goes on to its end.
        or_(Module.status != "retired", ModuleState.learner_id.is_not(None)),
    )
    .order_by(ProgrammeModule.position)
)


def enrolled(session: Session, learner: Learner) -> list[Row]:
    """The learner's modules, one row for each enrolment and module."""
    return _ENROLLED.run(session, {"learner_id": learner.id, "agency_id": learner.agency_id})


def card_of(
    session: Session,
    row: Row,
    known: Mapping[str, SkillState],
    *,
    language: str | None,
    at: datetime,
) -> ModuleCard:
    """The card of one row of `enrolled`, for a learner with these skills."""
    syllabus = shelf.syllabus(session, row.revision_id).read_in(language)
    minutes = row.minutes_left
    if minutes is None:
        parameters = shelf.parameters(session, row.parameter_set_id)
        minutes = remaining_minutes(syllabus.curriculum, known, parameters, offer.POLICY)
    review = (row.closing or {}).get("terms", {}).get("next_review")
    review_at = None if review is None else datetime.fromtimestamp(review, UTC)
    mine = [known[skill] for skill in syllabus.skills if skill in known]
    return ModuleCard(
        id=row.id,
        slug=syllabus.slug,
        title=syllabus.title,
        summary=syllabus.summary,
        language=syllabus.language,
        programme=json.loads(row.words).get(language, {}).get("title", row.programme),
        required=row.required,
        due_on=row.due_on,
        standing=row.standing,
        minutes_left=minutes,
        mastered=sum(is_mastered(state, offer.POLICY) for state in mine),
        skills=len(syllabus.skills),
        finished_at=row.finished_at,
        review_at=review_at,
        review_due=review_at is not None and review_at <= at,
        next_review=_next_review(syllabus, known, at=at),
        builds_on=syllabus.foundations,
    )


def _next_review(
    syllabus: shelf.Syllabus, known: Mapping[str, SkillState], *, at: datetime
) -> NextReview | None:
    reviews = [
        (found, skill.title)
        for skill in syllabus.skills.values()
        if (found := review_at(known.get(skill.id))) is not None
    ]
    if not reviews:
        return None
    soonest, title = min(reviews)
    return NextReview(skill=title, at=soonest, is_due=soonest <= at)


def review_at(state: SkillState | None) -> datetime | None:
    """From when on a skill is to be asked about again, as it may fade; None where it is not."""
    if state is None or not is_mastered(state, offer.POLICY):
        return None
    due = due_at(state, offer.POLICY)
    return datetime.fromtimestamp(due, UTC) if isfinite(due) else None


def urgency(card: ModuleCard) -> tuple[bool, bool, date]:
    """What sorts the most urgent first."""
    return waits(card), not card.required, card.due_on or date.max


def waits(card: ModuleCard) -> bool:
    """Whether nothing can be done in it now."""
    closed = card.standing in (ModuleStanding.FINISHED, ModuleStanding.STUCK)
    return closed and not card.review_due
