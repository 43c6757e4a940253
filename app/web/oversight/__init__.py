"""The oversight officer's pages: how Cairn decides, any decision made again, what people did."""

from app.web.oversight import (
    calibration,  # noqa: F401
    decisions,  # noqa: F401
    events,  # noqa: F401
    home,  # noqa: F401
    how,  # noqa: F401
)
from app.web.oversight.door import bp

__all__ = ["bp"]
