"""How Cairn decides, read from what is running: thresholds, rules, parameters, inputs, versions.

Nothing here is written by hand that the engine could say itself, so the page cannot fall behind.
"""

import inspect
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import chain, groupby

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import Base, ItemDifficulty, Module, ModuleRevision, ParameterSet
from app.services.audit import Actor
from app.services.catalogue import shelf
from app.services.learning import offer
from app.services.oversight import model_lines, tiers
from app.services.oversight.model_lines import RunningLine, TermLine
from app.services.oversight.tiers import TierLine
from engine import (
    EVIDENCE_RULE,
    Answer,
    Attempt,
    Item,
    Rule,
    Skill,
    SkillParameters,
    SkillState,
    Tier,
    Trace,
    describe,
    placement,
    recommend,
)
from engine.review import first_review_days
from engine.settle import LEARNERS_FOR
from engine.state import RECENT

# In the order in which the recommender asks them; a test holds this to its code.
RULES = (
    Rule.WORKED_EXAMPLE,
    Rule.CHECK_PREREQUISITE,
    Rule.TRANSFER,
    Rule.REVIEW,
    Rule.LESSON,
    Rule.SECOND_LESSON,
    Rule.PRACTISE,
    Rule.OPEN_SKILL,
    Rule.PLACED_CASE,
    Rule.FINISHED,
    Rule.STUCK,
    Rule.FALLBACK,
)
# Arguments of the engine that hold other things, which are listed one by one.
_HOLDERS = frozenset({"curriculum", "states", "parameters", "policy", "expected"})
# What Cairn stores of a person and their answers, by table and column.
_STORED = (
    ("user_account", "name"),
    ("user_account", "email"),
    ("department", "name"),
    ("user_role", "role"),
    ("response", "confidence"),
    ("response", "choice"),
)
# Facts about people that a training system has no business with.
_PRIVATE = (
    "age",
    "birth",
    "sex",
    "gender",
    "nationality",
    "ethnicity",
    "religion",
    "health",
    "disability",
    "union",
    "pay",
    "grade",
    "location",
    "device",
)


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """One threshold of the running policy: its name, its value and what it means."""

    name: str
    value: int | float | str
    sentence: str


@dataclass(frozen=True, slots=True)
class SkillLine:
    """The parameters of one skill: five probabilities."""

    title: str
    prior: float
    learn: float
    guess: float
    slip: float
    forget: float


