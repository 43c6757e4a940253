"""`flask calibrate`: fit a module's parameters to its answers and compare them."""

import click
from sqlalchemy import select

from app.cli.sentence import plainly
from app.clock import now
from app.db import current_session, database, transact
from app.models import Module
from app.refusal import CannotGoOn
from app.services.oversight.calibration import calibrations
from app.words import Sentence


@click.command("calibrate", help="Propose parameters for a module. People approve them on a page.")
@click.argument("module")
@plainly
def calibrate(module: str) -> None:
    # Only here: fitting needs libraries that no other command should wait for.
    from app.services.oversight.calibration import calibrating  # noqa: PLC0415

    module_id = current_session().scalar(select(Module.id).where(Module.slug == module))
    if module_id is None:
        raise CannotGoOn(f"There is no module {module}. Its name is the last part of its address.")
    proposal = calibrating.calibrate(database().reader, module_id, tell=_tell)
    transact(lambda session: calibrations.keep(session, proposal, asker=None, at=now()))
    _say(proposal)


def _tell(stage: Sentence, _progress: float) -> None:
    if click.get_current_context().meta.get("stage") != stage:
        click.get_current_context().meta["stage"] = stage
        click.echo(f"{stage} ...")


def _say(proposal: "calibrations.Proposed") -> None:
    found = proposal.comparison
    click.echo(
        f"Held out: {found['held_out_answers']} answers of {found['held_out_learners']} learners."
    )
    for name, label in (("active", "in use"), ("proposed", "proposed"), ("baseline", "pyBKT")):
        own = found["figures"][name]
        click.echo(
            f"{label:9} AUC {own['auc'] or 0:.3f}  log-loss {own['log_loss']:.4f}  "
            f"calibration error {own['calibration_error']:.3f}"
        )
    if found["better"]:
        click.echo("The proposal is better. An oversight officer can approve it.")
    else:
        click.echo("The proposal is not better than both. It is kept and cannot be approved.")
