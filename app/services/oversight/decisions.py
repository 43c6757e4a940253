"""One decision, read and made again: the stored recommendation against the one replay gives.

The state a choice saw is the fold of the learner's responses up to it; seed, time, revision and
parameters are kept with the serving. So the same choice must come out, bit for bit.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.models import ModuleRevision, ParameterSet, Response, Serving
from app.services.catalogue import shelf
from app.services.errors import NotFound
from app.services.learning import helps, offer, refolds, sheet, states
from app.services.learning.fold import LOG, Fold, Folder
from app.services.oversight import tiers
from app.services.oversight.ranking import Ranking, ranking_of
from app.words import Sentence
from engine import Expectation, Recommendation, Rule, SkillState, fallback, standings

Served = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class CandidateShown:
    """One item that could have been chosen; predicted is None where nothing is answered."""

    title: str
    predicted: float | None
    score: float
    probability: float
    chosen: bool
    runner_up: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """A serving with its stored reasons, in titles instead of ids."""

    serving_id: uuid.UUID
    learner_id: uuid.UUID
    served_at: datetime
    module_title: str
    item_title: str
    skill_title: str | None
    language: str
    rule: str
    terms: Mapping[str, float]
    change: str
    change_values: Mapping[str, float]
    candidates: tuple[CandidateShown, ...]
    ranking: Ranking
    considered: int
    runner_up: str | None
    seed: int
    policy: str
    engine: str
    module_revision: int
    parameter_set: int
    parameter_origin: str
    after_sequence: int
    expected: Expectation | None
    tiers: tuple[tiers.TierLine, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of a recommendation that replay gave differently, both as JSON text."""

    part: str
    stored: str
    replayed: str


