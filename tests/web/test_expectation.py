"""What is expected of an answer, in words: on the why-card, the skill pages, and the decision."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from itertools import product

from flask import Flask

from app.db import Database
from app.models import Role
from app.services.learning import offer, states
from engine import Expectation, Family, Plan, Told
from engine.model.experience import usual_weights
from engine.standing import needed_streak
from tests.classroom import make_colleague
from tests.conftest import NOON
from tests.engine.test_expectation import USUAL, cards
from tests.people import (
    MODULE_SLUG,
    Person,
    answer_open,
    begin,
    client_of,
    make_learner,
    open_serving,
)
from tests.services.test_model import activate, fitted_plan
from tests.web.test_oversight import open_decision

RECORD, SHARPENS = "What the record says", "What sharpens the prediction"
SAID = re.compile(r"Right about \d+ times in 100 on a usual question, likely between[^<]+\.")
BULLET = re.compile(r"<li><strong>(Likelier|Less likely):</strong> ([^<]+)</li>")
# Sentences that deny each other, whichever family each comes from.
OPPOSED = (
    ("You have answered the last ", "You have missed the last "),
    ("You have answered the last ", "You have not answered on this skill yet."),
    ("You have missed the last ", "You have not answered on this skill yet."),
    ("It has been ", "You answered on this skill not long ago."),
    ("You are doing well overall.", "Questions have been hard for you overall so far."),
    ("This question is easier than most.", "This question is harder than most."),
    ("You have had this question before.", "This question is new to you."),
)


def usual_plan(database: Database) -> Plan:
    """The plan in force with fitted terms that weigh what they usually weigh."""
    plan = fitted_plan(database)
    assert plan.context is not None
    weights = tuple(usual_weights(plan.context.layout))
    return replace(plan, context=replace(plan.context, weights=weights))


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
    # The largest families are told; which these are, the questions that were drawn decide.
    told = Expectation.from_record(expected).told(most=4)
    assert [lead == "Likelier" for lead, _ in BULLET.findall(shown)] == [
        each.value > 0.0 for each in told
    ]
    assert (RECORD in shown, SHARPENS in shown) == (bool(told), False)
    assert "Chance that you get it right" not in shown
    assert "No figures have been fitted to answers on this skill yet" in shown


def test_a_card_of_a_fitted_plan_keeps_its_layers_apart(app: Flask) -> None:
    database: Database = app.extensions["database"]
    activate(database, usual_plan(database))
    person = make_learner(database, at=NOON)
    begin(database, person, at=NOON)
    met = set()
    for turn in range(16):
        serving = open_serving(database, person)
        if serving is not None and serving.expectation:
            expected = Expectation.from_record(json.loads(serving.expectation))
            told = expected.told(most=4)
            shown = page(app, person, f"/learn/modules/{MODULE_SLUG}")
            before, _, after = shown.partition(SHARPENS)
            assert len(BULLET.findall(before)) == sum(each.layer == 1 for each in told)
            assert len(BULLET.findall(after)) == sum(each.layer == 2 for each in told)
            met |= {each.layer for each in told}
        answer_open(database, person, at=NOON + timedelta(days=turn), right=turn % 4 != 3)
    assert met == {1, 2}


def test_no_card_contradicts_itself(app: Flask) -> None:
    words = app.jinja_env.get_template("learn/_words.html")
    with app.test_request_context():
        told_sentence = words.make_module().told_sentence  # type: ignore[attr-defined]
        for expected in cards(USUAL, learners=20, length=20):
            told = [str(told_sentence(each, expected.facts)) for each in expected.told(most=4)]
            assert len(told) == len(set(told))
            assert all(each.endswith(".") for each in told)
            for one, other in OPPOSED:
                said = [any(each.startswith(start) for each in told) for start in (one, other)]
                assert not all(said), told


def test_every_family_has_words_that_fit_its_direction(app: Flask) -> None:
    words = app.jinja_env.get_template("learn/_words.html")
    with app.test_request_context():
        told_sentence = words.make_module().told_sentence  # type: ignore[attr-defined]
        for family, value, run in product(Family, (-0.5, 0.5), (-3, -1, 0, 1, 3)):
            facts = {"run": float(run)} | ({"days": 3.0} if run else {})
            said = str(told_sentence(Told(family, value, 2), facts))
            assert said.endswith("."), family
            assert not (value > 0.0 and "missed" in said)
            assert not (value < 0.0 and said.startswith("You answered the last"))
            assert not (value < 0.0 and said.startswith("You have answered the last"))


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


def test_every_page_says_the_same_of_a_skill_but_its_history(app: Flask) -> None:
    """And with the answers behind it. The estimate that steers is drawn in one place."""
    database: Database = app.extensions["database"]
    person = learned(database, answers=3)
    serving = open_serving(database, person)
    assert serving is not None
    skill = json.loads(serving.recommendation)["skill"]
    practice = page(app, person, f"/learn/modules/{MODULE_SLUG}")
    (said,) = SAID.findall(practice)
    assert said in SAID.findall(page(app, person, f"/learn/modules/{MODULE_SLUG}/map"))
    assert re.search(r"from \d+ answers", practice)
    history = page(app, person, f"/learn/record/skills/{skill}")
    assert said in SAID.findall(history)
    assert "The estimate that steers, after each answer" in history
    with database.reader() as db:
        asked = needed_streak(states.read(db, person.id)[skill], offer.POLICY)
    assert f"after {asked} right answers in a row without hints" in history
    mark = f'x="{offer.POLICY.mastered}"'
    assert mark not in practice


def test_feedback_says_the_same_of_a_skill_however_often_it_is_read(app: Flask) -> None:
    database: Database = app.extensions["database"]
    person = learned(database, answers=3)
    serving = open_serving(database, person)
    assert serving is not None
    first = answer_open(database, person, at=NOON + timedelta(hours=2), right=True)
    assert first is not None
    again = page(app, person, f"/learn/servings/{serving.id}")
    for turn in range(4):
        answer_open(database, person, at=NOON + timedelta(days=1, hours=turn), right=False)
    later = page(app, person, f"/learn/servings/{serving.id}")
    said = [change.said for change in first.changes]
    assert all(each is not None and each.answers == 4 for each in said)
    told = SAID.findall(again)
    assert [round(each.success * 100) for each in said if each] == [
        int(text.split(" times")[0].rsplit(" ", 1)[1]) for text in told
    ]
    assert SAID.findall(later) == told
