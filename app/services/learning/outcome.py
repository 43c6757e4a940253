"""What a learner is told after an answer: the same words the first time and every time."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.authoring import (
    Exercise,
    Graded,
    Lesson,
    MultipleChoice,
    Ordering,
    ShortText,
    SingleChoice,
    in_language,
)
from app.models import ModuleState, Response, Serving
from app.services.catalogue import shelf
from app.services.errors import NotFound
from app.services.learning.learner import Learner
from app.services.learning.wording import state_word
from engine import Expectation, Outcome, Plan, Recommendation, Statement, Step, say_success


@dataclass(frozen=True, slots=True)
class SkillChange:
    """How one answer moved the mastery of one skill, and what can be said of the skill since.

    said: with the ability kept with the serving, so that it is the same whenever it is read.
    """

    skill_id: str
    title: str
    before: float
    after: float
    answers: int
    state: str
    said: Statement | None


@dataclass(frozen=True, slots=True)
class Answered:
    """An answered serving, ready to be shown."""

    serving_id: uuid.UUID
    module_id: str
    module_slug: str
    module_title: str
    item_id: str
    document: Exercise | Lesson
    language: str | None  # of the document
    outcome: Outcome
    graded: Graded | None
    typed: str | None
    hints: int
    confidence: str | None
    changes: tuple[SkillChange, ...]
    following: Recommendation
    following_title: str | None
    answered_at: datetime

    @property
    def was_read(self) -> bool:
        """Whether it was a lesson: there is no feedback to stop at."""
        return isinstance(self.document, Lesson)

    @property
    def shows_options(self) -> bool:
        """Whether the answer was chosen among options."""
        return isinstance(self.document, SingleChoice | MultipleChoice)

    @property
    def is_ordering(self) -> bool:
        return isinstance(self.document, Ordering)

    @property
    def task(self) -> str:
        """What stood there before the answer: the question, or the lesson."""
        return self.document.text if isinstance(self.document, Lesson) else self.document.question

    @property
    def answer_key(self) -> tuple[str, ...]:
        """The right answer in words; leaves the server only with an answered serving."""
        if isinstance(self.document, ShortText):
            return (self.document.right_answer(),)
        return self.document.answer_key() if isinstance(self.document, Exercise) else ()

    @property
    def has_other_wordings(self) -> bool:
        """Whether more than the answer told is taken as right."""
        return isinstance(self.document, ShortText) and len(self.document.accepted) > 1

    @property
    def explanation(self) -> str:
        return self.document.explanation if isinstance(self.document, Exercise) else ""


def dump_steps(steps: Iterable[Step], standings: Mapping[str, str]) -> str:
    """[[skill, before, after, answers, standing], ...] as JSON text; floats come back bit for bit.

    Written by hand: a replay of a million responses makes this text a million times.
    """
    rows = [
        f'["{skill}",{before!r},{after!r},{state[1]},"{standings[skill]}"]'
        for skill, before, after, _, state in steps
    ]
    return f"[{','.join(rows)}]"


def standings_said(steps: str) -> dict[str, str]:
    """How the learner stood in each skill of the item after it, as dump_steps wrote it."""
    return {skill: standing for skill, _, _, _, standing in json.loads(steps)}


def dump_weighing(predicted: float, difficulty: float, answers: int | None) -> str:
    """[P(correct), difficulty, answers it rested on] as JSON text; floats come back bit for bit."""
    return f"[{predicted!r},{difficulty!r},{'null' if answers is None else answers}]"


def of_serving(session: Session, serving_id: uuid.UUID, *, learner: Learner) -> Answered:
    """The outcome of an answered serving of this learner; NotFound when there is none."""
    response = session.execute(
        select(Response.__table__).where(
            Response.serving_id == serving_id,
            Response.learner_id == learner.id,
            Response.agency_id == learner.agency_id,
        )
    ).one_or_none()
    if response is None:
        raise NotFound
    served = session.execute(select(Serving.__table__).where(Serving.id == serving_id)).one()
    return assemble(
        shelf.document(session, served.item_revision_id),
        served,
        response._asdict(),
        shelf.syllabus(session, served.module_revision_id),
        shelf.plan(session, served.parameter_set_id),
        language=learner.language,
        following=_following(session, response),
    )


def _following(session: Session, response: Row[*tuple[Any, ...]]) -> Recommendation:
    """What was recommended next: kept with the next serving, or with the module when none was."""
    stored = session.scalar(
        select(Serving.recommendation)
        .where(
            Serving.learner_id == response.learner_id,
            Serving.module_id == response.module_id,
            Serving.after_sequence >= response.sequence,
        )
        .order_by(Serving.sequence)
        .limit(1)
    )
    if stored is not None:
        return Recommendation.from_record(json.loads(stored))
    state = session.get_one(ModuleState, (response.learner_id, response.module_id))
    return Recommendation.from_record(state.closing or {})


def assemble(
    document: Exercise | Lesson,
    served: Any,  # noqa: ANN401 - a row of the serving
    response: Mapping[str, Any],
    syllabus: shelf.Syllabus,
    plan: Plan,
    *,
    language: str | None,
    following: Recommendation,
) -> Answered:
    """The answered serving in this language, as far as it was published in it."""
    shown, titles = in_language(document, language), syllabus.read_in(language)
    given = json.loads(response["choice"])
    graded = (
        shown.grade(given["answer"]) if isinstance(shown, Exercise) and "answer" in given else None
    )
    return Answered(
        serving_id=served.id,
        module_id=served.module_id,
        module_slug=syllabus.slug,
        module_title=titles.title,
        item_id=served.item_id,
        document=shown,
        language=syllabus.language if shown is document else language,
        outcome=Outcome(response["outcome"]),
        graded=graded,
        typed=given["answer"] if isinstance(given.get("answer"), str) else None,
        hints=response["hints"],
        confidence=response["confidence"],
        changes=_changes(titles, plan, response["steps"], ability=_ability(served.expectation)),
        following=following,
        following_title=_skill_title(titles, following.reason.skill),
        answered_at=response["answered_at"],
    )


def _changes(
    syllabus: shelf.Syllabus, plan: Plan, steps: str, *, ability: float
) -> tuple[SkillChange, ...]:
    """What dump_steps wrote, for people."""
    return tuple(
        SkillChange(
            skill,
            syllabus.skills[skill].title,
            before,
            after,
            answers,
            state_word(after, answers, standing),
            say_success(plan, skill, mastery=after, answers=answers, ability=ability),
        )
        for skill, before, after, answers, standing in json.loads(steps)
    )


def _ability(expectation: str | None) -> float:
    """The learner's ability when the item was served; 0 where nothing was expected."""
    if expectation is None:
        return 0.0
    return Expectation.from_record(json.loads(expectation)).ability


def _skill_title(syllabus: shelf.Syllabus, skill_id: str | None) -> str | None:
    entry = syllabus.skills.get(skill_id or "")
    return entry.title if entry else None
