"""What the log says of a request and of a fault, and what it never says."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask, g

from app import logs
from app.models import Role
from tests.conftest import NOON
from tests.people import Person, client_of, make_agency, make_user

SECRETS = ("Canary Person", "canary@", "canary-answer", "canary-token")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What this process logs while the test runs; the handlers of others come back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def person(app: Flask) -> Person:
    return app.extensions["database"].transact(  # type: ignore[no-any-return]
        lambda session: make_user(
            session,
            make_agency(session, at=NOON),
            Role.LEARNER,
            at=NOON,
            name="Canary Person",
        )
    )


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def requests(stream: io.StringIO) -> list[dict[str, Any]]:
    return [line for line in lines(stream) if line["logger"] == "cairn.request"]


def test_a_request_is_one_line(app: Flask, log: io.StringIO) -> None:
    answer = app.test_client().get("/healthz")
    (line,) = requests(log)
    assert (line["method"], line["endpoint"], line["status"]) == ("GET", "status.healthz", 200)
    assert line["user"] is None
    assert line["ms"] >= 0
    assert line["reference"] == answer.headers["X-Request-Id"]
    assert datetime.fromisoformat(line["at"]).utcoffset() == NOON.utcoffset()


def test_a_person_is_the_same_pseudonym_every_time(
    app: Flask, log: io.StringIO, person: Person
) -> None:
    client = client_of(app, person)
    for _ in range(2):
        client.get("/cookies")
    first, second = requests(log)
    assert first["user"] == second["user"]
    assert first["reference"] != second["reference"]
    assert person.id.hex not in log.getvalue()
    assert str(person.id) not in log.getvalue()


def test_another_key_gives_another_pseudonym() -> None:
    names = {logs.pseudonym("somebody", key=key) for key in (b"one key", b"another key")}
    assert len(names) == 2


def test_nothing_a_person_sent_is_in_the_log(app: Flask, log: io.StringIO, person: Person) -> None:
    client = client_of(app, person)
    client.get("/healthz?next=canary-token", headers={"Referer": "http://x/canary-token"})
    client.get("/not/there/canary-answer")
    client.post("/sign-in", data={"email": "canary@example.org", "password": "canary-answer"})
    assert len(requests(log)) == 3
    for secret in SECRETS:
        assert secret not in log.getvalue()


def test_an_exception_is_its_kind_and_its_places_without_its_words(
    app: Flask, log: io.StringIO
) -> None:
    def fail() -> str:
        try:
            int("canary-answer")
        except ValueError as error:
            raise RuntimeError("Canary Person wrote canary-answer") from error
        return ""

    with app.test_request_context("/"):
        g.user = None
        try:
            fail()
        except RuntimeError:
            logging.getLogger("app").exception("it failed")
    (line,) = lines(log)
    assert line["event"] == "it failed"
    assert line["error"] == ["RuntimeError", "ValueError"]
    assert "test_logs.py" in line["places"][-1]
    assert line["reference"]
    for secret in SECRETS:
        assert secret not in log.getvalue()


@pytest.mark.parametrize(
    ("said", "given", "kept"),
    [
        ("queue depth is %d", (7,), "queue depth is 7"),
        ("cannot parse %s", ("canary-answer",), "cannot parse %s"),
        ("%(name)s is gone", ({"name": "Canary Person"},), "%(name)s is gone"),
    ],
)
def test_a_library_is_quoted_without_texts_put_in(
    log: io.StringIO, said: str, given: tuple[Any, ...], kept: str
) -> None:
    logging.getLogger("some.library").warning(said, *given)
    (line,) = lines(log)
    assert line["event"] == kept


def test_a_library_s_exception_loses_its_message_too(log: io.StringIO) -> None:
    try:
        int("canary-answer")
    except ValueError:
        logging.getLogger("gunicorn.error").exception("Exception while serving /canary-token")
    (line,) = lines(log)
    assert (line["event"], line["error"]) == ("exception", ["ValueError"])
    assert "canary" not in log.getvalue()


def test_servers_log_through_the_same_door(log: io.StringIO) -> None:
    for name in logs.SERVERS:
        logging.getLogger(name).error("stopping")
    assert [line["logger"] for line in lines(log)] == list(logs.SERVERS)
