"""What a learner sees in one module: the open item with its reasons, and every skill."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.authoring import Exercise, Lesson, in_language
from app.models import HintTaken, Response, Serving
from app.ready import Ready, Row
from app.services.catalogue import shelf
from app.services.errors import NotFound
from app.services.learning import (
    cards,
    groundwork,
    helps,
    lessons,
    offer,
    placing,
    record,
    sheet,
    statements,
    states,
)
from app.services.learning.groundwork import Groundwork
from app.services.learning.learner import Learner
from app.services.learning.lessons import ReadLesson
from app.services.learning.wording import state_word
from engine import (
    EVIDENCE_RULE,
    Expectation,
    Recommendation,
    SkillState,
    SkillTier,
    Statement,
    Told,
    assess,
    standings,
)

LONG_RUN = EVIDENCE_RULE.long_correct, EVIDENCE_RULE.long_window
MOST_TOLD = 4


@dataclass(frozen=True, slots=True)
class OpenItem:
    """The item that waits for the learner, as they may see it before answering."""

    serving_id: uuid.UUID
    item_id: str
    title: str
    language: str | None
    lesson: Lesson | None
    sheet: sheet.Sheet | None
    hints_given: tuple[str, ...]
    why: "Why"


@dataclass(frozen=True, slots=True)
class Why:
    """A recommendation with the names a person knows things by."""

    recommendation: Recommendation
    skill: str | None
    chosen: str | None
    runner_up: str | None
    titles: Mapping[str, str]
    expected: Expectation | None = None
    tier: SkillTier | None = None

    @property
    def told(self) -> tuple[Told, ...]:
        """What of the prediction is worth a sentence, largest first."""
        return () if self.expected is None else self.expected.told(most=MOST_TOLD)


@dataclass(frozen=True, slots=True)
class SkillLine:
    """A skill and how far the learner is in it. `state` names the word that is shown.

    long_run: how many answers of how many evidence asks for, where no transfer case stands for it.
    said: what can be said of it, apart from the mastery that steers.  review_at: from when on it
    is asked about again, once it is mastered.
    """

    id: str
    slug: str
    title: str
    summary: str
    prerequisites: tuple[str, ...]
    mastery: float
    answers: int
    standing: str
    current: bool
    evidence: str
    long_run: tuple[int, int] | None
    said: Statement | None
    review_at: datetime | None

    @property
    def state(self) -> str:
        return state_word(self.mastery, self.answers, self.standing)


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice page of one module.

    Without an open item, `closing` says why. `trainers`: whom to ask, where that would help.
    groundwork: what skills of the module build on in others, by the skill's id.
    following: another module to go on with, once nothing is open in this one.
    """

    card: cards.ModuleCard
    goal: str
    open_item: OpenItem | None
    closing: Why | None
    trainers: tuple[str, ...]
    skills: tuple[SkillLine, ...]
    may_be_placed: bool
    groundwork: Mapping[str, tuple[Groundwork, ...]]
    lessons_read: Mapping[str, tuple[ReadLesson, ...]]
    following: cards.ModuleCard | None


@dataclass(frozen=True, slots=True)
class FoundServing:
    """A serving of the learner's, open or answered."""

    id: uuid.UUID
    module_slug: str
    title: str
    language: str | None  # of the title
    answered: bool


def practice(session: Session, slug: str, *, learner: Learner, at: datetime) -> Practice:
    """The practice page of a module the learner is enrolled in, else NotFound."""
    enrolled = cards.enrolled(session, learner)
    rows = [row for row in enrolled if shelf.syllabus(session, row.revision_id).slug == slug]
    if not rows:
        raise NotFound
    row = rows[0]
    known = states.read(session, learner.id)
    card = min(
        (cards.card_of(session, each, known, language=learner.language, at=at) for each in rows),
        key=cards.urgency,
    )
    syllabus = shelf.syllabus(session, row.revision_id).read_in(learner.language)
    serving = None
    if row.open_serving_id is not None:
        serving = _OPEN.one(session, {"serving_id": row.open_serving_id})
    closing = None
    if serving is None and row.closing is not None:
        closing = why(syllabus, Recommendation.from_record(row.closing))
    chosen_for = serving and Recommendation.from_record(json.loads(serving.recommendation))
    lines = skill_lines(
        syllabus,
        known,
        said=statements.of_plan(
            shelf.plan(session, row.parameter_set_id), known, states.read_trace(row.trace), at=at
        ),
        current=chosen_for.reason.skill if chosen_for else None,
        unparked=helps.unparked(session, learner.id),
        at=at,
    )
    hard = any(line.current and line.state == "parked" for line in lines)
    return Practice(
        card=card,
        goal=syllabus.goal,
        open_item=open_item(session, serving, chosen_for, learner=learner) if chosen_for else None,
        closing=closing,
        trainers=record.trainers_of(session, learner=learner) if closing or hard else (),
        skills=lines,
        may_be_placed=row.standing is None
        and placing.is_offered(session, card.id, learner=learner),
        groundwork=groundwork.of_skills(
            session, syllabus, known, learner=learner, offered={each.id for each in enrolled}
        ),
        lessons_read=lessons.of_skills(
            session,
            syllabus,
            [line.id for line in lines if line.state == "parked"] if closing else (),
            learner=learner,
        ),
        following=cards.following(session, card, learner=learner, at=at) if closing else None,
    )


