"""Long work of one transaction."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


def take_time(session: Session) -> None:
    """Let this one transaction of PostgreSQL take longer than a request may."""
    if session.connection().dialect.name == "postgresql":
        for limit in LIMITS:
            session.execute(select(func.set_config(limit, "0", True)))
