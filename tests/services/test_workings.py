"""The page about deciding says what the running engine does."""

import inspect
import re
from dataclasses import astuple, fields
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import Database
from app.models import Module, Role
from app.services.catalogue import shelf
from app.services.learning import offer, states
from app.services.oversight import workings
from app.services.oversight.workings import RULES, describe_inputs, describe_workings
from engine import FRESH, Answer, Outcome, Policy, Rule, SkillState, fold
from engine.recommend import recommend
from tests.conftest import NOON
from tests.people import make_agency, make_user, module_id

ACTED = {
    "help_parked": (Rule.WORKED_EXAMPLE, Rule.CHECK_PREREQUISITE),
    "transfer": (Rule.TRANSFER,),
    "review": (Rule.REVIEW,),
    "stay": (Rule.LESSON, Rule.SECOND_LESSON, Rule.PRACTISE),
    "retry": (),  # lessons and practice again
    "open_skill": (Rule.OPEN_SKILL,),
    "confirm": (Rule.PLACED_CASE,),
    "end": (Rule.FINISHED, Rule.STUCK),
}


def test_every_rule_is_told_once() -> None:
    assert sorted(RULES) == sorted(Rule)


def test_the_rules_are_told_in_the_order_of_the_code() -> None:
    asked = re.findall(r"\brules\.(\w+)", inspect.getsource(recommend))
    assert set(asked) == set(ACTED)
    told = [rule for name in dict.fromkeys(asked) for rule in ACTED[name]]
    assert (*told, Rule.FALLBACK) == RULES


def test_every_threshold_is_told_with_its_running_value(database: Database) -> None:
    with database.writing() as session:
        reader = make_user(session, make_agency(session, at=NOON), Role.OVERSIGHT_OFFICER, at=NOON)
        told = describe_workings(session, reader)
    assert {line.name: line.value for line in told.thresholds} == {
        field.name: getattr(offer.POLICY, field.name)
        for field in fields(Policy)
        if field.name != "version"
    }
    assert all(line.sentence.endswith(".") for line in told.thresholds)


def test_every_skill_is_told_with_its_active_parameters(database: Database) -> None:
    with database.writing() as session:
        reader = make_user(session, make_agency(session, at=NOON), Role.OVERSIGHT_OFFICER, at=NOON)
        used = {
            module.title: shelf.parameters(session, module.parameter_set_id)
            for module in session.scalars(select(Module))
        }
        modules = describe_workings(session, reader).modules
    assert sorted(told.title for told in modules) == sorted(used)
    for told in modules:
        assert sorted(astuple(line)[1:] for line in told.skills) == sorted(
            astuple(own) for own in used[told.title].values()
        )
        assert told.origin == "expert"
        assert all(0 <= line.least <= line.most < 1 for line in told.guesses)


def test_what_is_private_is_neither_stored_nor_asked_for() -> None:
    told = describe_inputs()
    assert {"age", "sex", "health", "pay", "grade"} <= set(told.never_stored)
    assert "user_account.name" in told.stored_only
    assert "response.confidence" in told.stored_only


def test_a_private_fact_that_becomes_an_input_is_no_longer_denied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def with_age(states: object, *, at: float, age: int) -> None: ...

    monkeypatch.setattr(workings, "recommend", with_age)
    told = describe_inputs()
    assert "age" in told.of_moment
    assert "age" not in told.never_stored


def test_the_hour_of_the_day_does_not_matter(database: Database) -> None:
    """Everything 7 hours later: the same choices, since only time between answers counts."""
    with database.reader() as session:
        module = session.get_one(Module, module_id(session))
        syllabus = shelf.syllabus(session, module.revision_id)
        plan = shelf.plan(session, module.parameter_set_id)

    def chosen(shift: timedelta) -> list[str | None]:
        known: dict[str, SkillState] = {}
        trace = FRESH
        found: list[str | None] = []
        at = NOON + shift
        for number in range(1, 40):
            choice = offer.choose(
                syllabus,
                known,
                plan,
                trace,
                at=at,
                number=number,
                seed=number,
                since_review=9,
                unparked={},
            )
            found.append(choice.item)
            if choice.item is None:
                break
            item = syllabus.curriculum.item(choice.item)
            outcome = (
                Outcome.READ
                if item.kind == "lesson"
                else (Outcome.WRONG if number % 4 == 0 else Outcome.CORRECT)
            )
            answer = Answer(number, item, outcome, 0, states.seconds(at))
            folded = fold(plan, known, trace, answer, difficulty=0.0)
            known, trace = known | {it.skill: it.state for it in folded.steps}, folded.trace
            at += timedelta(hours=30)
        return found

    assert chosen(timedelta()) == chosen(timedelta(hours=7))
