"""How a made-up learner comes along: they know some skills, learn others, guess, slip and ask.

Their answers go through `practice` like everybody's; only the person is simulated.
"""

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import Exercise
from app.models import Module, ModuleState, ProgrammeModule, Serving
from app.services.catalogue import shelf
from app.services.learning import practice, problems, sheet
from app.services.learning.practice import Submission
from engine import SkillParameters

SHARE_OF_KINDS = {"novice": 0.65, "knower": 0.25, "slow": 0.10}
KNOWN_AT_FIRST = {"novice": 1.0, "knower": 3.2, "slow": 0.4}
LEARNING = {"novice": 1.3, "knower": 1.5, "slow": 0.4}
SAYS_DONT_KNOW, ASKS_FOR_HINT = 0.25, 0.15
ANSWERS_A_SITTING = 8
OBJECTS = 0.0012
OBJECTIONS = (
    ("unclear", "I read the question three times and still do not know what is asked."),
    ("wrong-answer", "In our office the second option would be right as well."),
    ("out-of-date", "The form named here was replaced last year."),
    ("cannot-use", "My screen reader reads the list of matches twice."),
    ("other", "There is a word missing in the last sentence."),
)


@dataclass(frozen=True, slots=True)
class Student:
    """A learner of the demonstration: when they start and after how many answers they stop."""

    id: uuid.UUID
    agency_id: uuid.UUID
    start: datetime
    answers: int
    luck: int
    language: str | None = None


def study(session: Session, student: Student, *, until: datetime) -> None:
    """Let the student answer, sitting by sitting, until they stop, end or reach `until`."""
    if student.answers == 0:
        return
    rng = random.Random(student.luck)  # noqa: S311 - the same person every time
    module = session.scalars(
        select(Module)
        .join(ProgrammeModule, ProgrammeModule.module_id == Module.id)
        .order_by(ProgrammeModule.position)
    ).first()
    if module is None:
        return
    mind = Mind(rng, shelf.parameters(session, module.parameter_set_id))
    at = student.start
    practice.begin(session, module.id, learner=student, at=at)
    for number in range(1, student.answers + 1):
        at += timedelta(seconds=rng.lognormvariate(3.9, 0.6))
        if number % ANSWERS_A_SITTING == 0:
            at += timedelta(days=rng.choice((1, 2, 3, 5, 7)), hours=rng.uniform(-3, 3))
        if at >= until or not _answer(session, student, module.id, mind, at=at):
            return


def _answer(
    session: Session, student: Student, module_id: str, mind: "Mind", *, at: datetime
) -> bool:
    serving = session.scalars(
        select(Serving)
        .join(ModuleState, ModuleState.open_serving_id == Serving.id)
        .where(ModuleState.learner_id == student.id, ModuleState.module_id == module_id)
    ).one_or_none()
    if serving is None:
        return False
    document = shelf.document(session, serving.item_revision_id)
    skills = shelf.syllabus(session, serving.module_revision_id).items[serving.item_id].skills
    submission = Submission(fields={})
    if isinstance(document, Exercise):
        if document.hints and mind.asks_for_hint(skills):
            practice.take_hint(session, serving.id, number=1, learner=student, at=at)
        submission = mind.answer(document, skills, serving.seed)
    practice.answer(session, serving.id, learner=student, submission=submission, at=at)
    mind.learn(skills, lesson=not isinstance(document, Exercise))
    if isinstance(document, Exercise) and mind.objects():  # each objection is about a question
        kind, text = mind.objection()
        problems.report(session, serving.id, learner=student, kind=kind, text=text, at=at)
    return True


class Mind:
    """What a made-up person truly knows; the engine never sees it."""

    def __init__(self, rng: random.Random, parameters: Mapping[str, SkillParameters]) -> None:
        kinds = list(SHARE_OF_KINDS)
        self._kind = rng.choices(kinds, [SHARE_OF_KINDS[kind] for kind in kinds])[0]
        self._rng, self._parameters = rng, parameters
        self._known = {
            skill: rng.random() < min(own.prior * KNOWN_AT_FIRST[self._kind], 0.95)
            for skill, own in parameters.items()
        }

    def asks_for_hint(self, skills: tuple[str, ...]) -> bool:
        return not self._knows(skills) and self._rng.random() < ASKS_FOR_HINT

    def answer(self, document: Exercise, skills: tuple[str, ...], seed: int) -> Submission:
        """The form this person sends: right if they know and do not slip, or guess well."""
        slip = self._parameters[skills[0]].slip
        knows = self._knows(skills)
        if self._rng.random() < (1 - slip if knows else document.guess):
            return Submission(fields=sheet.right_form(document, seed))
        if not knows and self._rng.random() < SAYS_DONT_KNOW:
            return Submission(fields={}, dont_know=True)
        return Submission(fields=sheet.wrong_form(document, seed, self._rng))

    def objects(self) -> bool:
        return self._rng.random() < OBJECTS

    def objection(self) -> tuple[str, str]:
        return self._rng.choice(OBJECTIONS)

    def learn(self, skills: tuple[str, ...], *, lesson: bool) -> None:
        for skill in skills:
            chance = self._parameters[skill].learn * LEARNING[self._kind] * (2 if lesson else 1)
            self._known[skill] = self._known[skill] or self._rng.random() < chance

    def _knows(self, skills: tuple[str, ...]) -> bool:
        return all(self._known[skill] for skill in skills)
