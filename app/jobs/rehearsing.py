"""Rehearsing a module, or a draft of one, for the trainer who asked."""

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from app.clock import now
from app.jobs.task import Work
from app.services.errors import NotFound
from app.services.teaching import rehearsals, rehearsing
from app.services.teaching.rehearsals import Made
from app.services.workshop import draft_rehearsals
from app.words import Sentence

UNDER_WAY = Sentence("Simulated learners go through the module")


def rehearse(work: Work) -> None:
    made = rehearsing.make(
        work.database.reader,
        work.request["module"],
        tell=lambda share: work.tell(UNDER_WAY, progress=share),
    )
    work.finish(partial(_keep, work=work, made=made))


def rehearse_draft(work: Work) -> None:
    if work.asker is None:
        raise NotFound
    with work.database.reader() as session:
        draft_id = uuid.UUID(work.request["draft"])
        ready = draft_rehearsals.read(session, draft_id, trainer=work.asker)
    seed, document = rehearsing.simulate(
        ready.curriculum,
        ready.plan,
        tell=lambda share: work.tell(UNDER_WAY, progress=share),
    )

    def store(session: Session) -> Mapping[str, Any]:
        if work.asker is not None:
            draft_rehearsals.keep(
                session, ready, seed=seed, document=document, asker=work.asker, at=now()
            )
        return {"draft_id": str(draft_id)}

    work.finish(store)


def _keep(session: Session, *, work: Work, made: Made) -> Mapping[str, Any]:
    if work.asker is not None:
        rehearsals.keep(session, made, asker=work.asker, at=now())
    return {"slug": made.slug}