@dataclass(frozen=True, slots=True)
class SkillThen:
    """What was known of one skill when the choice was made."""

    title: str
    mastery: float
    answers: int
    streak: int
    standing: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What replaying one decision found.

    differences: empty when the same choice came out.  log_problems: empty when the learner's log
    is whole and its hash chain verifies up to the decision.  same_version: whether the running
    engine and policy are those of the decision; otherwise a difference proves nothing.
    """

    differences: tuple[Difference, ...]
    log_problems: tuple[str, ...]
    responses: int
    same_version: bool
    fell_back: bool
    known: tuple[SkillThen, ...]

    @property
    def same(self) -> bool:
        return not self.differences

    @property
    def log_verifies(self) -> bool:
        return not self.log_problems


def check_ours(session: Session, serving_id: uuid.UUID, *, agency_id: uuid.UUID) -> None:
    """Raise NotFound unless the serving is of this agency."""
    ours = select(Serving.id).where(Serving.id == serving_id, Serving.agency_id == agency_id)
    if session.scalar(ours) is None:
        raise NotFound


def read_decision(session: Session, serving_id: uuid.UUID, *, agency_id: uuid.UUID) -> Decision:
    """The decision behind this serving of the agency."""
    row = session.execute(
        select(
            Serving.__table__,
            ModuleRevision.number.label("revision_number"),
            ParameterSet.number.label("parameters_number"),
            ParameterSet.origin,
        )
        .join(ModuleRevision, ModuleRevision.id == Serving.module_revision_id)
        .join(ParameterSet, ParameterSet.id == Serving.parameter_set_id)
        .where(Serving.id == serving_id, Serving.agency_id == agency_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    syllabus = shelf.syllabus(session, row.module_revision_id)
    kept = Recommendation.from_record(json.loads(row.recommendation))
    skill = syllabus.skills.get(kept.reason.skill or "")
    return Decision(
        serving_id=row.id,
        learner_id=row.learner_id,
        served_at=row.served_at,
        module_title=syllabus.title,
        item_title=_title(syllabus, row.item_id),
        skill_title=None if skill is None else skill.title,
        language=syllabus.language,
        rule=kept.reason.rule.value,
        terms=kept.reason.terms,
        change=kept.reason.counterfactual.key,
        change_values=kept.reason.counterfactual.values,
        candidates=_candidates(syllabus, kept),
        ranking=ranking_of(kept),
        considered=kept.considered,
        runner_up=None if kept.runner_up is None else _title(syllabus, kept.runner_up),
        seed=row.seed,
        policy=row.policy,
        engine=row.engine,
        module_revision=row.revision_number,
        parameter_set=row.parameters_number,
        parameter_origin=row.origin,
        after_sequence=row.after_sequence,
        expected=(
            None
            if row.expectation is None
            else Expectation.from_record(json.loads(row.expectation))
        ),
        tiers=_tiers(session, row, syllabus),
    )


def _tiers(session: Session, row: Served, syllabus: shelf.Syllabus) -> tuple[tiers.TierLine, ...]:
    entry = syllabus.items.get(row.item_id)
    if row.expectation is None or entry is None:
        return ()
    titles = {skill: syllabus.skills[skill].title for skill in entry.skills}
    return tiers.of_skills(session, row.parameter_set_id, titles)


def _candidates(syllabus: shelf.Syllabus, kept: Recommendation) -> tuple[CandidateShown, ...]:
    return tuple(
        CandidateShown(
            title=_title(syllabus, candidate.item),
            predicted=candidate.predicted,
            score=candidate.score,
            probability=candidate.probability,
            chosen=candidate.item == kept.item,
            runner_up=candidate.item == kept.runner_up,
        )
        for candidate in kept.candidates
    )


def _title(syllabus: shelf.Syllabus, item_id: str) -> str:
    entry = syllabus.items.get(item_id)
    return item_id if entry is None else entry.title


def replay_decision(session: Session, serving_id: uuid.UUID) -> Replayed:
    """Make the decision again from the log and compare it with what is stored.

    For a person the caller checks first that the serving is of their agency.
    """
    served = session.execute(
        select(Serving.__table__).where(Serving.id == serving_id)
    ).one_or_none()
    if served is None:
        raise NotFound
    fold = fold_until(
        session, served.learner_id, sequence=served.after_sequence, serving=served.sequence
    )
    stored: dict[str, Any] = json.loads(served.recommendation)
    unparked = helps.unparked_then(session, served.learner_id, serving=served.sequence)
    again = _decide(
        session,
        served,
        fold,
        unparked,
        fell_back=stored["rule"] == Rule.FALLBACK.value,
    )
    return Replayed(
        differences=_differences(session, served, stored, again)
        + _unexpected(session, served, fold),
        log_problems=tuple(fold.problems),
        responses=fold.sequence,
        same_version=(served.policy, served.engine) == (offer.POLICY.version, offer.ENGINE),
        fell_back=stored["rule"] == Rule.FALLBACK.value,
        known=_known_then(session, served, fold.known, unparked),
    )


def fold_until(session: Session, learner_id: uuid.UUID, *, sequence: int, serving: int) -> Fold:
    """The learner's log folded up to this response, as it counted when the serving was chosen.

    `problems` says where it is not whole.
    """
    folder = Folder(session)
    fold = Fold(
        learner_id.hex,
        helps.of_learner(session, learner_id),
        refolds=refolds.of_learner(session, learner_id, serving=serving),
    )
    log = LOG.where(Response.learner_id == learner_id, Response.sequence <= sequence)
    for row in session.execute(log):
        try:
            folder.add(fold, row)
        except (KeyError, TypeError, ValueError) as error:
            # A row nobody could have written: say where, and fold no further.
            fold.problems.append(
                Sentence(
                    "response %(number)d cannot be read: %(error)s",
                    number=row.sequence,
                    error=error,
                )
            )
            return fold
    folder.refold(fold, after=sequence)
    if fold.sequence != sequence:
        fold.problems.append(
            Sentence(
                "the log holds %(held)d of %(all)d responses", held=fold.sequence, all=sequence
            )
        )
    return fold


def _decide(
    session: Session,
    served: Served,
    fold: Fold,
    unparked: Mapping[str, int],
    *,
    fell_back: bool,
) -> Recommendation:
    syllabus = shelf.syllabus(session, served.module_revision_id)
    if fell_back:
        return fallback(syllabus.curriculum, fold.known, seed=served.seed)
    return offer.choose(
        syllabus,
        fold.known,
        shelf.plan(session, served.parameter_set_id),
        fold.trace,
        at=served.served_at,
        number=served.after_sequence + 1,
        seed=served.seed,
        since_review=_since_review(session, served),
        unparked=unparked,
    )


def _since_review(session: Session, served: Served) -> int:
    """Servings of the module between its last review and this choice, as far as they matter."""
    earlier = session.scalars(
        select(Serving.rule)
        .where(
            Serving.learner_id == served.learner_id,
            Serving.module_id == served.module_id,
            Serving.sequence < served.sequence,
        )
        .order_by(Serving.sequence.desc())
        .limit(offer.REVIEW_WINDOW)
    )
    for since, rule in enumerate(earlier):
        if rule == Rule.REVIEW.value:
            return since
    return offer.NEVER


def _differences(
    session: Session, served: Served, stored: Mapping[str, Any], again: Recommendation
) -> tuple[Difference, ...]:
    # Through JSON text, so that both sides have been written and read the same way.
    replayed: dict[str, Any] = json.loads(json.dumps(again.to_record()))
    kept = dict(stored) | {"part_order": served.part_order}
    if again.item is not None:
        revision = shelf.syllabus(session, served.module_revision_id).items[again.item].revision_id
        order = sheet.draw_order(shelf.document(session, revision), served.seed)
        replayed |= {"part_order": order}
    return tuple(
        Difference(part, _text(kept.get(part)), _text(replayed.get(part)))
        for part in sorted(kept | replayed)
        if _text(kept.get(part)) != _text(replayed.get(part))
    )


def _unexpected(session: Session, served: Served, fold: Fold) -> tuple[Difference, ...]:
    """The prediction kept with the serving against the one made again, where they differ."""
    syllabus = shelf.syllabus(session, served.module_revision_id)
    again = None
    if served.difficulty is not None:
        expected = offer.expectation(
            shelf.plan(session, served.parameter_set_id),
            fold.known,
            fold.trace,
            syllabus.curriculum.item(served.item_id),
            difficulty=served.difficulty,
            at=served.served_at,
        )
        again = None if expected is None else offer.dump_expectation(expected)
    if served.expectation == again:
        return ()
    return (Difference("expectation", served.expectation or "", again or ""),)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _known_then(
    session: Session,
    served: Served,
    known: Mapping[str, SkillState],
    unparked: Mapping[str, int],
) -> tuple[SkillThen, ...]:
    syllabus = shelf.syllabus(session, served.module_revision_id)
    standing = standings(
        syllabus.curriculum,
        known,
        policy=offer.POLICY,
        at=states.seconds(served.served_at),
        unparked=unparked,
    )
    return tuple(
        SkillThen(
            title=syllabus.skills[skill].title,
            mastery=known[skill].mastery,
            answers=known[skill].answers,
            streak=known[skill].streak,
            standing=standing[skill].value,
        )
        for skill in syllabus.skills
        if skill in known
    )
