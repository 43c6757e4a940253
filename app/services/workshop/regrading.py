"""A wrong answer key put right: answers graded once more, mastery replayed, learners told.

The key itself is changed as any text is: in a draft that a second person approves. Once that is
published, answers to the texts before it can be graded by the new key, where both ask the same.
"""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.authoring import (
    Exercise,
    Lesson,
    Matching,
    MultipleChoice,
    Number,
    Ordering,
    ShortText,
    SingleChoice,
)
from app.models import LearnerState, Module, Regrade, RegradedLog, Response, Serving
from app.services import audit
from app.services.audit import Actor
from app.services.catalogue import shelf
from app.services.errors import Invalid, Refused
from app.services.learning import offer, refolds, regrades, replay
from app.services.learning.regrades import Regraded
from app.services.workshop.drafts import Draft, DraftedItem
from engine import Outcome

LONGEST_REASON = 1000
GRADED = (Outcome.CORRECT.value, Outcome.WRONG.value)


@dataclass(frozen=True, slots=True)
class Changed:
    """One answer that counts otherwise by the new key."""

    learner_id: uuid.UUID
    sequence: int
    revision_id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a regrade would change. `unfit` counts answers to texts that asked something else."""

    answers: int
    changed: tuple[Changed, ...]
    unfit: int

    @property
    def learners(self) -> tuple[uuid.UUID, ...]:
        return tuple(sorted({line.learner_id for line in self.changed}))

    def to(self, outcome: str) -> int:
        """How many answers would count so from now on."""
        return sum(line.after == outcome for line in self.changed)


@dataclass(frozen=True, slots=True)
class _Concerned:
    """A learner whose log is regraded."""

    id: uuid.UUID
    agency_id: uuid.UUID
    language: str | None = None


def prospect(session: Session, draft: Draft, item: DraftedItem, *, trainer: Actor) -> Prospect:
    """What would change if the published key counted for every answer of the agency's learners."""
    current = _published(session, draft, item)
    if current is None:
        return Prospect(0, (), 0)
    revision_id, key = current
    rows = _answers(session, item.item_id, trainer)
    fit, unfit, changed = _Fit(session, key), 0, []
    latest = _counting_now(session, {row.learner_id for row in rows})
    for row in rows:
        if row.item_revision_id != revision_id and not fit.asks_the_same(row.item_revision_id):
            unfit += 1
            continue
        now = latest.get(row.learner_id, {}).get(row.sequence, row.outcome)
        right = key.grade(json.loads(row.choice)["answer"]).correct
        after = Outcome.CORRECT.value if right else Outcome.WRONG.value
        if after != now:
            changed.append(Changed(row.learner_id, row.sequence, row.item_revision_id, now, after))
    return Prospect(len(rows), tuple(changed), unfit)


def regrade(
    session: Session,
    draft: Draft,
    item: DraftedItem,
    *,
    trainer: Actor,
    reason: str,
    at: datetime,
) -> int:
    """Let the published key count; how many learners that concerns."""
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(
            "Say what was wrong with the key, in 1 to %(most)s characters",
            field="reason",
            most=f"{LONGEST_REASON:,}",
        )
    current = _published(session, draft, item)
    ids = prospect(session, draft, item, trainer=trainer).learners
    # Lock, then look once more: an answer may have come in between.
    heads = _locked(session, ids)
    found = prospect(session, draft, item, trainer=trainer)
    changed = [line for line in found.changed if line.learner_id in heads]
    if current is None or not changed:
        raise Refused("No answer would count otherwise.")
    for revision_id, lines in _grouped(changed, key=lambda line: line.revision_id):
        row = Regrade(
            id=uuid.uuid4(),
            agency_id=trainer.agency_id,
            module_id=draft.module_id,
            item_id=item.item_id,
            item_revision_id=str(revision_id),
            corrected_revision_id=current[0],
            reason=reason,
            regraded_by=trainer.id,
            regraded_at=at,
        )
        session.add(row)
        session.flush()
        for learner_id, own in _grouped(lines, key=lambda line: line.learner_id):
            _regrade_log(session, row, heads[learner_id], own)
    count = len({line.learner_id for line in changed})
    audit.record(
        session,
        act="item-regraded",
        actor=trainer,
        at=at,
        module=draft.slug,
        item=item.item_id,
        reason=reason,
        learners=count,
        responses=len(changed),
    )
    return count


