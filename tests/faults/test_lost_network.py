"""The network fails on the way: the answer is lost, or the reply to it."""

import threading
from collections.abc import Iterator
from http.client import HTTPException

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.faults.doors import Door, door_of
from tests.faults.invariants import check_invariants
from tests.faults.posts import send, send_half
from tests.faults.proxies import breaking_line

pytestmark = pytest.mark.faults


@pytest.fixture
def door(app: Flask) -> Door:
    return door_of(app)


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """The port of a real server of this application."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answer_whose_reply_was_lost_can_be_sent_again(door: Door, port: int) -> None:
    """F11: the line breaks after the request body; the second sending gets the first's page."""
    serving = door.open_serving()
    form = door.right_fields(serving)
    with breaking_line(("127.0.0.1", port), cue=b"POST /learn") as line:
        with pytest.raises((OSError, HTTPException)):
            send(door, line.port, serving, form)
        assert line.cuts == 1
    assert check_invariants(door.database) == 1
    status, page = send(door, port, serving, form)
    assert status == 200
    assert page == door.answer(serving, {"dont_know": "1"}).data
    assert check_invariants(door.database) == 1


def test_an_answer_that_never_arrived_can_be_sent_again(door: Door, port: int) -> None:
    """F11: the line breaks before the server hears anything."""
    serving = door.open_serving()
    with (
        breaking_line(("127.0.0.1", port), cue=b"POST /learn", delivers=False) as line,
        pytest.raises((OSError, HTTPException)),
    ):
        send(door, line.port, serving, {"dont_know": "1"})
    assert check_invariants(door.database) == 0
    assert send(door, port, serving, {"dont_know": "1"})[0] == 200
    assert check_invariants(door.database) == 1


def test_half_an_answer_is_no_answer(door: Door, port: int) -> None:
    """F11: the line breaks within the body; nothing is written and the question stays open."""
    serving = door.open_serving()
    reply = send_half(door, port, serving, {"choice": ["x" * 400], "dont_know": "1"})
    assert b" 200 " not in reply.split(b"\r\n", 1)[0]
    assert check_invariants(door.database) == 0
    assert send(door, port, serving, {"dont_know": "1"})[0] == 200
    assert check_invariants(door.database) == 1
