"""Logs as JSON lines: enough to find a fault, nothing that says who a person is or what they wrote.

A request is one line: who as a keyed hash, which door, what came of it, how long it took. Messages
of other libraries lose the texts put into them, and an exception is its kind and its places in the
code: its words may quote an answer or an address.
"""

import hashlib
import json
import logging
import secrets
import sys
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO

from flask import Flask, Response, g, has_request_context, request
from flask.logging import default_handler

from app.config import REPOSITORY, Config

REQUESTS = logging.getLogger("cairn.request")
# Loggers whose words are ours and checked; every other message is reduced to its template.
OURS = ("app", "cairn")
# Servers that bring handlers of their own.
SERVERS = ("gunicorn.access", "gunicorn.error", "werkzeug")
REFERENCE_BYTES = 8
PSEUDONYM_BYTES = 6
PLACES_KEPT = 8
MILLISECONDS = 1000


def init_app(app: Flask, config: Config) -> None:
    """Give every request a reference and one line in the log; call this before other doors."""
    key = hashlib.sha256(config.secret_key.encode()).digest()

    def begin() -> None:
        g.begun = time.perf_counter()
        reference()

    def write(response: Response) -> Response:
        response.headers["X-Request-Id"] = reference()
        REQUESTS.info("request", extra={"request": _line(response, key=key)})
        return response

    app.before_request(begin)
    app.after_request(write)


def reference() -> str:
    """The name of this request in the log; an error page may show it."""
    if "reference" not in g:
        g.reference = secrets.token_hex(REFERENCE_BYTES)
    found: str = g.reference
    return found


def elapsed_seconds() -> float:
    """How long this request has taken so far."""
    return time.perf_counter() - float(g.get("begun", time.perf_counter()))


def _line(response: Response, *, key: bytes) -> dict[str, object]:
    user = g.get("user")
    return {
        "user": pseudonym(str(user.id), key=key) if user is not None else None,
        "method": request.method,
        "endpoint": request.endpoint,
        "status": response.status_code,
        "ms": round(elapsed_seconds() * MILLISECONDS, 1),
    }


def pseudonym(user_id: str, *, key: bytes) -> str:
    """The same short name for the same person, which only the holder of the key can make."""
    name = hashlib.blake2b(f"log:{user_id}".encode(), key=key, digest_size=PSEUDONYM_BYTES)
    return name.hexdigest()


def configure(stream: IO[str] | None = None) -> None:
    """Send everything this process logs to `stream`, standard error unless told, as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_JsonLines())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("app").removeHandler(default_handler)
    for name in SERVERS:
        server = logging.getLogger(name)
        server.handlers.clear()
        server.propagate = True


class _JsonLines(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "event": _words(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        line |= getattr(record, "request", {})
        if has_request_context():
            line["reference"] = reference()
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["error"] = _kinds(error)
            line["places"] = _places(error)
        return json.dumps(line)


def _words(record: logging.LogRecord) -> str:
    """The message; of a foreign one its template alone, unless what was put in is but numbers."""
    if record.name.split(".")[0] in OURS:
        return record.getMessage()
    args = record.args or ()
    values = tuple(args.values() if isinstance(args, Mapping) else args)
    if record.exc_info and not values:
        # Such a message was put together beforehand, and may quote the request.
        return "exception"
    numbers = all(isinstance(value, int | float) for value in values)
    return record.getMessage() if numbers else str(record.msg)


def _kinds(error: BaseException) -> list[str]:
    """The kind of the exception and of those that caused it, with the database's own code."""
    kinds: list[str] = []
    step: BaseException | None = error
    while step is not None and len(kinds) < PLACES_KEPT:
        code = getattr(step, "sqlstate", None) or getattr(step, "sqlite_errorname", None)
        kinds.append(type(step).__qualname__ + (f" {code}" if code else ""))
        step = step.__cause__ or step.__context__
    return kinds


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-PLACES_KEPT:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(filename: str) -> str:
    for root in (f"{REPOSITORY}/", *(f"{place}/" for place in sys.path if place)):
        if filename.startswith(root):
            return filename.removeprefix(root)
    return filename
