"""Replaying the log: mastery, folded again from every response, must equal what is stored.

Bit for bit: floats are compared exactly. One learner is read after the other, in the order of their
log, so memory does not grow with the number of learners.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select, Text, delete, insert, select, type_coerce, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models import LearnerState, Mastery, Response
from app.services.learning import difficulties, helps, refolds, states
from app.services.learning.difficulties import Moves
from app.services.learning.fold import LOG, Fold, Folder, end
from app.services.learning.learner import Learner
from app.services.learning.proof import Prover
from app.services.learning.refolds import Refold

# A block of rows that stays in the processor's cache is folded in half the time.
ROWS_AT_ONCE = 500
# Of so many logs one is folded in full even where it could be proved.
FOLDED_IN_FULL = 50
DIFFERENCES_KEPT = 50

STORED = select(
    type_coerce(Mastery.learner_id, Text).label("learner_id"),
    Mastery.skill_id,
    Mastery.mastery,
    Mastery.answers,
    Mastery.standing,
    Mastery.record,
    Mastery.last_sequence,
).order_by(Mastery.learner_id)
_HEADS = select(
    type_coerce(LearnerState.learner_id, Text).label("learner_id"),
    LearnerState.sequence,
    LearnerState.head,
    LearnerState.trace,
).order_by(LearnerState.learner_id)


@dataclass(slots=True)
class Report:
    """What a replay found: nothing, when every stored state equals its fold.

    until: where the log of each learner stood when it was read.
    """

    learners: int = 0
    responses: int = 0
    found: int = 0
    differences: list[str] = field(default_factory=list)
    moves: Moves = field(default_factory=Moves, compare=False, repr=False)
    until: dict[object, int] = field(default_factory=dict, compare=False, repr=False)

    def join(self, other: "Report") -> None:
        """Take in what was found about other learners."""
        self.learners += other.learners
        self.responses += other.responses
        self.found += other.found
        self.differences += other.differences[: DIFFERENCES_KEPT - len(self.differences)]
        self.moves.join(other.moves)
        self.until |= other.until

    def add(self, learner_id: object, what: str) -> None:
        self._add(f"learner {learner_id}: {what}")

    def add_item(self, item_id: str, what: str) -> None:
        self._add(f"item {item_id}: {what}")

    def _add(self, what: str) -> None:
        self.found += 1
        if len(self.differences) < DIFFERENCES_KEPT:
            self.differences.append(what)


@dataclass(frozen=True, slots=True)
class Among:
    """The learners from one id on up to another; None leaves that end open."""

    first: uuid.UUID | None = None
    before: uuid.UUID | None = None

    def narrow(
        self, query: Select[*tuple[Any, ...]], learner_id: InstrumentedAttribute[uuid.UUID]
    ) -> Select[*tuple[Any, ...]]:
        """The query about these learners alone."""
        if self.first is not None:
            query = query.where(learner_id >= self.first)
        return query if self.before is None else query.where(learner_id < self.before)

    def holds(self, learner_id: object) -> bool:
        """Whether this learner, by id as the database keeps it, is one of them."""
        found = uuid.UUID(str(learner_id))
        return (self.first is None or found >= self.first) and (
            self.before is None or found < self.before
        )


EVERYBODY = Among()


class _ByLearner:
    """Rows ordered by learner, handed out one learner at a time."""

    def __init__(self, rows: Iterable[Row[*tuple[Any, ...]]]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self.waiting: object = None
        self._rows: Iterable[Row[*tuple[Any, ...]]] = ()
        self._advance()

    def of(self, learner_id: object) -> list[Row[*tuple[Any, ...]]]:
        """The rows of this learner; ask for learners in order."""
        if self.waiting != learner_id:
            return []
        rows = list(self._rows)
        self._advance()
        return rows

    def _advance(self) -> None:
        self.waiting, self._rows = next(self._groups, (None, ()))


def replay(session: Session) -> Report:
    """Fold everybody's log and report every difference from what is stored."""
    report = replay_learners(session, among=EVERYBODY)
    check_items(session, report)
    return report


def check_items(session: Session, report: Report) -> None:
    """Add the items whose difficulty is not the fold of everybody's responses.

    Difficulties are read after the logs, so responses given in between are taken in first.
    """
    folder = Folder(session)
    for learner_id, sequence, *_ in session.execute(_HEADS).all():
        seen = report.until.get(learner_id, 0)
        if sequence > seen:
            since = LOG.where(
                Response.learner_id == uuid.UUID(str(learner_id)), Response.sequence > seen
            )
            for row in session.execute(since):
                folder.count(row)
    report.moves.join(folder.moves)
    for item_id, what in difficulties.problems(session, report.moves):
        report.add_item(item_id, what)


