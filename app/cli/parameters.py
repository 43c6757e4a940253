"""`flask parameters`: a module's parameters as a table that pyBKT and notebooks read."""

import sys

import click
from sqlalchemy import select

from app.cli.sentence import plainly
from app.db import current_session
from app.models import Module
from app.refusal import CannotGoOn
from app.services.catalogue import shelf
from engine.exchange import write_parameters


@click.command("parameters", help="Write a module's parameters in use as pyBKT's table (CSV).")
@click.argument("module")
@plainly
def parameters(module: str) -> None:
    session = current_session()
    set_id = session.scalar(select(Module.parameter_set_id).where(Module.slug == module))
    if set_id is None:
        raise CannotGoOn(f"There is no module {module}. Its name is the last part of its address.")
    write_parameters(shelf.parameters(session, set_id), sys.stdout)
