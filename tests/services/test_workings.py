"""The page about deciding says what the running engine does."""

import inspect
import re
from dataclasses import astuple, fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import Database
from app.models import Module, Role
from app.services.catalogue import shelf
from app.services.learning import offer, states
from app.services.oversight import workings
from app.services.oversight.workings import (
    RULES,
    Workings,
    describe_inputs,
    describe_workings,
)
from engine import FRESH, Answer, Outcome, Plan, Policy, Rule, SkillState, Terms, Tier, fold
from engine.model.layout import Block
from engine.recommend import recommend
from tests.conftest import NOON
from tests.people import make_agency, make_user, module_id
from tests.services.test_model import activate, active_plan, fitted_plan

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


def told_of(database: Database, plan: Plan | None = None) -> Workings:
    """What the page tells; plan: made active in one module beforehand."""
    if plan is not None:
        activate(database, plan)
    with database.writing() as session:
        reader = make_user(session, make_agency(session, at=NOON), Role.OVERSIGHT_OFFICER, at=NOON)
        return describe_workings(session, reader)


def test_where_nothing_is_fitted_no_term_is_in_use(database: Database) -> None:
    told = told_of(database)
    assert {line.key for line in told.terms} == {block.name.lower() for block in Block} - {"item"}
    assert all(line.modules == () for line in told.terms)
    assert told.paced == ()
    for module in told.modules:
        assert module.context == ()
        assert {(line.tier, line.why) for line in module.tiers} == {("ability", "expert")}


@pytest.mark.parametrize("tier", [Tier.CONTEXT, Tier.HISTORY])
def test_the_fitted_terms_in_use_are_told_with_their_module(database: Database, tier: Tier) -> None:
    told = told_of(database, fitted_plan(database, tier=tier))
    (paced,) = told.paced
    used = {line.key for line in told.terms if paced in line.modules}
    assert ("history" in used) is (tier is Tier.HISTORY)
    assert {"pace", "trust", "ability"} <= used
    (module,) = (each for each in told.modules if each.title == paced)
    assert set(module.context) == used
    assert {(line.tier, line.why) for line in module.tiers} == {(tier.value, "fitted")}


def test_the_time_taken_matters_only_where_its_term_is_in_use(database: Database) -> None:
    """What the page says of it: the same answers, taken slowly, give another prediction there."""
    plain, fitted = active_plan(database), fitted_plan(database)
    with database.reader() as session:
        syllabus = shelf.syllabus(session, session.get_one(Module, module_id(session)).revision_id)
    items = [item for item in syllabus.curriculum.items if item.kind == "exercise"][:3]

    def predicted(plan: Plan, *, took: float) -> float:
        known: dict[str, SkillState] = {}
        trace, at = FRESH, 0.0
        for number, (item, after) in enumerate(zip(items, (0.0, took, 400.0), strict=True), 1):
            at += after
            folded = fold(
                plan, known, trace, Answer(number, item, Outcome.CORRECT, 0, at), difficulty=0.0
            )
            known, trace = known | {it.skill: it.state for it in folded.steps}, folded.trace
        assert folded.predicted is not None
        return folded.predicted

    still = replace(plain, terms=Terms(forget=0.0))
    assert predicted(still, took=30.0) == predicted(still, took=300.0)
    fitted = replace(fitted, terms=Terms(forget=0.0))
    assert predicted(fitted, took=30.0) != predicted(fitted, took=300.0)


def test_what_is_told_of_fading_and_gains_is_what_the_engine_does(database: Database) -> None:
    plan = active_plan(database)
    slow = told_of(database, replace(plan, terms=Terms(forget=0.0, ability=0.2, ability_fade=0.02)))
    lines = [module.running for module in slow.modules if module.running is not None]
    assert len(lines) == len(slow.modules)
    (line,) = (each for each in lines if each.ability.first == 0.2)
    assert (line.kept_week, line.kept_month) == (1.0, 1.0)
    assert line.ability.later == pytest.approx(0.1)
    usual = next(each for each in lines if each is not line)
    assert 1.0 > usual.kept_week > usual.kept_month > 0.0
    assert usual.kept_week == pytest.approx(8.0 ** -Terms().forget)


def test_a_set_of_old_has_no_running_estimates(database: Database) -> None:
    told = told_of(database, Plan(active_plan(database).skills))
    (module,) = (each for each in told.modules if each.running is None)
    assert {line.tier for line in module.tiers} == {"record"}


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
