"""What one answer costs this processor: inside the service, and through the whole application.

    python -m tests.bench.answer [--json] [--learners N] [--answers N] [--profile]

Learners answer in turn, in one process, on a SQLite file with synchronous=FULL. Counted is
processor time (user and system), which neighbours on the machine disturb little. The whole request
is measured through the application with cookie, token and htmx's header, without a web server.
Bar: 5 ms of processor time and 12 SQL statements an answer.
"""

import argparse
import cProfile
import json
import os
import pstats
import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, select

from app import logs
from app.clock import now
from app.db import Database
from app.models import ModuleState, Serving
from app.services.catalogue import shelf
from app.services.learning import practice
from tests.bench import world
from tests.bench.world import Learner

# So many that nobody comes to the end of the module before the last answer.
LEARNERS = 250
ANSWERS = 1_500
WARMED_BY = 120
BATCH = 50
MILLISECONDS = 1_000


@dataclass(frozen=True, slots=True)
class Cost:
    """What some answers took: milliseconds of processor time, and SQL statements."""

    cpu_ms: float
    statements: float


class Room:
    """The application, its learners, and whose turn it is."""

    def __init__(self, app: Flask, learners: Sequence[Learner]) -> None:
        self.app = app
        self.database: Database = app.extensions["database"]
        self._learners = learners
        self._chance = random.Random(11)
        self._turn = 0

    def next_answer(self) -> tuple[Learner, Serving, practice.Submission]:
        """The next learner, what is open for them, and what they will say."""
        for _ in self._learners:
            learner = self._learners[self._turn % len(self._learners)]
            self._turn += 1
            with self.database.reader() as db:
                serving = db.scalar(
                    select(Serving)
                    .join(ModuleState, ModuleState.open_serving_id == Serving.id)
                    .where(ModuleState.learner_id == learner.id)
                )
                if serving is not None:
                    document = shelf.document(db, serving.item_revision_id)
                    given = world.submission(document, serving.seed, self._chance)
                    return learner, serving, given
        raise SystemExit("Everybody is through with the module: ask for more --learners.")


def answer_in_service(room: Room) -> Callable[[], object]:
    """The next answer, ready to be given to the service."""
    learner, serving, given = room.next_answer()
    return lambda: room.database.transact(
        lambda db: practice.answer(db, serving.id, learner=learner, submission=given, at=now())
    )


def answer_by_request(room: Room) -> Callable[[], object]:
    """The next answer, ready to be sent as a browser would."""
    learner, serving, given = room.next_answer()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": f"/learn/servings/{serving.id}/answer",
        "HTTP_COOKIE": learner.cookie,
        "HTTP_HX_REQUEST": "true",
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
    }
    return _request(room, environ, world.form(given, learner.csrf))


def next_step(room: Room) -> Callable[[], object]:
    """The page part with the next item, as "Continue" asks for it."""
    learner, *_ = room.next_answer()
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/learn/modules/ai-literacy-for-public-servants",
        "HTTP_COOKIE": learner.cookie,
        "HTTP_HX_REQUEST": "true",
    }
    return _request(room, environ, b"")


def _request(room: Room, environ: dict[str, str], body: bytes) -> Callable[[], object]:
    ready: dict[str, Any] = {
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8160",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1:8160",
        "REMOTE_ADDR": "127.0.0.1",
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    } | environ
    said: list[str] = []

    def begin(status: str, *_: object) -> Callable[[bytes], object]:
        said.append(status)
        return said.append  # type: ignore[return-value]  # nothing writes through it

    def send() -> None:
        b"".join(room.app.wsgi_app(ready, begin))
        assert said in (["200 OK"], ["303 SEE OTHER"]), said  # a lesson leads on

    return send


def measure(room: Room, ready: Callable[[Room], Callable[[], object]], *, times: int) -> Cost:
    """What it costs to do what `ready` makes ready; the making does not count.

    The median of batches: a neighbour that fills the processor's caches spoils some, not all.
    """
    for _ in range(WARMED_BY):
        ready(room)()
    means = []
    for _ in range(times // BATCH):
        spent = 0.0
        for _ in range(BATCH):
            act = ready(room)
            begun = process_time()
            act()
            spent += process_time() - begun
        means.append(spent / BATCH * MILLISECONDS)
    # Counted apart: a listener at every statement takes time of its own.
    with counted(room.database.engine) as statements:
        for _ in range(BATCH):
            act = ready(room)
            statements.stand()
            act()
            statements.take()
    return Cost(statistics.median(means), statements.taken / BATCH)


class Counter:
    """Statements sent to the database, taken stock of between two points."""

    def __init__(self) -> None:
        self.seen = self.taken = self._stood = 0

    def stand(self) -> None:
        self._stood = self.seen

    def take(self) -> None:
        self.taken += self.seen - self._stood


@contextmanager
def counted(engine: Engine) -> Iterator[Counter]:
    """Count statements, BEGIN left out."""
    counter = Counter()

    def count(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        counter.seen += not statement.startswith("BEGIN")

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield counter
    finally:
        event.remove(engine, "before_cursor_execute", count)


def profile(room: Room, ready: Callable[[Room], Callable[[], object]], *, times: int) -> None:
    """Print where the time goes."""
    for _ in range(WARMED_BY):
        ready(room)()
    profiler = cProfile.Profile()
    for _ in range(times):
        act = ready(room)
        profiler.enable()
        act()
        profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
    pstats.Stats(profiler).sort_stats("cumtime").print_stats(110)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    asked.add_argument("--learners", type=int, default=LEARNERS)
    asked.add_argument("--answers", type=int, default=ANSWERS)
    asked.add_argument("--profile", choices=["service", "request", "step"])
    given = asked.parse_args()
    parts = {"service": answer_in_service, "request": answer_by_request, "step": next_step}
    with world.folder() as home, Path(os.devnull).open("w") as nowhere:
        logs.configure(nowhere)  # a server logs every request, so this must count
        app = world.prepare(world.make_config(home))
        room = Room(app, world.enrol(app, learners=given.learners))
        if given.profile:
            profile(room, parts[given.profile], times=given.answers)
            return
        found = {name: measure(room, part, times=given.answers) for name, part in parts.items()}
    figures = {
        "service_cpu_ms": found["service"].cpu_ms,
        "service_statements": found["service"].statements,
        "request_cpu_ms": found["request"].cpu_ms,
        "request_statements": found["request"].statements,
        "next_step_cpu_ms": found["step"].cpu_ms,
    }
    if given.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:>20}  {figure:.2f}")


if __name__ == "__main__":
    main()
