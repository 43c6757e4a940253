"""The recommender fails: the answer is kept all the same, and a fixed order serves."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.db import Database
from app.models import ModuleStanding, ModuleState
from app.services.learning import offer
from engine import Curriculum, Reason, Recommendation, Rule, SkillState, fallback, recommend
from tests.conftest import NOON
from tests.faults.invariants import check_invariants
from tests.people import Person, answer_open, open_serving

pytestmark = pytest.mark.faults
Recommend = Callable[..., Recommendation]


def raises(*_: object, **__: object) -> Recommendation:
    raise ZeroDivisionError("a mistake in the rules")


def is_given_nan(
    curriculum: Curriculum, states: Mapping[str, SkillState], *rest: Any, **named: Any
) -> Recommendation:
    spoiled = {skill: state._replace(mastery=math.nan) for skill, state in states.items()}
    return recommend(curriculum, spoiled, *rest, **named)


def returns_nan(*arguments: Any, **named: Any) -> Recommendation:
    sound = recommend(*arguments, **named)
    return replace(sound, reason=replace(sound.reason, terms={"mastery": math.nan}))


def ends_with_nan(*arguments: Any, **named: Any) -> Recommendation:
    sound = returns_nan(*arguments, **named)
    end: Reason = replace(sound.reason, rule=Rule.STUCK)
    return replace(sound, item=None, reason=end, candidates=(), runner_up=None)


def is_neither_open_nor_ended(*arguments: Any, **named: Any) -> Recommendation:
    return replace(recommend(*arguments, **named), item=None)


def returns_an_unknown_item(*arguments: Any, **named: Any) -> Recommendation:
    return replace(recommend(*arguments, **named), item="no such item")


def returns_nothing(*_: object, **__: object) -> None:
    return None


FAILURES: dict[str, Callable[..., Any]] = {
    "raises": raises,
    "is given NaN": is_given_nan,
    "returns NaN": returns_nan,
    "ends with NaN": ends_with_nan,
    "returns no item but goes on": is_neither_open_nor_ended,
    "returns an unknown item": returns_an_unknown_item,
    "returns nothing": returns_nothing,
}


@pytest.mark.parametrize("failure", FAILURES)
def test_an_answer_survives_a_recommender_that_fails(
    database: Database,
    learner: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    failure: str,
) -> None:
    """F25: the answer is stored, the fallback serves, the failure is in the log."""
    monkeypatch.setattr(offer, "recommend", FAILURES[failure])
    assert answer_open(database, learner, at=NOON) is not None
    assert [record.exc_info is not None for record in caplog.records] == [True]
    assert "recommender failed" in caplog.text
    serving = open_serving(database, learner)
    assert serving is not None
    chosen = Recommendation.from_record(json.loads(serving.recommendation))
    assert chosen.reason.rule is Rule.FALLBACK
    monkeypatch.undo()
    assert answer_open(database, learner, at=NOON) is not None
    assert check_invariants(database) == 2


@pytest.mark.parametrize("minutes", [raises, lambda *_: math.nan], ids=["raises", "NaN"])
def test_an_answer_survives_an_outlook_that_fails(
    database: Database,
    learner: Person,
    monkeypatch: pytest.MonkeyPatch,
    minutes: Callable[..., float],
) -> None:
    """F25: the minutes left cannot be computed; the answer and the next item are there."""
    monkeypatch.setattr(offer, "remaining_minutes", minutes)
    before = minutes_left(database, learner)
    assert answer_open(database, learner, at=NOON) is not None
    assert open_serving(database, learner) is not None
    assert minutes_left(database, learner) == before > 0
    assert check_invariants(database) == 1


def minutes_left(database: Database, learner: Person) -> float:
    with database.reader() as session:
        return session.scalars(
            select(ModuleState.minutes_left).where(ModuleState.learner_id == learner.id)
        ).one()


def test_where_no_item_is_left_the_answer_is_kept_and_the_module_says_so(
    database: Database, learner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F25: nothing eligible, neither for the rules nor for the fixed order."""
    empty = without_items(fallback)
    monkeypatch.setattr(offer, "recommend", raises)
    monkeypatch.setattr(offer, "fallback", empty)
    assert answer_open(database, learner, at=NOON) is not None
    assert open_serving(database, learner) is None
    with database.reader() as session:
        standing = session.scalars(
            select(ModuleState.standing).where(ModuleState.learner_id == learner.id)
        ).one()
    assert standing == ModuleStanding.STUCK
    assert check_invariants(database) == 1


def without_items(choose: Recommend) -> Recommend:
    """The same choice from a curriculum in which every item has been withdrawn."""

    def choose_nothing(
        curriculum: Curriculum, states: Mapping[str, SkillState], *, seed: int
    ) -> Recommendation:
        return choose(
            curriculum, states, seed=seed, withdrawn={item.id for item in curriculum.items}
        )

    return choose_nothing
