"""`flask parameters`: a module's parameters as pyBKT's table, out and in."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app.cli.calibrate import find_module, say, tell
from app.cli.sentence import plainly
from app.clock import now
from app.db import current_session, database, transact
from app.refusal import CannotGoOn
from app.services.catalogue import shelf
from app.services.oversight.calibration import calibrations
from engine import Plan, SkillParameters
from engine.exchange import read_parameters, write_parameters


@click.command(
    "parameters",
    help="Write a module's parameters in use as pyBKT's table (CSV), or propose those of a table.",
)
@click.argument("module")
@click.option(
    "--import",
    "table",
    type=click.Path(path_type=Path),
    help="Compare this table with the parameters in use. People approve it on a page.",
)
@plainly
def parameters(module: str, table: Path | None) -> None:
    session = current_session()
    found = find_module(session, module)
    in_use = shelf.plan(session, found.parameter_set_id)
    if table is None:
        write_parameters(in_use.skills, sys.stdout)
    else:
        _propose(found.id, _read(table, in_use), skills=_titles(session, found.revision_id))


def _propose(
    module_id: str, table: Mapping[str, SkillParameters], *, skills: Mapping[str, str]
) -> None:
    # Only here: judging needs libraries that no other command should wait for.
    from app.services.oversight.calibration import calibrating  # noqa: PLC0415

    proposal = calibrating.take_over(database().reader, module_id, table, tell=tell)
    transact(lambda session: calibrations.keep(session, proposal, asker=None, at=now()))
    for skill in table:
        if skill in proposal.plan.tiers:
            why = proposal.plan.tier(skill).why.value
            click.echo(f"Kept as it is, since the table's {why} is out of bounds: {skills[skill]}")
    say(proposal)


def _read(path: Path, in_use: Plan) -> dict[str, SkillParameters]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return read_parameters(lines, known=in_use.skills)
    except (OSError, UnicodeDecodeError) as error:
        raise CannotGoOn(f"{path} cannot be read: {error}") from error
    except ValueError as error:
        lines_said = "\n".join(f"{path}, {line}" for line in str(error).splitlines())
        raise CannotGoOn(f"{lines_said}\nNothing was proposed.") from error


def _titles(session: Session, revision_id: str) -> dict[str, str]:
    return {skill.id: skill.title for skill in shelf.syllabus(session, revision_id).skills.values()}
