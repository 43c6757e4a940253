"""`flask calibrate`: fit a module's parameters to its answers and compare them."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

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

    module_id = find_module(current_session(), module).id
    proposal = calibrating.calibrate(database().reader, module_id, tell=tell)
    transact(lambda session: calibrations.keep(session, proposal, asker=None, at=now()))
    say(proposal)


def find_module(session: Session, slug: str) -> Module:
    """The module of this name."""
    found = session.scalar(select(Module).where(Module.slug == slug))
    if found is None:
        raise CannotGoOn(f"There is no module {slug}. Its name is the last part of its address.")
    return found


def tell(stage: Sentence, _progress: float) -> None:
    """Say what is being done, once."""
    if click.get_current_context().meta.get("stage") != stage:
        click.get_current_context().meta["stage"] = stage
        click.echo(f"{stage} ...")


def say(proposal: "calibrations.Proposed") -> None:
    """Say how a proposal did on held-out answers, and what can be done with it."""
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
