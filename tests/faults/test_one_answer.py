"""One question, answered more than once: clicks, tabs, the back button, two workers."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.config import Config
from app.db import Database
from app.models import Serving
from tests.conftest import NOON
from tests.faults.doors import Door, Form, door_of, tables
from tests.faults.invariants import check_invariants
from tests.faults.workers import answer_for, working
from tests.people import begin, make_learner

pytestmark = pytest.mark.faults
CLICKS = 10
TURNS = 10
UPDATES_EACH = 200


@pytest.fixture
def door(app: Flask) -> Door:
    """A signed-in browser of a learner with an open question."""
    return door_of(app)


def test_clicks_at_the_same_moment_are_one_answer(door: Door) -> None:
    """F1: ten identical submits start together, ten times over; all get the same page."""
    browsers = [door.again() for _ in range(CLICKS)]
    for _ in range(TURNS):
        serving = door.open_serving()
        fields = door.right_fields(serving)
        together = threading.Barrier(CLICKS)

        before = check_invariants(door.database)
        with ThreadPoolExecutor(CLICKS) as fingers:
            clicks = [
                fingers.submit(click, browser, serving, fields, together) for browser in browsers
            ]
            answers = [click.result() for click in clicks]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.data for answer in answers}) == 1
        assert check_invariants(door.database) == before + 1


def click(
    browser: Door, serving: Serving, fields: Form, together: threading.Barrier
) -> TestResponse:
    together.wait()
    return browser.answer(serving, fields)


def test_going_back_to_choose_otherwise_shows_the_first_answer_and_the_way_on(door: Door) -> None:
    """F2: the first answer stands; the second gets its page, with Continue, and writes nothing."""
    serving = door.open_serving()
    first = door.answer(serving, {"dont_know": "1"})
    before = tables(door.database)
    second = door.answer(serving, door.right_fields(serving))
    assert second.data == first.data
    assert "Continue" in second.text
    assert tables(door.database) == before
    assert check_invariants(door.database) == 1


def test_a_slower_tab_sees_the_stored_outcome_and_both_go_on_together(door: Door) -> None:
    """F3: both tabs show the same question; the loser sees what was stored and the next item."""
    other = door.again()
    serving = door.open_serving()
    assert str(serving.id) in door.page().text
    assert str(serving.id) in other.page().text
    won = door.answer(serving, {"dont_know": "1"})
    lost = other.answer(serving, {"dont_know": "1"}, htmx=False)
    assert lost.status_code == 303
    assert "Continue" in other.client.get(lost.location).text
    assert won.status_code == 200
    following = str(door.open_serving().id)
    assert following in door.page().text
    assert following in other.page().text
    assert check_invariants(door.database) == 1


def test_two_workers_for_the_same_learner_lose_no_update(
    config: Config, database: Database
) -> None:
    """F4: two processes, 200 answers each, hints between, for the same learner at a time."""
    learners = [make_learner(database, at=NOON) for _ in range(30)]
    for learner in learners:
        begin(database, learner, at=NOON)
    with (
        working(answer_for, config, learners, 1, UPDATES_EACH) as one,
        working(answer_for, config, learners, 2, UPDATES_EACH) as other,
    ):
        acknowledged = [one.rest(), other.rest()]
    assert [len(said) for said in acknowledged] == [UPDATES_EACH, UPDATES_EACH]
    servings = {said for each in acknowledged for said in each}
    assert check_invariants(database, acknowledged=servings) == len(servings)  # type: ignore[arg-type]
