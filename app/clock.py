"""The one clock. Services are given the time; doors ask here."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
