"""The drift watch: predictions of before the answers against what came, by skill, and the alarm."""

import math
import random
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from app.db import Database
from app.models import AuditEvent, Response, Serving, SkillDrift
from app.services.catalogue import shelf
from app.services.oversight.calibration import drift
from app.services.oversight.calibration.drift import Drift, Measured
from tests.calibration.crowd import let_answer, make_crowd
from tests.conftest import NOON
from tests.people import module_id
from tests.services.test_model import active_plan

SOON = NOON + timedelta(days=1)


@pytest.fixture
def answered(database: Database) -> Database:
    rng = random.Random(2)
    for person in make_crowd(database, people=12, at=NOON):
        let_answer(database, person, answers=6, at=NOON, rng=rng)
    return database


def test_figures_are_those_of_the_log(answered: Database) -> None:
    with answered.reader() as session:
        measured = drift.measure(session, at=SOON)
        rows = session.execute(
            select(
                Response.module_revision_id, Response.item_id, Response.outcome, Serving.predicted
            )
            .join(Serving, Serving.id == Response.serving_id)
            .where(Response.hints == 0, Response.outcome != "read")
        ).all()
        own: dict[str, list[tuple[float, bool]]] = {}
        for row in rows:
            item = shelf.syllabus(session, row.module_revision_id).curriculum.item(row.item_id)
            for skill in item.skills:
                own.setdefault(skill, []).append((row.predicted, row.outcome == "correct"))
    assert {skill.skill_id for skill in measured.skills} == set(own)
    for found in measured.skills:
        pairs = own[found.skill_id]
        assert found.answers == len(pairs)
        assert found.predicted == pytest.approx(sum(p for p, _ in pairs) / len(pairs))
        assert found.right == pytest.approx(sum(right for _, right in pairs) / len(pairs))
        assert found.low < found.right - found.predicted < found.high


def test_answers_of_long_ago_do_not_count(answered: Database) -> None:
    with answered.reader() as session:
        assert drift.measure(session, at=SOON + drift.LOOKS_BACK).skills == ()


@pytest.mark.parametrize(
    ("answers", "learners", "gap", "alarm"),
    [
        (400, 40, 0.15, True),
        (400, 40, -0.15, True),
        (400, 40, 0.05, False),  # too small to matter
        (99, 40, 0.30, False),  # too few answers
        (400, 9, 0.15, False),  # too few learners
        (110, 40, 0.10, False),  # chance alone may do that
    ],
)
def test_an_alarm_needs_a_gap_that_matters_and_enough_data(
    *, answers: int, learners: int, gap: float, alarm: bool
) -> None:
    own = given(answers, learners=learners, predicted=(0.6,), right=(0.6 + gap,))
    assert drift._drift("module", "skill", own).alarm is alarm


def given(
    answers: int, *, learners: int, predicted: Sequence[float], right: Sequence[float]
) -> drift._Sum:
    """As many answers for each predicted chance, of which such a share was right."""
    own = drift._Sum()
    each = answers // len(predicted)
    for chance, share in zip(predicted, right, strict=True):
        for number in range(each):
            own.add(number % learners, chance, right=number < round(share * each))
    return own


@pytest.mark.parametrize(
    ("answers", "learners", "right", "alarm"),
    [
        (400, 40, (0.5, 0.7), True),  # too sure both ways: the mean of all is right
        (400, 40, (0.35, 0.85), False),  # close enough
        (400, 40, (0.3, 0.9), False),
        (80, 40, (0.5, 0.7), False),  # too few answers
        (400, 9, (0.5, 0.7), False),  # too few learners
        (104, 40, (0.4, 0.8), False),  # chance alone may do that
    ],
)
def test_gaps_that_cancel_out_in_the_mean_raise_an_alarm(
    *, answers: int, learners: int, right: tuple[float, float], alarm: bool
) -> None:
    own = given(answers, learners=learners, predicted=(0.3, 0.9), right=right)
    found = drift._drift("module", "skill", own)
    assert abs(found.right - found.predicted) < 0.01
    assert found.alarm is alarm


def test_the_error_is_what_chance_does_not_explain() -> None:
    held = given(400, learners=40, predicted=(0.3, 0.9), right=(0.3, 0.9))
    assert drift._drift("module", "skill", held).error == 0.0
    own = given(400, learners=40, predicted=(0.3, 0.9), right=(0.5, 0.7))
    by_chance = sum((2 / math.pi * 200 * p * (1 - p)) ** 0.5 for p in (0.3, 0.9))
    assert drift._drift("module", "skill", own).error == pytest.approx((80 - by_chance) / 400)


def test_the_error_of_a_skill_is_kept(database: Database) -> None:
    found = measured(database, alarm=True)
    database.transact(lambda session: drift.keep(session, found, at=NOON))
    with database.reader() as session:
        assert session.scalars(select(SkillDrift.error)).one() == found.skills[0].error == 0.11


def test_predictions_at_the_ends_have_a_bin() -> None:
    own = given(200, learners=40, predicted=(0.0, 1.0), right=(0.0, 1.0))
    assert drift._drift("module", "skill", own).error == 0.0


def measured(database: Database, *, alarm: bool, learners: int = 60) -> Measured:
    with database.reader() as session:
        module = module_id(session)
    first = next(iter(active_plan(database).skills))
    own = Drift(first, module, 400, learners, 0.6, 0.8, 0.13, 0.27, 0.11, alarm)
    return Measured(NOON - drift.LOOKS_BACK, (own,))


def test_an_alarm_is_an_audit_event_once_and_changes_nothing(database: Database) -> None:
    before = active_plan(database)
    for week, alarm in enumerate((True, True, False, True)):
        found, at = measured(database, alarm=alarm), NOON + timedelta(weeks=week)
        database.transact(partial(drift.keep, measured=found, at=at))
    with database.reader() as session:
        events = session.scalars(
            select(AuditEvent.at).where(AuditEvent.act == drift.FOUND).order_by(AuditEvent.at)
        ).all()
        module = module_id(session)
        assert drift.alarms(session, [module]) == {module: 1}
    assert events == [NOON, NOON + timedelta(weeks=3)]
    assert active_plan(database) == before


def test_figures_of_few_people_are_not_shown(database: Database) -> None:
    found = measured(database, alarm=False, learners=9)
    database.transact(lambda session: drift.keep(session, found, at=NOON))
    with database.reader() as session:
        (shown,) = drift.of_module(
            session, module_id(session), {found.skills[0].skill_id: "Asking well"}
        )
    assert (shown.title, shown.figures) == ("Asking well", None)


def test_figures_are_written_once(database: Database) -> None:
    found = measured(database, alarm=False)
    database.transact(lambda session: drift.keep(session, found, at=NOON))
    with pytest.raises(Exception, match="append-only"):
        database.transact(lambda session: session.execute(update(SkillDrift).values(alarm=True)))