def replay_learners(session: Session, *, among: Among) -> Report:
    """Fold the log of these learners; what they did to items is in the report's moves."""
    report = Report()
    folder = Folder(session)
    prover = Prover(session, folder.moves)
    log = _ByLearner(stream(session, among.narrow(LOG, Response.learner_id)))
    stored = _ByLearner(stream(session, among.narrow(STORED, Mastery.learner_id)))
    given = {who: what for who, what in helps.of_all(session).items() if among.holds(who)}
    again = {who: what for who, what in refolds.of_all(session).items() if among.holds(who)}
    heads = stream(session, among.narrow(_HEADS, LearnerState.learner_id))
    for learner_id, sequence, head, trace in heads:
        rows, mastery = log.of(learner_id), stored.of(learner_id)
        helped, refolded = given.pop(learner_id, []), again.pop(learner_id, [])
        # The first, and one in so many, is folded as the server folds, whatever a proof would say:
        # the engine that serves must still be the one that answered.
        in_full = helped or refolded or report.learners % FOLDED_IN_FULL == 0
        report.learners += 1
        report.until[learner_id] = sequence
        stands = sequence, head, trace
        if not in_full and prover.proves(rows, stands=stands, stored=mastery):
            report.responses += sequence
            continue
        fold = Fold(learner_id, helped, refolds=refolded)
        for row in rows:
            folder.add(fold, row)
        end(folder, fold)
        report.responses += fold.sequence
        if states.dump_trace(fold.trace) != trace:
            report.add(learner_id, "stored estimates are not the fold of the log")
        for problem in _problems(fold, sequence, head, mastery):
            report.add(learner_id, problem)
    for what, rest in (("responses", log), ("mastery", stored)):
        if rest.waiting is not None:
            report.add(rest.waiting, f"has {what} but no learner state")
    for learner_id in given:
        report.add(learner_id, "has help but no learner state")
    for learner_id in again:
        report.add(learner_id, "has a regrade, a switch or a placement but no learner state")
    report.moves = folder.moves
    return report


def repair(session: Session, *, learner: Learner) -> None:
    """Write the fold of a learner's log over what is stored for them. The log stays as it is."""
    write(session, fold_whole(session, learner.id), learner=learner)


def fold_whole(session: Session, learner_id: uuid.UUID, *also: Refold) -> Fold:
    """The whole log of a learner, folded, with refolds that are not kept yet, the latest last."""
    folder = Folder(session)
    fold = Fold(
        learner_id.hex,
        helps.of_learner(session, learner_id),
        refolds=[*reversed(also), *refolds.of_learner(session, learner_id)],
    )
    for row in session.execute(LOG.where(Response.learner_id == learner_id)):
        folder.add(fold, row)
    end(folder, fold)
    return fold


def write(session: Session, fold: Fold, *, learner: Learner) -> None:
    """Store what a whole log folds to."""
    session.execute(delete(Mastery).where(Mastery.learner_id == learner.id))
    if fold.known:
        session.execute(
            insert(Mastery), [mastery_row(fold, skill, learner) for skill in fold.known]
        )
    session.execute(
        update(LearnerState)
        .where(LearnerState.learner_id == learner.id)
        .values(sequence=fold.sequence, head=fold.head, trace=states.dump_trace(fold.trace))
    )


def _problems(
    fold: Fold, sequence: int, head: str, stored: Iterable[Row[*tuple[Any, ...]]]
) -> Iterator[str]:
    yield from fold.problems
    if (fold.sequence, fold.head) != (sequence, head):
        yield f"state stands at response {sequence}, the log at {fold.sequence}"
    unmet = set(fold.known)
    for _, skill, *facts in stored:
        unmet.discard(skill)
        if skill not in fold.known or _facts(fold, skill) != facts:
            yield f"stored mastery of skill {skill} is not the fold of the log"
    for skill in sorted(unmet):
        yield f"mastery of skill {skill} is missing"


def _facts(fold: Fold, skill: str) -> list[object]:
    state = fold.known[skill]
    return [
        state.mastery,
        state.answers,
        fold.standing[skill],
        states.dump(state),
        fold.last[skill],
    ]


def mastery_row(fold: Fold, skill: str, learner: Learner) -> dict[str, object]:
    """The mastery of one skill as the fold has it, by column."""
    names = ("mastery", "answers", "standing", "record", "last_sequence")
    return {
        "learner_id": learner.id,
        "skill_id": skill,
        "agency_id": learner.agency_id,
        **dict(zip(names, _facts(fold, skill), strict=True)),
    }


def stream(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    """A query's rows, a few thousand at a time; ids and times as the database has them."""
    connection = session.connection()
    # By the thousand: asking for one row at a time takes as long as folding it.
    if connection.dialect.name != "sqlite":
        options = {"yield_per": ROWS_AT_ONCE}
        for rows in connection.execute(query, execution_options=options).partitions():
            yield from rows
        return
    # As the driver gives them: a row object for each would take as long again, and the queries ask
    # for nothing that needs converting.
    found = connection.execute(query)
    cursor: Any = found.cursor
    while fetched := cursor.fetchmany(ROWS_AT_ONCE):
        yield from fetched
    found.close()
