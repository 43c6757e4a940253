"""Publishing the week's figures: for the agency that asked, and each week for all of them."""

import uuid
from collections.abc import Callable, Sequence
from functools import partial

from app.jobs.task import Work
from app.services.cohorts import snapshots
from app.words import Sentence

UNDER_WAY = Sentence("The figures of each cohort are taken")


def publish(work: Work) -> None:
    agencies = _agencies(work)
    for done, agency_id in enumerate(agencies):
        tell = _telling(work, done=done, of=len(agencies))
        # The time is the job's, so that work taken up again publishes the same figures.
        with work.database.reader() as session:
            taken = snapshots.take(session, agency_id, at=work.at, tell=tell)
        work.database.transact(
            partial(snapshots.publish, taken=taken, actor=work.asker, job_id=work.id)
        )
    work.finish(lambda _: {})


def _agencies(work: Work) -> Sequence[uuid.UUID]:
    if work.asker is not None:
        return [work.asker.agency_id]
    with work.database.reader() as session:
        return snapshots.agencies_with_cohorts(session)


def _telling(work: Work, *, done: int, of: int) -> Callable[[float], None]:
    return lambda share: work.tell(UNDER_WAY, progress=(done + share) / of)
