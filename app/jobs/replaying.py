"""The weekly proof: every answer folded again, compared with what is stored, changing nothing."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.clock import now
from app.jobs.task import Work
from app.services.learning.replay import Report
from app.services.learning.replay_parts import replay_in_parts
from app.services.operations import proving


def replay(work: Work) -> None:
    # One part: whoever learns meanwhile needs the processors more.
    report = replay_in_parts(work.database.reader, parts=1)
    work.finish(lambda session: _keep(session, report))


def _keep(session: Session, report: Report) -> Mapping[str, Any]:
    proving.record(session, report, at=now())
    return {"responses": report.responses, "differences": report.found}
