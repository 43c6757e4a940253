"""`flask parameters` writes the set in use, and nothing is lost on the way."""

from flask import Flask

from app.db import Database
from app.models import Module
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
