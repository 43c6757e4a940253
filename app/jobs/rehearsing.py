"""Rehearsing a module for the trainer who asked."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from app.clock import now
from app.jobs.task import Work
from app.services.teaching import rehearsals, rehearsing
from app.services.teaching.rehearsals import Made
from app.words import Sentence

UNDER_WAY = Sentence("Simulated learners go through the module")


def rehearse(work: Work) -> None:
    made = rehearsing.make(
        work.database.reader,
        work.request["module"],
        tell=lambda share: work.tell(UNDER_WAY, progress=share),
    )
    work.finish(partial(_keep, work=work, made=made))


def _keep(session: Session, *, work: Work, made: Made) -> Mapping[str, Any]:
    if work.asker is not None:
        rehearsals.keep(session, made, asker=work.asker, at=now())
    return {"slug": made.slug}
