"""Long lists, newest first, a page at a time: by where the last page ended, never by counting."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.services.learning import states

PAGE = 25
Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Page(Generic[Line]):
    """Some lines, newest first; `older` asks for the lines after them, None at the end."""

    lines: tuple[Line, ...]
    older: str | None


def cursor(at: datetime, row_id: uuid.UUID) -> str:
    return f"{states.microseconds(at)}.{row_id.hex}"


def older_than(
    at: InstrumentedAttribute[datetime], row_id: InstrumentedAttribute[uuid.UUID], before: str
) -> ColumnElement[bool] | None:
    """The condition for rows older than the cursor; None where it is none of ours."""
    time, _, digits = before.partition(".")
    try:
        when = states.EPOCH + int(time) * states.MICROSECOND
        last = uuid.UUID(digits)
    except (ValueError, OverflowError):
        return None
    # Said so, an index on the time begins where the last page ended.
    return and_(at <= when, or_(at < when, row_id < last))
