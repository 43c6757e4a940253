"""How long it takes to prove the record: 1,000,000 responses replayed.

    python -m tests.bench.replay [--json] [--responses N] [--parts N]

The log is written first, outside the measured time, by the same engine and the same hash chain, in
large batches into a SQLite file with all its constraints. Then it is replayed as `flask replay`
does: every link of every chain checked, every response folded, everything stored compared bit for
bit. Bar: 10 seconds.
"""

import argparse
import json
import multiprocessing
import os
import random
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

import psutil
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.authoring import Lesson
from app.clock import now
from app.db import Database
from app.models import ItemDifficulty, LearnerState, Mastery, Module, Response, Serving
from app.services.catalogue import shelf
from app.services.learning import chain, offer, outcome, states
from app.services.learning.replay_parts import replay_in_parts
from engine import FRESH, Answer, ItemKind, Outcome, Plan, SkillState, fold, move_difficulty
from tests.bench import world

RESPONSES = 1_000_000
LEARNERS = 5_000
LEARNERS_AT_ONCE = 100
PAUSE = timedelta(seconds=97, microseconds=123_457)
# The first begin so long ago, the last now and then between: pages about the last week find it.
HISTORY = timedelta(days=200)
LOOKS_EVERY_SECONDS = 0.1
Row = dict[str, Any]
Hard = dict[str, tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Taught:
    """What all the learners answer on: the shipped module."""

    module_id: str
    revision_id: str
    parameter_set_id: str
    syllabus: shelf.Syllabus
    plan: Plan
    choices: dict[str, str]  # item id -> an answer that can be read, as it is stored


@dataclass(frozen=True, slots=True)
class Group:
    """Learners whose logs are written together."""

    people: list[uuid.UUID]
    agency_id: uuid.UUID
    responses_each: int
    begun: datetime
    seed: int


@dataclass(frozen=True, slots=True)
class Log:
    """One learner's rows."""

    servings: list[Row]
    responses: list[Row]
    mastery: list[Row]
    state: Row


def write_log(app: Flask, *, responses: int, learners: int) -> None:
    """Fill the database with the logs of many learners."""
    database: Database = app.extensions["database"]
    agency_id, people = world.register(app, learners=learners)
    with database.reader() as db:
        taught = _taught(db)
    groups = [
        Group(
            people[start : start + LEARNERS_AT_ONCE],
            agency_id,
            responses // learners,
            begun=now() - HISTORY * (1 - start / learners),
            seed=start,
        )
        for start in range(0, learners, LEARNERS_AT_ONCE)
    ]
    # One process learns while the other stores. Each group meets the items as the last left them.
    hard: Hard = {}
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        coming = pool.submit(_learn_together, taught, groups[0], hard)
        for group in [*groups[1:], None]:
            logs, hard = coming.result()
            if group is not None:
                coming = pool.submit(_learn_together, taught, group, hard)
            database.transact(lambda db, logs=logs: _keep(db, logs))  # type: ignore[misc]
    database.transact(lambda db: _keep_items(db, hard))
    database.checkpoint("TRUNCATE")


def _taught(db: Session) -> Taught:
    module = db.scalars(select(Module).where(Module.slug == world.MODULE_SLUG)).first()
    assert module is not None
    syllabus = shelf.syllabus(db, module.revision_id)
    return Taught(
        module.id,
        module.revision_id,
        module.parameter_set_id,
        syllabus,
        shelf.plan(db, module.parameter_set_id),
        {entry.id: _choice(db, entry) for entry in syllabus.items.values()},
    )


def _choice(db: Session, entry: shelf.ItemEntry) -> str:
    document = shelf.document(db, entry.revision_id)
    if isinstance(document, Lesson):
        return "{}"
    right = document.right_answer()
    return json.dumps({"answer": sorted(right) if isinstance(right, frozenset) else right})


def _learn_together(taught: Taught, group: Group, hard: Hard) -> tuple[list[Log], Hard]:
    chance = random.Random(group.seed)
    hard = dict(hard)
    return [_learn(taught, person, group, chance, hard=hard) for person in group.people], hard


def _learn(
    taught: Taught,
    person: uuid.UUID,
    group: Group,
    chance: random.Random,
    *,
    hard: Hard,
) -> Log:
    agency_id, count = group.agency_id, group.responses_each
    known: dict[str, SkillState] = {}
    trace = FRESH
    standings: dict[str, str] = {}
    last: dict[str, int] = {}
    head = chain.GENESIS
    servings, responses = [], []
    items = taught.syllabus.curriculum.items
    for sequence in range(1, count + 1):
        item = items[chance.randrange(len(items))]
        at = group.begun + PAUSE * sequence
        result = _outcome(item.kind, chance)
        difficulty, rested_on = hard.get(item.id, (0.0, 0))
        folded = fold(
            taught.plan,
            known,
            trace,
            Answer(sequence, item, result, 0, states.seconds(at)),
            difficulty=difficulty,
        )
        steps, trace = folded.steps, folded.trace
        weighing = None
        if folded.predicted is not None and taught.plan.terms is not None:
            moved = move_difficulty(
                taught.plan.terms, difficulty, answers=rested_on, surprise=folded.surprise
            )
            hard[item.id] = moved, rested_on + 1
            weighing = outcome.dump_weighing(folded.predicted, difficulty, rested_on)
        for step in steps:
            known[step.skill] = step.state
            last[step.skill] = sequence
        for step in steps:
            standings[step.skill] = offer.standing(taught.syllabus, known, step.skill, unparked={})
        serving_id = uuid.uuid4()
        whose = {"agency_id": agency_id, "learner_id": person, "module_id": taught.module_id}
        what = {
            "item_id": item.id,
            "parameter_set_id": taught.parameter_set_id,
            "module_revision_id": taught.revision_id,
            "engine": offer.ENGINE,
        }
        response = {
            "serving_id": serving_id,
            "sequence": sequence,
            "outcome": result.value,
            "choice": taught.choices[item.id],
            "confidence": None,
            "hints": 0,
            "steps": outcome.dump_steps(steps, standings),
            "weighing": weighing,
            "answered_at": at,
            **whose,
            **what,
        }
        sealed = chain.link(head, response)
        responses.append(response | {"previous": head, "hash": sealed})
        servings.append(_serving(taught, serving_id, sequence, at, whose | what))
        head = sealed
    return Log(
        servings,
        responses,
        list(_mastery(known, standings, last, person, agency_id)),
        {
            "learner_id": person,
            "agency_id": agency_id,
            "sequence": count,
            "servings": count,
            "head": head,
            "trace": states.dump_trace(trace),
        },
    )


def _outcome(kind: ItemKind, chance: random.Random) -> Outcome:
    if kind is ItemKind.LESSON:
        return Outcome.READ
    luck = chance.random()
    if luck < world.RIGHT:
        return Outcome.CORRECT
    return Outcome.DONT_KNOW if luck < world.RIGHT + world.UNKNOWN else Outcome.WRONG


def _serving(taught: Taught, serving_id: uuid.UUID, sequence: int, at: datetime, row: Row) -> Row:
    return row | {
        "id": serving_id,
        "sequence": sequence,
        "item_revision_id": taught.syllabus.items[row["item_id"]].revision_id,
        "policy": offer.POLICY.version,
        "after_sequence": sequence - 1,
        "seed": sequence,
        "rule": "practise",
        "recommendation": "{}",
        "predicted": None,
        "difficulty": None,
        "expectation": None,
        "part_order": "a,b,c",
        "served_at": at,
    }


def _mastery(
    known: dict[str, SkillState],
    standings: dict[str, str],
    last: dict[str, int],
    person: uuid.UUID,
    agency_id: uuid.UUID,
) -> Iterator[Row]:
    for skill, state in known.items():
        yield {
            "learner_id": person,
            "skill_id": skill,
            "agency_id": agency_id,
            "mastery": state.mastery,
            "answers": state.answers,
            "standing": standings[skill],
            "record": states.dump(state),
            "last_sequence": last[skill],
        }


def _keep_items(db: Session, hard: Hard) -> None:
    for item_id, (difficulty, answers) in hard.items():
        row = db.get_one(ItemDifficulty, item_id)
        row.difficulty, row.answers = difficulty, answers


def _keep(db: Session, logs: list[Log]) -> None:
    connection = db.connection()
    for table, rows in (
        (Serving, [row for log in logs for row in log.servings]),
        (Response, [row for log in logs for row in log.responses]),
        (Mastery, [row for log in logs for row in log.mastery]),
        (LearnerState, [log.state for log in logs]),
    ):
        connection.execute(insert(table), rows)


def largest_child_mb(done: threading.Event) -> float:
    """The most that a part's process held at any look; this one still holds the log it wrote."""
    largest, here = 0, psutil.Process()
    while not done.wait(LOOKS_EVERY_SECONDS):
        for child in here.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                largest = max(largest, child.memory_info().rss)
    return largest / 1e6


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    asked.add_argument("--responses", type=int, default=RESPONSES)
    asked.add_argument("--parts", type=int, default=os.cpu_count() or 1)
    given = asked.parse_args()
    with world.folder() as home:
        app = world.prepare(world.make_config(home))
        learners = max(2, min(LEARNERS, given.responses // 50))
        begun = perf_counter()
        write_log(app, responses=given.responses, learners=learners)
        wrote = perf_counter() - begun
        database: Database = app.extensions["database"]
        done = threading.Event()
        with ThreadPoolExecutor(1) as beside:
            memory = beside.submit(largest_child_mb, done)
            try:
                begun = perf_counter()
                report = replay_in_parts(database.reader, parts=given.parts)
                took = perf_counter() - begun
            finally:
                done.set()
        size = (home / "cairn.db").stat().st_size
    figures = {
        "responses": report.responses,
        "learners": report.learners,
        "seconds": took,
        "differences": report.found,
        "processes": given.parts,
        "memory_mb": memory.result(),
        "database_mb": size / 1e6,
        "seconds_to_write_the_log": wrote,
    }
    if given.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:>25}  {figure:.2f}" if isinstance(figure, float) else f"{name:>25}  {figure}")


if __name__ == "__main__":
    main()