def find_serving(session: Session, serving_id: uuid.UUID, *, learner: Learner) -> FoundServing:
    """A serving of this learner, else NotFound."""
    row = session.execute(
        select(Serving.item_revision_id, Serving.module_revision_id, Response.sequence)
        .outerjoin(Response, Response.serving_id == Serving.id)
        .where(
            Serving.id == serving_id,
            Serving.learner_id == learner.id,
            Serving.agency_id == learner.agency_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    syllabus = shelf.syllabus(session, row.module_revision_id)
    written = shelf.document(session, row.item_revision_id)
    document = in_language(written, learner.language)
    return FoundServing(
        id=serving_id,
        module_slug=syllabus.slug,
        title=document.title,
        language=syllabus.language if document is written else learner.language,
        answered=row.sequence is not None,
    )


_OPEN = Ready(
    select(
        Serving.id,
        Serving.item_id,
        Serving.item_revision_id,
        Serving.module_revision_id,
        Serving.parameter_set_id,
        Serving.seed,
        Serving.part_order,
        Serving.recommendation,
        Serving.expectation,
        select(func.count())
        .where(HintTaken.serving_id == Serving.id)
        .scalar_subquery()
        .label("hints"),
    ).where(Serving.id == bindparam("serving_id"))
)


def open_item(
    session: Session, serving: Row, chosen_for: Recommendation, *, learner: Learner
) -> OpenItem:
    """The item of a serving as shown before the answer: no key, no feedback, only hints taken."""
    written = shelf.document(session, serving.item_revision_id)
    document = in_language(written, learner.language)
    original = shelf.syllabus(session, serving.module_revision_id)
    syllabus = original.read_in(learner.language)
    exercise = document if isinstance(document, Exercise) else None
    return OpenItem(
        serving_id=serving.id,
        item_id=serving.item_id,
        title=document.title,
        language=original.language if document is written else learner.language,
        lesson=document if isinstance(document, Lesson) else None,
        sheet=sheet.lay_out(exercise, serving) if exercise else None,
        hints_given=exercise.hints[: serving.hints] if exercise else (),
        why=_why_served(session, syllabus, serving, chosen_for),
    )


def _why_served(
    session: Session, syllabus: shelf.Syllabus, serving: Row, chosen_for: Recommendation
) -> Why:
    """Why this item, with what is expected of its answer."""
    chosen = why(syllabus, chosen_for)
    if serving.expectation is None:
        return chosen
    skill = syllabus.items[serving.item_id].skills[0]
    return replace(
        chosen,
        expected=Expectation.from_record(json.loads(serving.expectation)),
        tier=shelf.plan(session, serving.parameter_set_id).tier(skill),
    )


def why(syllabus: shelf.Syllabus, recommendation: Recommendation) -> Why:
    """A recommendation with titles in place of ids."""
    named = {candidate.item for candidate in recommendation.candidates}
    titles = {item: syllabus.items[item].title for item in named if item in syllabus.items}
    skill = syllabus.skills.get(recommendation.reason.skill or "")
    return Why(
        recommendation=recommendation,
        skill=skill.title if skill else None,
        chosen=titles.get(recommendation.item or ""),
        runner_up=titles.get(recommendation.runner_up or ""),
        titles=titles,
    )


def skill_lines(
    syllabus: shelf.Syllabus,
    known: Mapping[str, SkillState],
    *,
    said: Mapping[str, Statement | None],
    current: str | None,
    unparked: Mapping[str, int],
    at: datetime,
) -> tuple[SkillLine, ...]:
    """Every skill of the module with how far the learner is; current: the one in hand."""
    found = standings(
        syllabus.curriculum,
        known,
        policy=offer.POLICY,
        at=states.seconds(at),
        unparked=unparked,
    )
    return tuple(
        SkillLine(
            id=skill.id,
            slug=skill.slug,
            title=skill.title,
            summary=skill.summary,
            prerequisites=tuple(syllabus.skills[before].slug for before in skill.prerequisites),
            mastery=known[skill.id].mastery if skill.id in known else 0.0,
            answers=known[skill.id].answers if skill.id in known else 0,
            standing=found[skill.id],
            current=skill.id == current,
            evidence=assess(known.get(skill.id), syllabus.curriculum, skill.id).value,
            long_run=None if syllabus.curriculum.transfer(skill.id) else LONG_RUN,
            said=said.get(skill.id),
            review_at=cards.review_at(known.get(skill.id)),
        )
        for skill in syllabus.skills.values()
    )
