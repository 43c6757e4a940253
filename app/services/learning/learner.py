"""The person who learns, as services need them."""

import uuid
from typing import Protocol


class Learner(Protocol):
    """Somebody with an id in an agency: a signed-in person, or a row of the demo."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def agency_id(self) -> uuid.UUID: ...
    @property
    def language(self) -> str | None:
        """The language they read in; None: as things were written."""
