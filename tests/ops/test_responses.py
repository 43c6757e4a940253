"""`flask responses` writes answers in the documented format, and nobody can be joined."""

import csv
import random
from io import StringIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import Database
from app.models import AuditEvent, Module
from app.services.oversight import answer_export
from engine.baseline import fit
from engine.model.answers import AnswerLog
from tests.bench.answer_logs import read_answer_log
from tests.calibration.crowd import let_answer, make_crowd
from tests.conftest import NOON
from tests.people import MODULE_SLUG, Person, module_id

PEOPLE, ANSWERS = 20, 6


@pytest.fixture
def crowd(app: Flask) -> list[Person]:
    database: Database = app.extensions["database"]
    people, rng = make_crowd(database, people=PEOPLE, at=NOON), random.Random(5)
    for person in people:
        let_answer(database, person, answers=ANSWERS, at=NOON, rng=rng)
    return people


def exported(app: Flask, path: Path) -> AnswerLog:
    result = app.test_cli_runner().invoke(args=["responses", MODULE_SLUG, "--export", str(path)])
    assert result.exit_code == 0, result.output
    return read_answer_log(path)


def test_a_notebook_reads_the_answers_and_pybkt_fits_them(
    app: Flask, crowd: list[Person], tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    log = exported(app, path)
    assert log.n_histories == len(crowd)
    assert set(log.folds.tolist()) <= {1, 2, 3, 4, 5}
    answers = list(
        zip(log.learner_of.tolist(), log.skills.tolist(), log.correct.tolist(), strict=True)
    )
    for rates in fit(answers, seed=1, starts=1).values():
        assert all(0.0 < rate < 1.0 for rate in rates)
    assert path.stat().st_mode & 0o077 == 0


def test_nobody_is_named_or_found_again(app: Flask, crowd: list[Person]) -> None:
    database: Database = app.extensions["database"]
    texts = []
    for key in (b"one", b"another"):
        to = StringIO()
        with database.writing() as session:
            module = session.get_one(Module, module_id(session))
            answer_export.export(session, module, to, key=key, at=NOON)
        texts.append(to.getvalue())
    assert not any(
        told in text for text in texts for it in crowd for told in (str(it.id), it.id.hex, it.name)
    )
    first, second = (list(csv.DictReader(StringIO(text))) for text in texts)
    assert len(first) == len(second)
    assert [tuple(row.values()) for row in first] != [tuple(row.values()) for row in second]


def test_it_is_an_audit_event(app: Flask, crowd: list[Person], tmp_path: Path) -> None:
    log = exported(app, tmp_path / "log.csv")
    database: Database = app.extensions["database"]
    with database.reader() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == answer_export.ACT)).one()
    assert event.actor_id is None
    assert event.details == {
        "module": MODULE_SLUG,
        "learners": len(crowd),
        "responses": log.n_answers,
    }


def test_a_file_that_is_there_is_left_alone(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("mine")
    result = app.test_cli_runner().invoke(args=["responses", MODULE_SLUG, "--export", str(path)])
    assert result.exit_code == 2
    assert path.read_text() == "mine"


def test_nothing_is_left_behind_where_there_is_no_such_module(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    result = app.test_cli_runner().invoke(args=["responses", "no-such", "--export", str(path)])
    assert result.exit_code == 2
    assert "There is no module no-such." in result.output
    assert not path.exists()
