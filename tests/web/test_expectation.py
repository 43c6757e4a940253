"""What is expected of an answer, in words: on the why-card, the skill pages, and the decision."""

import json
from datetime import timedelta

from flask import Flask

from app.db import Database
from app.models import Role
from app.services.learning import offer
from tests.classroom import make_colleague
from tests.conftest import NOON
from tests.people import (
    MODULE_SLUG,
    Person,
    answer_open,
    begin,
    client_of,
    make_learner,
    open_serving,
)
from tests.web.test_oversight import open_decision

TOLD = (
    "You have answered the last ",
    "You have missed the last ",
    "What you have answered on this skill so far ",
    "Questions have been hard for you overall so far.",
    "This question is harder than most.",
)


def learned(database: Database, *, answers: int) -> Person:
    """Somebody with this many answers on the skill in hand at least, some of them misses."""
    person = make_learner(database, at=NOON)
    begin(database, person, at=NOON)
    for turn in range(40):
        answer_open(database, person, at=NOON + timedelta(minutes=turn), right=turn % 3 == 2)
        serving = open_serving(database, person)
        facts = json.loads(serving.expectation)["facts"] if serving and serving.expectation else {}
        if facts.get("answers", 0) >= answers:
            return person
    raise AssertionError("no skill was asked about often enough")


def page(app: Flask, person: Person, path: str) -> str:
    return client_of(app, person).get(path).text


def test_the_why_card_says_what_is_expected_and_why(app: Flask) -> None:
    database: Database = app.extensions["database"]
    person = learned(database, answers=3)
    serving = open_serving(database, person)
    assert serving is not None
    expected = json.loads(serving.expectation or "")
    shown = page(app, person, f"/learn/modules/{MODULE_SLUG}")
    about = round(expected["predicted"] * 100)
    assert f"We expect a right answer about {about} times in 100." in shown
    assert f"Usual for somebody new to this skill is {round(expected['usual'] * 100)}." in shown
    # The largest terms are told; which these are, the questions that were drawn decide.
    assert any(told in shown for told in TOLD)
    assert "Chance that you get it right" not in shown
    assert "No figures have been fitted to answers on this skill yet" in shown


def test_the_skill_map_says_what_can_be_said(app: Flask) -> None:
    database: Database = app.extensions["database"]
    person = learned(database, answers=3)
    shown = page(app, person, f"/learn/modules/{MODULE_SLUG}/map")
    assert "times in 100 on a usual question, likely between" in shown
    assert "Not evidenced yet" in shown


def test_one_answer_is_not_enough_to_say_anything(app: Flask) -> None:
    database: Database = app.extensions["database"]
    person = make_learner(database, at=NOON)
    begin(database, person, at=NOON)
    answer_open(database, person, at=NOON)
    shown = page(app, person, f"/learn/modules/{MODULE_SLUG}/map")
    assert "Not enough answers yet to say how often you would be right." in shown
    assert "times in 100 on a usual question" not in shown


def test_the_history_of_a_skill_says_it_too(app: Flask) -> None:
    database: Database = app.extensions["database"]
    person = learned(database, answers=3)
    serving = open_serving(database, person)
    assert serving is not None
    skill = json.loads(serving.recommendation)["skill"]
    assert "times in 100 on a usual question" in page(app, person, f"/learn/record/skills/{skill}")


def test_the_oversight_officer_sees_raw_terms_and_their_layer(app: Flask) -> None:
    database: Database = app.extensions["database"]
    person = learned(database, answers=3)
    officer = make_colleague(database, person, Role.OVERSIGHT_OFFICER, at=NOON)
    serving = open_serving(database, person)
    assert serving is not None
    expected = json.loads(serving.expectation or "")
    client = client_of(app, officer)
    open_decision(client, serving.id)
    shown = client.get(f"/oversight/decisions/{serving.id}").text
    for key, value, layer in expected["terms"]:
        assert layer == 1, key
        assert repr(value) in shown, key
    assert "1, the record" in shown
    assert "Nothing has been fitted yet." in shown
    assert "The same choice, bit for bit" in shown


def test_pages_speak_of_the_thresholds_in_use(app: Flask) -> None:
    database: Database = app.extensions["database"]
    person = learned(database, answers=3)
    serving = open_serving(database, person)
    assert serving is not None
    mark = f'class="bar-mark" x="{offer.POLICY.mastered}"'
    assert mark in page(app, person, f"/learn/modules/{MODULE_SLUG}")
    skill = json.loads(serving.recommendation)["skill"]
    needed = f"after {offer.POLICY.first_streak} right answers in a row without hints"
    assert needed in page(app, person, f"/learn/record/skills/{skill}")
