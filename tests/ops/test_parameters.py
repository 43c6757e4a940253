"""`flask parameters` writes the set in use, and takes none that is malformed or unfounded."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import Database
from app.models import Calibration, Module
from app.services.catalogue import shelf
from engine.exchange import read_parameters
from tests.people import MODULE_SLUG, module_id


def test_the_table_holds_the_parameters_in_use(app: Flask) -> None:
    database: Database = app.extensions["database"]
    result = app.test_cli_runner().invoke(args=["parameters", MODULE_SLUG])
    with database.reader() as session:
        module = session.get_one(Module, module_id(session))
        in_use = shelf.parameters(session, module.parameter_set_id)
        assert read_parameters(result.output.splitlines()) == dict(in_use)


def test_a_module_that_is_not_there_is_a_sentence(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["parameters", "no-such"])
    assert result.exit_code == 2
    assert "There is no module no-such." in result.output


def test_a_malformed_table_is_refused_line_by_line(app: Flask, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("skill,param,class,value\nno-such,prior,default,.3\nno-such,hope,x,.1\n")
    result = app.test_cli_runner().invoke(args=["parameters", MODULE_SLUG, "--import", str(table)])
    assert result.exit_code == 2
    assert result.output.splitlines() == [
        f"{table}, line 3: no parameter is called 'hope'",
        f"{table}, line 2: no skill is called 'no-such'",
        "Nothing was proposed.",
    ]
    database: Database = app.extensions["database"]
    with database.reader() as session:
        assert session.scalars(select(Calibration)).all() == []


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_what_cannot_be_read_is_a_sentence(
    app: Flask, tmp_path: Path, content: bytes | None
) -> None:
    table = tmp_path / "table.csv"
    if content is not None:
        table.write_bytes(content)
    result = app.test_cli_runner().invoke(args=["parameters", MODULE_SLUG, "--import", str(table)])
    assert result.exit_code == 2
    assert f"{table} cannot be read" in result.output


def test_a_table_is_not_judged_by_too_few_answers(app: Flask, tmp_path: Path) -> None:
    runner, table = app.test_cli_runner(), tmp_path / "table.csv"
    table.write_text(runner.invoke(args=["parameters", MODULE_SLUG]).output)
    result = runner.invoke(args=["parameters", MODULE_SLUG, "--import", str(table)])
    assert result.exit_code == 2
    assert "Not enough data" in result.output
