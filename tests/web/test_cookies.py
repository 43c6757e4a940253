"""The session's cookie: renewed while somebody is there, but not with every answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from itsdangerous.timed import TimestampSigner

from app.clock import now
from tests.people import Person, client_of, make_learner


@pytest.fixture
def learner(app: Flask) -> Person:
    return make_learner(app.extensions["database"], at=now())


@contextmanager
def minutes_ago(minutes: float) -> Iterator[None]:
    """Have what is signed meanwhile be that old."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time() - minutes * 60))
        yield


@pytest.mark.parametrize(
    ("minutes", "status", "renewed"), [(0.5, 200, False), (2, 200, True), (31, 302, False)]
)
def test_a_cookie_is_renewed_once_a_minute_and_ends_when_idle(
    app: Flask, learner: Person, *, minutes: float, status: int, renewed: bool
) -> None:
    with minutes_ago(minutes):
        client = client_of(app, learner)
        client.get("/learn")  # the first page puts the token of its forms into the cookie
    answer = client.get("/learn")
    assert answer.status_code == status
    assert ("Set-Cookie" in answer.headers) is renewed


def test_a_cookie_somebody_changed_holds_nothing(app: Flask, learner: Person) -> None:
    client = client_of(app, learner)
    held = client.get_cookie("cairn")
    assert held is not None
    client.set_cookie("cairn", held.value[:-2])
    assert client.get("/learn").status_code == 302
