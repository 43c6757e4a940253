"""Replaying a long log in several processes, each with its own learners and its own connection.

A learner's log stands alone, so the parts share nothing; put together in order they report what one
process would have.
"""

import multiprocessing
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import LearnerState
from app.services.learning.replay import Among, Report, check_items, replay, replay_learners

OpenSession = Callable[[], Session]
# Below this many responses a process costs more than it saves.
RESPONSES_A_PART = 20_000


class PartEnded(Exception):
    """A part of the replay ended before it could report."""


def replay_in_parts(open_session: OpenSession, *, parts: int) -> Report:
    """What `replay` reports of everybody; `open_session` is sent to each process."""
    with open_session() as session:
        shares = divide(session, parts=parts)
    if len(shares) == 1:
        with _snapshot(open_session) as session:
            return replay(session)
    whole = Report()
    for report in _run(open_session, shares):
        whole.join(report)
    with _snapshot(open_session) as session:
        check_items(session, whole)
    return whole


@contextmanager
def _snapshot(open_session: OpenSession) -> Iterator[Session]:
    """A session all of whose statements see the same moment: people go on answering meanwhile."""
    with open_session() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.connection(
                execution_options={
                    "isolation_level": "REPEATABLE READ",
                    "postgresql_readonly": True,
                }
            )
        yield session  # a transaction of SQLite sees one moment by itself


def divide(session: Session, *, parts: int) -> list[Among]:
    """Everybody, in at most so many shares of about equally many responses."""
    total = session.scalar(select(func.coalesce(func.sum(LearnerState.sequence), 0))) or 0
    parts = max(1, min(parts, total // RESPONSES_A_PART))
    if parts == 1:
        return [Among()]
    edges = [None, *_edges(session, total // parts + 1), None]
    return [Among(first, before) for first, before in pairwise(edges)]


def _edges(session: Session, size: int) -> Iterator[uuid.UUID]:
    """The first learner of every share after the first."""
    query = select(LearnerState.learner_id, LearnerState.sequence).order_by(LearnerState.learner_id)
    gathered = 0
    for learner_id, sequence in session.execute(query.execution_options(yield_per=5_000)):
        if gathered >= size:
            yield learner_id
            gathered = 0
        gathered += sequence


def _run(open_session: OpenSession, shares: list[Among]) -> list[Report]:
    """What each share reports: the first is replayed here, the others in processes meanwhile."""
    first, *others = shares
    # Never forked from here: a thread that answers meanwhile could hold a lock, which the child
    # would find held for ever. The server they are forked from runs nothing else.
    clean = multiprocessing.get_context("forkserver")
    clean.set_forkserver_preload([__name__])
    running = [_start(clean, open_session, share) for share in others]
    try:
        return [_report(open_session, first), *(_received(report) for _, report in running)]
    finally:
        for process, _ in running:
            process.terminate()
            process.join()


def _start(
    clean: ForkServerContext, open_session: OpenSession, share: Among
) -> tuple[ForkServerProcess, Connection]:
    here, there = clean.Pipe(duplex=False)
    process = clean.Process(target=_send, args=(there, open_session, share), daemon=True)
    process.start()
    there.close()
    return process, here


def _send(there: Connection, open_session: OpenSession, share: Among) -> None:
    there.send(_report(open_session, share))


def _report(open_session: OpenSession, share: Among) -> Report:
    with _snapshot(open_session) as session:
        return replay_learners(session, among=share)


def _received(report: Connection) -> Report:
    try:
        return cast(Report, report.recv())
    except EOFError:
        raise PartEnded("A part of the replay ended early. The log says why.") from None
