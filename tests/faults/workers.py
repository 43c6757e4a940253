"""Worker processes that answer through the real services, and die when they are told to.

They are forked from clean processes that hold no connection, so that a new worker is there in
milliseconds and shares nothing with the tests: `working` forks one from a server that has imported
the application, `nursery` forks many from a worker that has answered once.
"""

import multiprocessing
import os
import random
import signal
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Client, Connection, Listener

from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from app.config import Config
from app.db import Database
from app.models import ItemRevision
from app.services.catalogue import shelf
from app.services.errors import Refused
from app.services.learning import practice, sheet
from app.services.learning.practice import Submission
from tests.conftest import NOON
from tests.people import Person, open_serving, right_fields

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__, "app.web", "app.cli"])
DEADLINE_SECONDS = 20.0
GONE = 86
DOUBT = 0.1
Work = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Worker:
    """A running worker and the pipe on which it acknowledges."""

    pid: int
    pipe: Connection

    def next(self) -> object:
        """What the worker says next; EOFError when it ended instead."""
        assert self.pipe.poll(DEADLINE_SECONDS), "the worker says nothing"
        return self.pipe.recv()

    def rest(self) -> list[object]:
        """Everything the worker said before it ended; it has ended when this returns."""
        said = []
        try:
            while True:
                said.append(self.next())
        except (EOFError, ConnectionResetError):
            return said

    def kill(self) -> None:
        """End it as a power switch would: nothing of it runs any more."""
        os.kill(self.pid, signal.SIGKILL)


@contextmanager
def working(work: Work, *arguments: object) -> Iterator[Worker]:
    """A process that does `work(pipe, *arguments)` and must end well when the block ends."""
    here, there = FORKS.Pipe()
    process = FORKS.Process(target=work, args=(there, *arguments), daemon=True)
    process.start()
    there.close()
    assert process.pid is not None
    try:
        yield Worker(process.pid, here)
        process.join(DEADLINE_SECONDS)
        assert process.exitcode == 0
    finally:
        process.kill()
        process.join()
        process.close()
        here.close()


class Nursery:
    """Forks workers from one that is warm; all of them are gone with it."""

    def __init__(self, orders: Connection, listener: Listener) -> None:
        self._orders, self._listener = orders, listener
        self._workers: list[Worker] = []

    def start(self, work: Work, *arguments: object) -> Worker:
        """A new worker that does `work(pipe, database, *arguments)`."""
        self._orders.send((work, arguments))
        pipe = self._listener.accept()
        self._workers.append(Worker(pipe.recv(), pipe))
        return self._workers[-1]

    def close(self) -> None:
        """Hang up; whoever still answers finds nobody to tell, and ends."""
        for worker in self._workers:
            worker.pipe.close()
        self._orders.send(None)


@contextmanager
def nursery(config: Config, learner: Person) -> Iterator[Nursery]:
    """Workers on demand, forked from one that has answered for this learner and hung up."""
    with Listener() as listener, working(_nurse, config, learner, listener.address) as nurse:
        assert nurse.next() == "warm"
        made = Nursery(nurse.pipe, listener)
        yield made
        made.close()


def _nurse(orders: Connection, config: Config, learner: Person, address: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who are killed
    database = Database(config)
    _one(database, learner, random.Random(0))
    _fill_shelf(database)
    database.engine.dispose()
    orders.send("warm")
    while (order := orders.recv()) is not None:
        if os.fork() == 0:
            work, arguments = order
            pipe = Client(address)
            pipe.send(os.getpid())
            work(pipe, database, *arguments)
            os._exit(0)


def _fill_shelf(database: Database) -> None:
    """Read every item, so that each answer after it takes the same steps."""
    with database.reader() as session:
        for revision_id in session.scalars(select(ItemRevision.id)):
            shelf.document(session, revision_id)


def answer_for(
    pipe: Connection, config: Config, learners: Sequence[Person], seed: int, most: int
) -> None:
    """Answer as `answer_on` does, over a database of its own."""
    answer_on(pipe, Database(config), learners, seed, most)


def answer_on(
    pipe: Connection, database: Database, learners: Sequence[Person], seed: int, most: int
) -> None:
    """Answer for the first of these learners with an open item, `most` times or until killed.

    Each acknowledgement is a serving id, sent after its commit as a page would be. Whoever else
    works for the same learner may be quicker; both then acknowledge the same stored outcome.
    """
    rng, waiting = random.Random(seed), list(learners)
    while most > 0 and waiting:
        answered = _one(database, waiting[0], rng)
        if answered is None:
            waiting.pop(0)
        else:
            pipe.send(answered)
            most -= 1


def _one(database: Database, learner: Person, rng: random.Random) -> uuid.UUID | None:
    """The serving that was answered, by this worker or just before it; None when none is open."""
    serving = open_serving(database, learner)
    if serving is None:
        return None
    with database.reader() as session:
        document = shelf.document(session, serving.item_revision_id)
    fields: sheet.Fields = right_fields(document, serving.seed)
    submission = Submission(fields=fields, dont_know=rng.random() < DOUBT)
    if rng.random() < DOUBT:
        _take_hint(database, serving.id, learner)
    database.transact(
        lambda session: practice.answer(
            session, serving.id, learner=learner, submission=submission, at=NOON
        )
    )
    return serving.id


def _take_hint(database: Database, serving_id: uuid.UUID, learner: Person) -> None:
    try:
        database.transact(
            lambda session: practice.take_hint(
                session, serving_id, number=1, learner=learner, at=NOON
            )
        )
    except Refused:  # somebody else has answered meanwhile
        return


def answer_and_stop(
    pipe: Connection, database: Database, learner: Person, serving_id: uuid.UUID, step: int
) -> None:
    """Answer once and vanish at the given step: before or after a statement or the commit.

    Sends the name of the step before it vanishes, or "done" when the answer has fewer.
    """
    steps = 0

    def pass_step(name: str) -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            pipe.send(name)
            os._exit(GONE)

    _watch(database.engine, pass_step)
    submission = Submission(fields={}, dont_know=True)
    database.transact(
        lambda session: practice.answer(
            session, serving_id, learner=learner, submission=submission, at=NOON
        )
    )
    pipe.send("done")


def answer_and_hang(
    pipe: Connection, database: Database, learner: Person, serving_id: uuid.UUID
) -> None:
    """Begin to answer, say "writing" with every lock held, and never go on."""

    def hang(name: str) -> None:
        if name.startswith("after INSERT INTO response"):
            pipe.send("writing")
            signal.pause()

    _watch(database.engine, hang)
    submission = Submission(fields={}, dont_know=True)
    database.transact(
        lambda session: practice.answer(
            session, serving_id, learner=learner, submission=submission, at=NOON
        )
    )


def _watch(engine: Engine, pass_step: Callable[[str], None]) -> None:
    event.listen(engine, "before_cursor_execute", lambda *call: pass_step(f"before {call[2]}"))
    event.listen(engine, "after_cursor_execute", lambda *call: pass_step(f"after {call[2]}"))
    event.listen(engine, "commit", lambda *_: pass_step("before COMMIT"))
    # The first that is heard after a commit: its connection is given back.
    event.listen(engine, "checkin", lambda *_: pass_step("after COMMIT"))
