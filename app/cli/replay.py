"""`flask replay`: rebuild every learner's state from the responses and compare."""

import os

import click
from sqlalchemy.orm import Session

from app.cli.sentence import plainly
from app.clock import now
from app.db import current_session, database, transact
from app.refusal import CannotGoOn
from app.services.learning import difficulties
from app.services.learning import replay as replaying
from app.services.learning.learner import Learner
from app.services.learning.replay import Report
from app.services.learning.replay_parts import replay_in_parts
from app.services.operations import proving
from app.services.operations.totals import learners


@click.command("replay", help="Rebuild mastery from the responses and say where it differs.")
@click.option("--repair", is_flag=True, help="Store what was rebuilt where it differs.")
@plainly
def replay(repair: bool) -> None:  # noqa: FBT001 - click hands a flag over so
    report = _say(replay_in_parts(database().reader, parts=os.cpu_count() or 1))
    if report.found and repair:
        everybody = learners(current_session())
        with click.progressbar(everybody, label="Repairing") as each:
            for learner in each:
                _repair(learner)
        transact(lambda session: difficulties.repair(session, report.moves))
        report = _say(replay_in_parts(database().reader, parts=os.cpu_count() or 1))
    transact(lambda session: proving.record(session, report, at=now()))
    if report.found:
        raise CannotGoOn(
            f"{report.found} differences. "
            + (
                "The log itself has them: restore a backup with flask restore FILE."
                if repair
                else "Store what was rebuilt with: flask replay --repair"
            )
        )


def _repair(learner: Learner) -> None:
    def work(session: Session) -> None:
        replaying.repair(session, learner=learner)

    transact(work)


def _say(report: Report) -> Report:
    for difference in report.differences:
        click.echo(difference)
    click.echo(
        f"Replayed {report.responses} responses of {report.learners} learners: "
        f"{report.found} differences."
    )
    return report