@dataclass(frozen=True, slots=True)
class GuessLine:
    """How likely a lucky answer is on the items of one format, from least to most."""

    format: str
    items: int
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """What a module is decided with now.

    running: None under a set made before there were running estimates.  context: the keys of the
    fitted terms in use.
    """

    title: str
    language: str
    revision: int
    published_at: datetime
    parameter_set: int
    origin: str
    set_at: datetime
    skills: tuple[SkillLine, ...]
    guesses: tuple[GuessLine, ...]
    running: RunningLine | None
    context: tuple[str, ...]
    tiers: tuple[TierLine, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Every fact the engine is given, and facts it is not given.

    stored_only: kept by Cairn as "table.column", but no input.  never_stored: not kept at all.
    """

    of_answers: tuple[str, ...]
    of_content: tuple[str, ...]
    of_skills: tuple[str, ...]
    of_moment: tuple[str, ...]
    stored_only: tuple[str, ...]
    never_stored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlacementLine:
    """How placement decides: chances between which a skill is still open, and when it ends.

    doubt: chance that somebody who knows a skill says "I don't know".
    """

    unknown: float
    known: float
    most_questions: int
    doubt: float


@dataclass(frozen=True, slots=True)
class Workings:
    """How the running Cairn decides.

    learners_fitted, learners_latest: fewest learners for fitted terms, and for those about their
    latest answers.
    """

    engine: str
    policy: str
    thresholds: tuple[ThresholdLine, ...]
    rules: tuple[str, ...]
    evidence: str
    evidence_mastery: float
    evidence_window: int
    evidence_correct: int
    evidence_long_window: int
    evidence_long_correct: int
    evidence_kept: int
    evidence_days: float
    first_review_days: float
    placement: PlacementLine
    modules: tuple[ModuleLine, ...]
    terms: tuple[TermLine, ...]
    learners_fitted: int
    learners_latest: int
    inputs: Inputs

    @property
    def paced(self) -> tuple[str, ...]:
        """The titles of the modules where the time taken over an answer counts."""
        return next(line.modules for line in self.terms if line.key == "pace")

    def value(self, name: str) -> int | float | str:
        """The value of the threshold with this name."""
        return next(line.value for line in self.thresholds if line.name == name)


def describe_workings(session: Session, reader: Actor) -> Workings:
    """How Cairn decides for the people of the reader's agency."""
    modules = _modules(session, reader)
    return Workings(
        engine=offer.ENGINE,
        policy=offer.POLICY.version,
        thresholds=tuple(
            ThresholdLine(line.name, line.value, line.sentence)
            for line in describe(offer.POLICY)
            if line.name != "version"
        ),
        rules=tuple(rule.value for rule in RULES),
        evidence=EVIDENCE_RULE.version,
        evidence_mastery=EVIDENCE_RULE.mastery,
        evidence_window=EVIDENCE_RULE.window,
        evidence_correct=EVIDENCE_RULE.correct,
        evidence_long_window=EVIDENCE_RULE.long_window,
        evidence_long_correct=EVIDENCE_RULE.long_correct,
        evidence_kept=RECENT,
        evidence_days=EVIDENCE_RULE.apart_days,
        first_review_days=first_review_days(offer.POLICY),
        placement=PlacementLine(
            unknown=placement.UNKNOWN,
            known=placement.KNOWN,
            most_questions=placement.MOST_QUESTIONS,
            doubt=placement.SLIP_INTO_DOUBT,
        ),
        modules=modules,
        terms=model_lines.term_lines((line.title, line.context) for line in modules),
        learners_fitted=LEARNERS_FOR[Tier.CONTEXT],
        learners_latest=LEARNERS_FOR[Tier.HISTORY],
        inputs=describe_inputs(),
    )


def describe_inputs() -> Inputs:
    """The engine's inputs, from its own signatures, against what the tables hold."""
    of_moment = tuple(
        name for name in inspect.signature(recommend).parameters if name not in _HOLDERS
    )
    inputs = Inputs(
        of_answers=tuple(
            dict.fromkeys((*Answer._fields, *Attempt._fields, *SkillState._fields, *Trace._fields))
        ),
        of_content=tuple(
            dict.fromkeys(
                (
                    *(field.name for field in (*fields(Item), *fields(Skill)) if field.init),
                    ItemDifficulty.difficulty.key,
                )
            )
        ),
        of_skills=tuple(field.name for field in fields(SkillParameters)),
        of_moment=of_moment,
        stored_only=(),
        never_stored=(),
    )
    given = {*inputs.of_answers, *inputs.of_content, *inputs.of_skills, *inputs.of_moment}
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    words = set(chain.from_iterable(name.split("_") for name in given | columns))
    stored_only = tuple(
        f"{table}.{column}"
        for table, column in _STORED
        if column not in given and column in Base.metadata.tables[table].columns
    )
    return Inputs(
        of_answers=inputs.of_answers,
        of_content=inputs.of_content,
        of_skills=inputs.of_skills,
        of_moment=of_moment,
        stored_only=stored_only,
        never_stored=tuple(word for word in _PRIVATE if word not in words),
    )


def _modules(session: Session, reader: Actor) -> tuple[ModuleLine, ...]:
    rows = session.execute(
        select(
            Module.revision_id,
            Module.parameter_set_id,
            ModuleRevision.number,
            ModuleRevision.published_at,
            ParameterSet.number.label("parameter_set"),
            ParameterSet.origin,
            ParameterSet.created_at,
        )
        .join(ModuleRevision, ModuleRevision.id == Module.revision_id)
        .join(ParameterSet, ParameterSet.id == Module.parameter_set_id)
        .where(or_(Module.agency_id.is_(None), Module.agency_id == reader.agency_id))
        .order_by(Module.title, Module.id)
    ).all()
    lines = []
    for row in rows:
        syllabus = shelf.syllabus(session, row.revision_id)
        plan = shelf.plan(session, row.parameter_set_id)
        titles = {skill.id: skill.title for skill in syllabus.skills.values()}
        lines.append(
            ModuleLine(
                title=syllabus.title,
                language=syllabus.language,
                revision=row.number,
                published_at=row.published_at,
                parameter_set=row.parameter_set,
                origin=row.origin,
                set_at=row.created_at,
                skills=tuple(
                    SkillLine(title=title, **asdict(plan.skills[skill]))
                    for skill, title in titles.items()
                ),
                guesses=_guesses(syllabus),
                running=None if plan.terms is None else model_lines.running_line(plan.terms),
                context=model_lines.terms_in_use(plan),
                tiers=tiers.of_skills(session, row.parameter_set_id, titles),
            )
        )
    return tuple(lines)


def _guesses(syllabus: shelf.Syllabus) -> tuple[GuessLine, ...]:
    own = sorted(
        (item.format, item.guess) for item in syllabus.curriculum.items if item.guess is not None
    )
    lines = []
    for form, pairs in groupby(own, key=lambda pair: pair[0]):
        guesses = [guess for _, guess in pairs]
        lines.append(GuessLine(form, len(guesses), min(guesses), max(guesses)))
    return tuple(lines)
