"""Cohorts and enrolments of an agency: made, changed, ended, recorded; never across agencies."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import Database
from app.models import AuditEvent, Cohort, Enrolment, Programme, Role, User, UserRole
from app.services import audit
from app.services.cohorts import cohorts, enrolments, enrolments_csv
from app.services.cohorts.cohorts import Wish
from app.services.cohorts.enrolments_csv import Changed, Preview, Verdict
from app.services.errors import Invalid, NotFound, Refused
from tests import people
from tests.conftest import NOON
from tests.people import Person

PLAIN = Wish(name="Autumn", trainer_id=None, due_on=date(2026, 12, 18), required=True)


@dataclass(frozen=True, slots=True)
class World:
    officer: Person
    trainer: Person
    cohort_id: uuid.UUID
    programme_id: str
    worker: Person  # of the agency, not enrolled, not yet a learner
    stranger: Person  # of another agency
    strange_cohort_id: uuid.UUID


@pytest.fixture
def world(database: Database) -> World:
    def make(session: Session) -> World:
        agency = people.make_agency(session, at=NOON)
        other = people.make_agency(session, at=NOON)
        housing = people.make_department(session, agency, name="Housing")
        return World(
            officer=people.make_user(session, agency, Role.HR_OFFICER, at=NOON),
            trainer=people.make_user(session, agency, Role.TRAINER, at=NOON),
            cohort_id=people.make_cohort(session, agency, at=NOON).id,
            programme_id=session.scalars(select(Programme.id)).one(),
            worker=people.make_user(
                session, agency, at=NOON, name="Ana Worker", department=housing
            ),
            stranger=people.make_user(session, other, Role.TRAINER, at=NOON),
            strange_cohort_id=people.make_cohort(session, other, at=NOON).id,
        )

    return database.transact(make)


def acts(database: Database) -> list[str]:
    with database.reader() as session:
        return list(
            session.scalars(
                select(AuditEvent.act)
                .where(AuditEvent.agency_id.is_not(None))
                .order_by(AuditEvent.at)
            )
        )


def create(database: Database, world: World, wish: Wish, *, programme: str = "") -> uuid.UUID:
    return database.transact(
        lambda session: cohorts.create(
            session,
            wish,
            programme_id=programme or world.programme_id,
            actor=world.officer,
            at=NOON,
        )
    )


def enrol(database: Database, world: World, email: str) -> None:
    database.transact(
        lambda session: enrolments.enrol(
            session, world.cohort_id, email=email, actor=world.officer, at=NOON
        )
    )


def check(database: Database, world: World, text: str) -> Preview:
    with database.reader() as session:
        return enrolments_csv.preview(
            session, world.cohort_id, text, agency_id=world.officer.agency_id
        )


def apply(database: Database, world: World, text: str, *, mark: str) -> int:
    return database.transact(
        lambda session: enrolments_csv.apply(
            session, world.cohort_id, text, mark=mark, actor=world.officer, at=NOON
        )
    )


def running(database: Database) -> int:
    with database.reader() as session:
        return (
            session.scalar(
                select(func.count()).select_from(Enrolment).where(Enrolment.ended_at.is_(None))
            )
            or 0
        )


def test_a_cohort_is_made_and_recorded(database: Database, world: World) -> None:
    made = create(database, world, replace(PLAIN, trainer_id=world.trainer.id))
    with database.reader() as session:
        found = cohorts.find(session, made, agency_id=world.officer.agency_id)
    assert (found.name, found.trainer_name) == ("Autumn", world.trainer.name)
    assert (found.due_on, found.size) == (date(2026, 12, 18), 0)
    assert acts(database) == ["cohort-created"]


@pytest.mark.parametrize(
    ("field", "spoil"),
    [
        ("name", lambda wish, _: replace(wish, name="")),
        ("name", lambda wish, _: replace(wish, name="x" * 101)),
        ("trainer", lambda wish, world: replace(wish, trainer_id=world.stranger.id)),
        ("trainer", lambda wish, world: replace(wish, trainer_id=world.worker.id)),
    ],
)
def test_a_wrong_wish_names_its_field(
    database: Database, world: World, field: str, spoil: Callable[[Wish, World], Wish]
) -> None:
    with pytest.raises(Invalid) as found:
        create(database, world, spoil(PLAIN, world))
    assert found.value.field == field
    assert acts(database) == []


def test_an_unknown_programme_is_refused(database: Database, world: World) -> None:
    with pytest.raises(Invalid, match="programme"):
        create(database, world, PLAIN, programme="none of ours")


def test_two_cohorts_of_an_agency_have_two_names(database: Database, world: World) -> None:
    create(database, world, PLAIN)
    with pytest.raises(Invalid, match="this name"):
        create(database, world, PLAIN)


def test_a_change_is_recorded_with_what_it_was(database: Database, world: World) -> None:
    made = create(database, world, PLAIN)
    database.transact(
        lambda session: cohorts.change(
            session, made, replace(PLAIN, required=False), actor=world.officer, at=NOON
        )
    )
    with database.reader() as session:
        details = session.scalars(
            select(AuditEvent.details).where(AuditEvent.act == "cohort-changed")
        ).one()
    assert (details["before"]["required"], details["after"]["required"]) == (True, False)


def test_another_agencys_cohort_is_not_found(database: Database, world: World) -> None:
    with database.reader() as session, pytest.raises(NotFound):
        cohorts.find(session, world.strange_cohort_id, agency_id=world.officer.agency_id)
    with pytest.raises(NotFound):
        database.transact(
            lambda session: cohorts.change(
                session, world.strange_cohort_id, PLAIN, actor=world.officer, at=NOON
            )
        )
    with pytest.raises(NotFound):
        database.transact(
            lambda session: enrolments.enrol(
                session,
                world.strange_cohort_id,
                email=world.worker.email,
                actor=world.officer,
                at=NOON,
            )
        )


def test_enrolling_makes_somebody_a_learner(database: Database, world: World) -> None:
    enrol(database, world, f" {world.worker.email.upper()} ")
    with database.reader() as session:
        roles = session.scalars(
            select(UserRole.role).where(UserRole.user_id == world.worker.id)
        ).all()
        page = enrolments.people(session, world.cohort_id, agency_id=world.officer.agency_id)
        (entry,) = page.lines
    assert roles == ["learner"]
    assert (entry.name, entry.department) == ("Ana Worker", "Housing")
    assert acts(database) == ["enrolled"]


def test_a_strangers_address_answers_like_an_unknown_one(database: Database, world: World) -> None:
    said = []
    for email in (world.stranger.email, "nobody@example.org"):
        with pytest.raises(Invalid) as found:
            enrol(database, world, email)
        said.append(str(found.value))
    assert said[0] == said[1]


def test_an_ended_enrolment_is_recorded_and_can_begin_again(
    database: Database, world: World
) -> None:
    enrol(database, world, world.worker.email)
    with database.reader() as session:
        page = enrolments.people(session, world.cohort_id, agency_id=world.officer.agency_id)
        entry = page.lines[0]

    def end(session: Session) -> None:
        enrolments.end(
            session,
            entry.enrolment_id,
            cohort_id=world.cohort_id,
            actor=world.officer,
            at=NOON + timedelta(hours=1),
        )

    database.transact(end)
    assert running(database) == 0
    with pytest.raises(Refused):
        database.transact(end)
    enrol(database, world, world.worker.email)
    assert running(database) == 1
    assert sorted(acts(database)) == ["enrolled", "enrolled", "enrolment-ended"]


@pytest.mark.parametrize(
    "shape",
    [
        "email\n{}",
        "\ufeffemail\r\n{}\r\n",
        "Email;Name;Department\n{};Ana Worker;Housing\n",
        'name,email,department\n"Worker, Ana",{},Housing\n',
        "{}",
        "\n\nemail,name\n\n{},Ana Worker\n\n",
    ],
)
def test_every_usual_shape_of_file_is_read(database: Database, world: World, shape: str) -> None:
    text = shape.format(world.worker.email)
    checked = check(database, world, text)
    assert [line.email for line in checked.with_verdict(Verdict.ENROL)] == [world.worker.email]
    assert apply(database, world, text, mark=checked.mark) == 1


def test_every_line_gets_its_verdict(database: Database, world: World) -> None:
    enrol(database, world, world.trainer.email)
    text = "\n".join(
        [
            "email,name",
            world.worker.email,
            world.worker.email.upper(),
            "nobody@example.org,Nobody",
            world.stranger.email,
            "not an address",
            world.trainer.email,
            ",Somebody",
            f"{world.officer.email},Somebody Else",
            f"{world.officer.email},One,Two",
        ]
    )
    lines = check(database, world, text).lines
    assert [(line.number, line.verdict.value) for line in lines] == [
        (2, "enrol"),
        (3, "skip"),
        (4, "error"),
        (5, "error"),
        (6, "error"),
        (7, "skip"),
        (8, "error"),
        (9, "enrol"),
        (10, "error"),
    ]
    assert all(line.problem and line.way_out for line in lines if line.verdict != "enrol")
    unknown, strange = lines[2], lines[3]
    assert (unknown.problem, unknown.way_out) == (strange.problem, strange.way_out)
    assert "Somebody Else" in lines[7].note


def test_a_closed_account_is_not_enrolled(database: Database, world: World) -> None:
    def close(session: Session) -> None:
        session.get_one(User, world.worker.id).active = False

    database.transact(close)
    (line,) = check(database, world, world.worker.email).lines
    assert line.problem == enrolments.CLOSED
    with pytest.raises(Invalid, match="closed"):
        enrol(database, world, world.worker.email)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeff \n",
        "name,department\nAna,Housing",
        "email,email\na@b.org,c@d.org",
        'email\n"a@b.org',
        "email\n" + "a@b.org\n" * 5001,
        "email\n" + "x" * 900_001,
    ],
)
def test_a_file_that_cannot_be_read_says_so(database: Database, world: World, text: str) -> None:
    with pytest.raises(Invalid):
        check(database, world, text)


def test_five_thousand_lines_are_checked(database: Database, world: World) -> None:
    text = "email\n" + "".join(f"person{number}@nowhere.org\n" for number in range(5000))
    assert len(check(database, world, text).with_verdict(Verdict.ERROR)) == 5000


def test_a_file_that_is_not_utf8_says_so() -> None:
    with pytest.raises(Invalid, match="UTF-8"):
        enrolments_csv.decode("Müller".encode("latin-1"))


def test_nothing_is_applied_that_was_not_shown(database: Database, world: World) -> None:
    text = f"email\n{world.worker.email}\n{world.trainer.email}\n"
    mark = check(database, world, text).mark
    enrol(database, world, world.trainer.email)
    with pytest.raises(Changed):
        apply(database, world, text, mark=mark)
    assert running(database) == 1


def test_half_a_file_is_never_applied(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"email\n{world.worker.email}\n{world.trainer.email}\n"
    mark = check(database, world, text).mark
    record, count = audit.record, iter(range(10))

    def breaks_the_second_time(*args: Any, **kwargs: Any) -> None:
        if next(count) == 1:
            raise OSError("the disk is full")
        record(*args, **kwargs)

    monkeypatch.setattr(audit, "record", breaks_the_second_time)
    with pytest.raises(OSError, match="disk is full"):
        apply(database, world, text, mark=mark)
    assert running(database) == 0
    assert acts(database) == []


def test_names_are_turned_on_with_a_record(database: Database, world: World) -> None:
    def turn(*, on: bool) -> None:
        database.transact(
            lambda session: cohorts.turn_names_completion(
                session, on=on, actor=world.officer, at=NOON
            )
        )

    for on in (True, True, False):
        turn(on=on)
    assert sorted(acts(database)) == [
        "names-completion-turned-off",
        "names-completion-turned-on",
    ]


def test_programmes_list_only_the_agencys_cohorts(database: Database, world: World) -> None:
    with database.reader() as session:
        (programme,) = cohorts.programmes(session, world.officer.agency_id)
        assert session.scalar(select(func.count()).select_from(Cohort)) == 2
    assert [cohort.id for cohort in programme.cohorts] == [world.cohort_id]
    assert programme.modules == (
        "AI literacy for public servants",
        "Personal data in everyday casework",
        "Reading and using data",
        "Fair, explainable, accessible services",
    )
