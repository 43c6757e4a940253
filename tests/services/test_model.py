"""The accountable model in the product: predicted before, folded after, replayed bit for bit."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.db import Database
from app.models import (
    ItemDifficulty,
    LearnerState,
    Module,
    ModuleState,
    ParameterSet,
    Response,
    Serving,
)
from app.services.catalogue import shelf
from app.services.catalogue.canonical import canonical, digest
from app.services.learning import difficulties, offer, states
from app.services.learning.replay import repair, replay
from app.services.oversight import decisions
from engine import Expectation, Plan, Policy, SkillTier, Terms, Tier, Why, move_difficulty
from engine.model.layout import Layout
from engine.model.parameters import Gains, ModelParameters
from tests.conftest import NOON
from tests.people import Person, answer_open, begin, make_learner, module_id, open_serving
from tests.services.test_decisions import tamper

TURNS = 14


@pytest.fixture
def learner(database: Database) -> Person:
    return beginner(database)


def beginner(database: Database) -> Person:
    person = make_learner(database, at=NOON)
    begin(database, person, at=NOON)
    return person


def learn(database: Database, learner: Person, *, turns: int = TURNS, after: int = 0) -> None:
    """Answer rightly two times of three, an hour apart."""
    for turn in range(after, after + turns):
        if open_serving(database, learner) is not None:
            at = NOON + timedelta(hours=turn + 1)
            answer_open(database, learner, at=at, right=turn % 3 != 2)


def activate(database: Database, plan: Plan) -> str:
    """Make the plan the parameter set of the module, as an approved calibration would."""

    def work(session: Session) -> str:
        module = session.get_one(Module, module_id(session))
        document = canonical({"module": module.id} | plan.to_record())
        key = digest(document)
        if session.get(ParameterSet, key) is None:
            session.add(
                ParameterSet(
                    id=key,
                    module_id=module.id,
                    number=100 + len(document),
                    origin="fitted",
                    document=document,
                    created_at=NOON,
                )
            )
            session.flush()
        module.parameter_set_id = key
        return key

    return database.transact(work)


def active_plan(database: Database) -> Plan:
    with database.reader() as session:
        return shelf.plan(session, session.get_one(Module, module_id(session)).parameter_set_id)


def fitted_plan(database: Database, *, tier: Tier = Tier.HISTORY) -> Plan:
    """The plan in force with context terms of all kinds, every skill at the tier."""
    plan = active_plan(database)
    with database.reader() as session:
        items = sorted(session.scalars(select(ItemDifficulty.item_id)))
    skills = sorted(plan.skills)
    rng = random.Random(3)
    layout = Layout(skills=len(skills), items=len(items), links=0)
    context = ModelParameters(
        rates=dict.fromkeys(skills, (0.3, 0.2, -1.0, 3.0)),
        usual_rates=(0.3, 0.2, -1.0, 3.0),
        skills={skill: place for place, skill in enumerate(skills)},
        items={item: place for place, item in enumerate(items)},
        links={},
        weights=tuple(rng.uniform(-0.3, 0.3) for _ in range(layout.offsets[-1])),
        gains=Gains(),
    )
    tiers = {skill: SkillTier(tier, Why.FITTED) for skill in skills}
    return Plan(plan.skills, Terms(), tiers, context)


def differences(database: Database) -> list[str]:
    with database.reader() as session:
        return replay(session).differences


def servings(database: Database, learner: Person) -> list[Serving]:
    with database.reader() as session:
        return list(
            session.scalars(
                select(Serving).where(Serving.learner_id == learner.id).order_by(Serving.sequence)
            )
        )


def responses(database: Database, learner: Person) -> list[Response]:
    with database.reader() as session:
        return list(
            session.scalars(
                select(Response)
                .where(Response.learner_id == learner.id)
                .order_by(Response.sequence)
            )
        )


def test_a_serving_keeps_what_was_expected_of_its_answer(
    database: Database, learner: Person
) -> None:
    serving = open_serving(database, learner)
    assert serving is not None
    assert serving.expectation is not None
    expected = Expectation.from_record(json.loads(serving.expectation))
    assert serving.predicted == expected.predicted
    assert serving.difficulty == expected.difficulty == 0.0


def test_what_was_expected_is_not_touched_by_the_answer(
    database: Database, learner: Person
) -> None:
    before = open_serving(database, learner)
    learn(database, learner, turns=3)
    after = servings(database, learner)[0]
    assert before is not None
    assert (after.predicted, after.expectation) == (before.predicted, before.expectation)


def test_an_answer_moves_ability_and_the_difficulty_of_its_item(
    database: Database, learner: Person
) -> None:
    serving = open_serving(database, learner)
    assert serving is not None
    answer_open(database, learner, at=NOON, right=True)
    with database.reader() as session:
        moved = session.get_one(ItemDifficulty, serving.item_id)
        trace = states.read_trace(session.get_one(LearnerState, learner.id).trace)
    (response,) = responses(database, learner)
    predicted, difficulty, rested_on = json.loads(response.weighing or "")
    assert (difficulty, rested_on) == (0.0, 0)
    expected = move_difficulty(Terms(), 0.0, answers=0, surprise=1.0 - predicted)
    assert (moved.difficulty, moved.answers) == (expected, 1)
    assert trace.answers == 1
    assert trace.ability == pytest.approx(Terms().ability * (1.0 - predicted))


def test_the_next_learner_meets_the_difficulty_the_first_left(database: Database) -> None:
    first = beginner(database)
    learn(database, first)
    plans = {serving.item_id: serving.difficulty for serving in servings(database, first)}
    second = beginner(database)
    learn(database, second)
    met = [s for s in servings(database, second) if s.item_id in plans and s.difficulty is not None]
    assert met
    assert any(serving.difficulty != 0.0 for serving in met)
    counts = [
        json.loads(response.weighing)[2]
        for who in (first, second)
        for response in responses(database, who)
        if response.weighing
    ]
    assert max(counts) >= 1
    assert differences(database) == []


def test_a_locked_difficulty_stays(database: Database, learner: Person) -> None:
    serving = open_serving(database, learner)
    assert serving is not None
    database.transact(
        lambda session: session.execute(
            update(ItemDifficulty)
            .where(ItemDifficulty.item_id == serving.item_id)
            .values(locked=True)
        )
    )
    answer_open(database, learner, at=NOON)
    with database.reader() as session:
        assert session.get_one(ItemDifficulty, serving.item_id).answers == 0
    (response,) = responses(database, learner)
    assert json.loads(response.weighing or "")[2] is None
    assert differences(database) == []


@pytest.mark.parametrize("tier", [None, Tier.ABILITY, Tier.CONTEXT, Tier.HISTORY])
def test_replay_is_exact_across_a_change_of_parameters(
    database: Database, tier: Tier | None
) -> None:
    plan = active_plan(database)
    activate(database, Plan(plan.skills))
    learner = beginner(database)
    learn(database, learner)
    assert all(response.weighing is None for response in responses(database, learner))
    with database.reader() as session:
        assert session.get_one(LearnerState, learner.id).trace is None
    activate(database, plan if tier is None else fitted_plan(database, tier=tier))
    learn(database, learner, after=TURNS)
    assert any(response.weighing is not None for response in responses(database, learner))
    assert differences(database) == []


def test_every_decision_and_prediction_replays_across_a_change(database: Database) -> None:
    plan = active_plan(database)
    activate(database, Plan(plan.skills))
    learner = beginner(database)
    learn(database, learner, turns=6)
    activate(database, fitted_plan(database))
    learn(database, learner, turns=8, after=6)
    with database.reader() as session:
        for serving in servings(database, learner):
            assert decisions.replay_decision(session, serving.id).differences == ()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE learner_state SET trace = '[0.5, 3, null]'",
        "UPDATE item_difficulty SET difficulty = difficulty + 0.25 WHERE answers > 0",
        "UPDATE item_difficulty SET answers = answers + 1 WHERE answers > 0",
    ],
)
def test_a_changed_estimate_is_found_and_mended(
    database: Database, learner: Person, change: str
) -> None:
    learn(database, learner)
    assert differences(database) == []
    database.transact(lambda session: session.execute(text(change)))
    assert differences(database) != []

    def mend(session: Session) -> None:
        report = replay(session)
        repair(session, learner=learner)
        difficulties.repair(session, report.moves)

    database.transact(mend)
    assert differences(database) == []


def test_a_changed_prediction_is_found(database: Database, learner: Person) -> None:
    learn(database, learner)
    serving = next(
        each for each in reversed(servings(database, learner)) if each.expectation is not None
    )
    tamper(
        database,
        "UPDATE serving SET difficulty = difficulty + 1 WHERE id = :serving",
        serving=serving.id.hex if database.path is not None else serving.id,
    )
    with database.reader() as session:
        (found,) = decisions.replay_decision(session, serving.id).differences
    assert found.part == "expectation"


def test_a_lesson_has_no_expectation(database: Database, learner: Person) -> None:
    serving = open_serving(database, learner)
    for turn in range(40):
        if serving is None or serving.rule in ("lesson", "second-lesson"):
            break
        answer_open(database, learner, at=NOON + timedelta(minutes=turn), right=False)
        serving = open_serving(database, learner)
    assert serving is not None
    assert serving.rule in ("lesson", "second-lesson")
    assert (serving.predicted, serving.difficulty, serving.expectation) == (None, None, None)


def test_an_old_serving_is_answered_under_its_own_parameters(database: Database) -> None:
    plan = active_plan(database)
    old = activate(database, Plan(plan.skills))
    learner = beginner(database)
    activate(database, plan)
    answer_open(database, learner, at=NOON)
    (response,) = responses(database, learner)
    assert (response.parameter_set_id, response.weighing) == (old, None)
    following = open_serving(database, learner)
    assert following is not None
    assert following.parameter_set_id != old
    with database.reader() as session:
        assert session.get_one(ModuleState, (learner.id, module_id(session))).standing == "learning"
    assert differences(database) == []


def test_a_standing_of_an_earlier_version_is_taken_as_it_was(
    database: Database, learner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How a learner stands is a rule of the version that said so; mastery is checked in any."""
    learn(database, learner, turns=6)
    monkeypatch.setattr(offer, "ENGINE", "of later")
    monkeypatch.setattr(offer, "POLICY", Policy(streak=9, park_answers=1))
    assert differences(database) == []


