"""Weekly figures through real databases: fixed groups, kept figures, nobody counted twice."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.db import Database
from app.jobs import doing
from app.models import Agency, Cohort, Enrolment, ModuleState, ProgressMember, Role, User
from app.services.cohorts import progress, publishing, snapshots
from app.services.cohorts.progress import CohortProgress
from app.services.cohorts.suppression import Band
from app.services.errors import NotFound, Refused
from app.services.operations import jobs
from tests import people
from tests.conftest import NOON
from tests.people import Person

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class World:
    """An agency with one cohort, and who is in it."""

    agency_id: uuid.UUID
    cohort_id: uuid.UUID
    officer: Person
    learners: dict[str, tuple[Person, ...]]


def make_world(database: Database, **sizes: int) -> World:
    """A cohort with so many people of each department."""

    def work(session: Session) -> World:
        agency = people.make_agency(session, at=NOON)
        cohort = people.make_cohort(session, agency, at=NOON)
        officer = people.make_user(session, agency, Role.HR_OFFICER, at=NOON)
        learners = {
            name: join(session, agency, cohort, name=name, size=size)
            for name, size in sizes.items()
        }
        return World(agency.id, cohort.id, officer, learners)

    return database.transact(work)


def join(
    session: Session, agency: Agency, cohort: Cohort, *, name: str, size: int
) -> tuple[Person, ...]:
    department = people.make_department(session, agency, name=f"{name} {uuid.uuid4().hex[:4]}")
    members = tuple(
        people.make_user(session, agency, Role.LEARNER, at=NOON, department=department)
        for _ in range(size)
    )
    for member in members:
        people.enrol(session, cohort, member, at=NOON)
    return members


def start(database: Database, learners: Sequence[Person], *, at: datetime) -> None:
    for learner in learners:
        people.begin(database, learner, at=at)
        people.answer_open(database, learner, at=at)


def complete(database: Database, learners: Sequence[Person], *, at: datetime) -> None:
    ids = [learner.id for learner in learners]
    database.transact(
        lambda session: session.execute(
            update(ModuleState).where(ModuleState.learner_id.in_(ids)).values(finished_at=at)
        )
    )


def publish(database: Database, world: World, *, at: datetime) -> CohortProgress:
    job_id = database.transact(
        lambda session: publishing.ask(session, officer=world.officer, at=at)
    )
    assert database.transact(lambda session: jobs.claim(session, at=at)) == job_id
    doing.do(database, job_id)
    with database.reader() as session:
        return progress.of_cohort(session, world.cohort_id, agency_id=world.agency_id)


def stored(database: Database, world: World) -> dict[str, Any]:
    with database.reader() as session:
        document: dict[str, Any] = snapshots.latest_document(session, world.cohort_id)["modules"][0]
        return document


def completed_bands(shown: CohortProgress) -> list[Band]:
    return [group.completed.band for group in shown.modules[0].groups]


def test_departments_of_ten_are_shown_and_smaller_ones_are_not(database: Database) -> None:
    world = make_world(database, Housing=12, Parks=10, Legal=6)
    module = publish(database, world, at=NOON).modules[0]
    assert [group.people for group in module.groups] == [10, 10]
    assert module.uncounted_people == 6
    assert module.uncounted[0].startswith("Legal")


def test_small_departments_share_a_group(database: Database) -> None:
    world = make_world(database, Estates=5, Finance=6)
    (group,) = publish(database, world, at=NOON).modules[0].groups
    assert len(group.departments) == 2


def test_a_stuck_learner_counts_as_underway(database: Database) -> None:
    world = make_world(database, Housing=30)
    start(database, world.learners["Housing"], at=NOON)
    database.transact(
        lambda session: session.execute(
            update(ModuleState)
            .where(ModuleState.agency_id == world.agency_id)
            .values(standing="stuck")
        )
    )
    (group,) = publish(database, world, at=NOON + timedelta(hours=1)).modules[0].groups
    assert (group.not_started.band, group.completed.band) == (Band(0, 20), Band(0, 20))
    assert group.underway.band == Band(60, 100)


def test_opening_a_module_without_an_answer_is_not_a_start(database: Database) -> None:
    world = make_world(database, Housing=10)
    for learner in world.learners["Housing"]:
        people.begin(database, learner, at=NOON)
    (group,) = publish(database, world, at=NOON + timedelta(hours=1)).modules[0].groups
    assert group.not_started.band == Band(50, 100)


def test_figures_move_once_ten_people_have_moved(database: Database) -> None:
    world = make_world(database, Housing=26)
    housing = world.learners["Housing"]
    start(database, housing, at=NOON - timedelta(hours=1))
    assert completed_bands(publish(database, world, at=NOON)) == [Band(0, 20)]
    complete(database, housing[:9], at=NOON + timedelta(days=1))
    assert completed_bands(publish(database, world, at=NOON + WEEK)) == [Band(0, 20)]
    complete(database, housing[:16], at=NOON + WEEK + timedelta(days=1))
    shown = publish(database, world, at=NOON + 2 * WEEK)
    assert completed_bands(shown) == [Band(60, 80)]
    assert shown.modules[0].groups[0].completed.at == NOON + 2 * WEEK


def test_leaving_changes_no_figure(database: Database) -> None:
    world = make_world(database, Housing=12)
    publish(database, world, at=NOON)
    before = stored(database, world)
    leave(database, world.learners["Housing"][0], at=NOON + timedelta(days=1))
    publish(database, world, at=NOON + WEEK)
    assert stored(database, world) == before


def test_a_closed_account_changes_no_figure(database: Database) -> None:
    world = make_world(database, Housing=12)
    publish(database, world, at=NOON)
    before = stored(database, world)
    database.transact(
        lambda session: session.execute(
            update(User).where(User.id == world.learners["Housing"][0].id).values(active=False)
        )
    )
    publish(database, world, at=NOON + WEEK)
    assert stored(database, world) == before


def test_newcomers_are_counted_once_ten_have_joined(database: Database) -> None:
    world = make_world(database, Housing=12)
    publish(database, world, at=NOON)
    before = stored(database, world)["groups"]
    newcomers(database, world, size=9)
    publish(database, world, at=NOON + WEEK)
    assert stored(database, world)["groups"] == before
    newcomers(database, world, size=1)
    publish(database, world, at=NOON + 2 * WEEK)
    assert [group["people"] for group in stored(database, world)["groups"]] == [12, 10]
    assert stored(database, world)["groups"][:1] == before


def test_nobody_is_counted_in_two_cohorts(database: Database) -> None:
    world = make_world(database, Housing=20)

    def another(session: Session) -> uuid.UUID:
        agency = session.get_one(Agency, world.agency_id)
        cohort = people.make_cohort(session, agency, at=NOON + timedelta(hours=1))
        for learner in world.learners["Housing"][:19]:
            people.enrol(session, cohort, learner, at=NOON)
        return cohort.id

    other = database.transact(another)
    publish(database, world, at=NOON)
    with database.reader() as session:
        counted = session.scalar(select(func.count(ProgressMember.learner_id.distinct())))
        assert counted == 20
        assert snapshots.latest_document(session, other)["modules"][0]["groups"] == []


def test_a_week_is_published_once(database: Database) -> None:
    world = make_world(database, Housing=10)
    publish(database, world, at=NOON)
    with pytest.raises(Refused):
        publish(database, world, at=NOON + timedelta(days=3))


def test_of_two_who_took_the_same_figures_one_publishes(database: Database) -> None:
    world = make_world(database, Housing=12)
    with database.reader() as session:
        taken = snapshots.take(session, world.agency_id, at=NOON, tell=lambda _share: None)
    published = [
        database.transact(lambda session: snapshots.publish(session, taken)) for _ in range(2)
    ]
    assert published == [1, 0]
    assert [group["people"] for group in stored(database, world)["groups"]] == [12]


def test_figures_of_a_past_week_come_too_late(database: Database) -> None:
    world = make_world(database, Housing=12)
    publish(database, world, at=NOON + WEEK)
    with database.reader() as session:
        taken = snapshots.take(session, world.agency_id, at=NOON, tell=lambda _share: None)
    assert taken.documents == {}
    assert database.transact(lambda session: snapshots.publish(session, taken)) == 0


def test_people_learn_on_while_figures_are_taken(database: Database) -> None:
    world = make_world(database, Housing=12)
    learner = world.learners["Housing"][0]
    people.begin(database, learner, at=NOON)

    def answer(_share: float) -> None:
        assert people.answer_open(database, learner, at=NOON) is not None

    with database.reader() as session:
        taken = snapshots.take(session, world.agency_id, at=NOON, tell=answer)
    assert len(taken.documents) == 1


def test_an_erased_record_freezes_its_group(database: Database) -> None:
    world = make_world(database, Housing=26)
    housing = world.learners["Housing"]
    start(database, housing, at=NOON - timedelta(hours=1))
    publish(database, world, at=NOON)
    before = stored(database, world)
    complete(database, housing, at=NOON + timedelta(days=1))
    database.transact(
        lambda session: session.execute(
            delete(ProgressMember).where(ProgressMember.learner_id == housing[0].id)
        )
    )
    leave(database, housing[0], at=NOON)
    publish(database, world, at=NOON + WEEK)
    assert stored(database, world) == before


def test_a_document_holds_no_person(database: Database) -> None:
    world = make_world(database, Housing=12, Legal=3)
    start(database, world.learners["Housing"][:4], at=NOON - timedelta(hours=1))
    publish(database, world, at=NOON)
    document = json.dumps(stored(database, world))
    for learner in (*world.learners["Housing"], *world.learners["Legal"]):
        assert str(learner.id) not in document
        assert learner.email not in document
        assert learner.name not in document


def test_another_agency_finds_no_figures(database: Database) -> None:
    world, stranger = make_world(database, Housing=12), make_world(database, Parks=12)
    publish(database, world, at=NOON)
    with database.reader() as session, pytest.raises(NotFound):
        progress.of_cohort(session, world.cohort_id, agency_id=stranger.agency_id)


def leave(database: Database, learner: Person, *, at: datetime) -> None:
    database.transact(
        lambda session: session.execute(
            update(Enrolment).where(Enrolment.learner_id == learner.id).values(ended_at=at)
        )
    )


def newcomers(database: Database, world: World, *, size: int) -> None:
    def work(session: Session) -> None:
        joined = [
            people.make_user(
                session, session.get_one(Agency, world.agency_id), Role.LEARNER, at=NOON
            )
            for _ in range(size)
        ]
        session.execute(
            insert(Enrolment),
            [
                {
                    "id": uuid.uuid4(),
                    "agency_id": world.agency_id,
                    "cohort_id": world.cohort_id,
                    "learner_id": person.id,
                    "enrolled_at": NOON,
                }
                for person in joined
            ],
        )

    database.transact(work)