def _regrade_log(
    session: Session, regrade: Regrade, head: LearnerState, lines: Sequence[Changed]
) -> None:
    outcomes = {line.sequence: line.after for line in lines}
    number = refolds.next_number(session, head.learner_id)
    new = Regraded(number, head.sequence, outcomes, standings=None, engine=offer.ENGINE)
    fold = replay.fold_whole(session, head.learner_id, new)
    session.add(
        RegradedLog(
            regrade_id=regrade.id,
            learner_id=head.learner_id,
            agency_id=head.agency_id,
            number=number,
            outcomes=json.dumps(outcomes, separators=(",", ":")),
            standings=json.dumps(fold.standing, sort_keys=True, separators=(",", ":")),
            engine=offer.ENGINE,
            after_sequence=head.sequence,
            after_serving=head.servings,
        )
    )
    session.flush()
    replay.write(session, fold, learner=_Concerned(head.learner_id, head.agency_id))


def _published(session: Session, draft: Draft, item: DraftedItem) -> tuple[str, Exercise] | None:
    """The revision and the key learners are taught now; None for a lesson or what is not taught."""
    module = session.get(Module, draft.module_id)
    entry = module and shelf.syllabus(session, module.revision_id).items.get(item.item_id)
    if not entry:
        return None
    document = shelf.document(session, entry.revision_id)
    return (entry.revision_id, document) if isinstance(document, Exercise) else None


class _Fit:
    """Whether an earlier text asked the same as the one with the right key."""

    def __init__(self, session: Session, key: Exercise) -> None:
        self._session, self._key = session, key
        self._known: dict[str, bool] = {}

    def asks_the_same(self, revision_id: str) -> bool:
        if revision_id not in self._known:
            document = shelf.document(self._session, revision_id)
            self._known[revision_id] = _parts(document) == _parts(self._key)
        return self._known[revision_id]


def _parts(document: Exercise | Lesson) -> object:
    """What a stored answer refers to: the format, and the words behind each key."""
    if isinstance(document, Lesson):
        return None
    if isinstance(document, Number | ShortText):
        return document.format
    if isinstance(document, Matching):
        sides = (*document.lefts, *document.rights)
        return (document.format, frozenset((part.key, part.text) for part in sides))
    shown: frozenset[tuple[str, str]] = frozenset()
    if isinstance(document, Ordering):
        shown = frozenset((step.key, step.text) for step in document.steps)
    if isinstance(document, SingleChoice | MultipleChoice):
        shown = frozenset((option.key, option.text) for option in document.options)
    return (document.format, shown)


def _answers(session: Session, item_id: str, trainer: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    return session.execute(
        select(
            Response.learner_id,
            Response.sequence,
            Response.outcome,
            Response.choice,
            Serving.item_revision_id,
        )
        .join(Serving, Serving.id == Response.serving_id)
        .where(
            Response.item_id == item_id,
            Response.agency_id == trainer.agency_id,
            Response.outcome.in_(GRADED),
        )
        .order_by(Response.learner_id, Response.sequence)
    ).all()


def _counting_now(
    session: Session, learners: Iterable[uuid.UUID]
) -> Mapping[uuid.UUID, dict[int, str]]:
    """The outcomes that earlier regrades changed, by learner."""
    found: dict[uuid.UUID, dict[int, str]] = {}
    for learner_id in learners:
        for regraded in reversed(regrades.of_learner(session, learner_id)):
            found.setdefault(learner_id, {}).update(regraded.outcomes)
    return found


def _locked(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, LearnerState]:
    rows = session.scalars(
        select(LearnerState)
        .where(LearnerState.learner_id.in_(ids))
        .order_by(LearnerState.learner_id)
        .with_for_update()
    )
    return {row.learner_id: row for row in rows}


def _grouped(lines: Sequence[Changed], *, key: Any) -> list[tuple[Any, list[Changed]]]:  # noqa: ANN401
    return [(name, list(own)) for name, own in groupby(sorted(lines, key=key), key=key)]