def test_answers_at_the_same_moment_each_move_the_item_once(database: Database) -> None:
    """Everybody meets the same item and answers at once: each step counts, in some order."""
    people = [beginner(database) for _ in range(6)]
    item_id = place_all_on_one_item(database, people)
    together = Barrier(len(people))

    def give(learner: Person) -> None:
        together.wait()
        answer_open(database, learner, at=NOON, right=learner.id.int % 2 == 0)

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(give, people))
    with database.reader() as session:
        assert session.get_one(ItemDifficulty, item_id).answers == len(people)
    counts = sorted(
        json.loads(responses(database, learner)[0].weighing or "")[2] for learner in people
    )
    assert counts == list(range(len(people)))
    assert differences(database) == []


def place_all_on_one_item(database: Database, people: list[Person]) -> str:
    """Have the open serving of each be of the item the first of them has."""
    first = open_serving(database, people[0])
    assert first is not None
    for learner in people[1:]:
        own = open_serving(database, learner)
        assert own is not None
        tamper(
            database,
            "UPDATE serving SET item_id = :item, item_revision_id = :revision, "
            "part_order = :parts, seed = :seed WHERE id = :serving",
            item=first.item_id,
            revision=first.item_revision_id,
            parts=first.part_order,
            seed=first.seed,
            serving=own.id.hex if database.path is not None else own.id,
        )
    return first.item_id
