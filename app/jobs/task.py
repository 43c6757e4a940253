"""What a task is given, and how it says how far it is."""

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.clock import now
from app.db import Database
from app.services.operations import jobs
from app.words import Sentence

# A page asks once a second; telling it more often would only write.
TOLD_EVERY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever asked for it; services check what they may."""

    id: uuid.UUID
    agency_id: uuid.UUID


@dataclass(slots=True)
class Work:
    """One job under way."""

    id: uuid.UUID
    database: Database
    request: Mapping[str, Any]
    asker: Asker | None
    at: datetime
    _told: float = field(default=float("-inf"))

    def tell(self, stage: Sentence, *, progress: float) -> None:
        """What is being done, and how much of the whole is done, from 0 to 1."""
        if time.monotonic() - self._told < TOLD_EVERY_SECONDS:
            return
        self._told = time.monotonic()
        self.database.transact(
            lambda session: jobs.tell(session, self.id, stage, progress=progress, at=now())
        )

    def finish(self, store: Callable[[Session], Mapping[str, Any]]) -> None:
        """Store what was made and end the job in one transaction; `store` returns its result."""
        self.database.transact(
            lambda session: jobs.finish(session, self.id, store(session), at=now())
        )


Task = Callable[[Work], None]
