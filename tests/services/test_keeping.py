"""What an administrator may change about people, and what protects the agency from mistakes."""

import threading
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.db import Database
from app.models import Agency, AuditEvent, Role, User
from app.services.errors import Invalid, NotFound
from app.services.people import accounts, departments, keeping, roster
from app.services.people.keeping import Account
from app.services.people.passwords import hash_password, matches, one_time_password
from tests.conftest import NOON
from tests.people import Person, make_agency, make_user

PLAIN = Account(name="Ada Lund", department_id=None, roles=frozenset({Role.LEARNER}))


@pytest.fixture
def administrator(database: Database) -> Person:
    return database.transact(
        lambda session: make_user(
            session, make_agency(session, at=NOON), Role.ADMINISTRATOR, at=NOON, name="Ann Able"
        )
    )


@pytest.fixture
def stranger(database: Database) -> Person:
    """The administrator of another agency."""
    return database.transact(
        lambda session: make_user(
            session, make_agency(session, at=NOON), Role.ADMINISTRATOR, at=NOON
        )
    )


def beside(database: Database, person: Person, *roles: Role, name: str = "") -> Person:
    return database.transact(
        lambda session: make_user(
            session, session.get_one(Agency, person.agency_id), *roles, at=NOON, name=name
        )
    )


def add(
    database: Database,
    administrator: Person,
    account: Account = PLAIN,
    email: str = "ada@example.org",
) -> uuid.UUID:
    return database.transact(
        lambda session: keeping.add(
            session,
            account,
            email=email,
            password_hash="a hash",
            administrator=administrator,
            at=NOON,
        )
    )


def change(
    database: Database, person_id: uuid.UUID, account: Account, administrator: Person
) -> None:
    database.transact(
        lambda session: keeping.change(
            session, person_id, account, administrator=administrator, at=NOON
        )
    )


def line_of(database: Database, person_id: uuid.UUID, administrator: Person) -> roster.PersonLine:
    with database.reader() as session:
        return roster.person(session, person_id, administrator=administrator)


def acts(database: Database, subject: uuid.UUID) -> list[str]:
    with database.reader() as session:
        return sorted(
            session.scalars(select(AuditEvent.act).where(AuditEvent.subject_id == subject))
        )


def account_of(line: roster.PersonLine) -> Account:
    return Account(line.name, line.department_id, frozenset(line.roles), line.active)


def test_a_person_is_added_with_roles_and_department(
    database: Database, administrator: Person
) -> None:
    department = database.transact(
        lambda session: departments.add(session, "Permits", administrator=administrator, at=NOON)
    )
    account = replace(
        PLAIN, department_id=department, roles=frozenset({Role.TRAINER, Role.LEARNER})
    )
    added = add(database, administrator, account, email=" Ada@Example.org ")
    line = line_of(database, added, administrator)
    assert (line.email, line.department) == ("ada@example.org", "Permits")
    assert line.roles == (Role.LEARNER, Role.TRAINER)
    assert acts(database, added) == ["person-added"]


@pytest.mark.parametrize(
    ("account", "email", "field"),
    [
        (replace(PLAIN, name=""), "ada@example.org", "name"),
        (replace(PLAIN, roles=frozenset()), "ada@example.org", "roles"),
        (replace(PLAIN, department_id=uuid.uuid4()), "ada@example.org", "department"),
        (PLAIN, "ada.example.org", "email"),
        (PLAIN, "ada@example", "email"),
        (PLAIN, "a@b.c d", "email"),
    ],
)
def test_a_mistake_names_its_field(
    database: Database,
    administrator: Person,
    account: Account,
    email: str,
    field: str,
) -> None:
    with pytest.raises(Invalid) as problem:
        add(database, administrator, account, email)
    assert problem.value.field == field


def test_an_address_has_one_account_and_nobody_learns_whose(
    database: Database, administrator: Person, stranger: Person
) -> None:
    add(database, administrator)
    said = []
    for who in (administrator, stranger):
        with pytest.raises(Invalid) as problem:
            add(database, who)
        said.append(str(problem.value))
    assert said[0] == said[1]


def test_a_department_of_another_agency_is_refused(
    database: Database, administrator: Person, stranger: Person
) -> None:
    theirs = database.transact(
        lambda session: departments.add(session, "Permits", administrator=stranger, at=NOON)
    )
    with pytest.raises(Invalid) as problem:
        add(database, administrator, replace(PLAIN, department_id=theirs))
    assert problem.value.field == "department"


def test_each_kind_of_change_is_its_own_event(database: Database, administrator: Person) -> None:
    person = beside(database, administrator, Role.LEARNER, name="Old Name")
    new = Account("New Name", None, frozenset({Role.TRAINER}), active=False)
    change(database, person.id, new, administrator)
    assert acts(database, person.id) == ["person-closed", "person-renamed", "roles-changed"]
    change(database, person.id, new, administrator)
    assert len(acts(database, person.id)) == 3
    assert account_of(line_of(database, person.id, administrator)) == new


@pytest.mark.parametrize(
    ("change_to", "stays"),
    [
        ({"name": "Another Name"}, True),
        ({"roles": frozenset({Role.TRAINER})}, False),
        ({"active": False}, False),
    ],
)
def test_other_roles_and_a_closed_account_end_sign_ins(
    database: Database,
    administrator: Person,
    change_to: dict[str, object],
    stays: bool,  # noqa: FBT001
) -> None:
    person = beside(database, administrator, Role.LEARNER)
    token = database.transact(
        lambda session: accounts.open_sign_in(session, session.get_one(User, person.id), at=NOON)
    )
    account = account_of(line_of(database, person.id, administrator))
    change(database, person.id, replace(account, **change_to), administrator)  # type: ignore[arg-type]
    change(database, person.id, account, administrator)
    with database.reader() as session:
        assert (accounts.signed_in(session, token, at=NOON) is not None) == stays


@pytest.mark.parametrize(
    ("account", "field"),
    [
        (Account("Ann Able", None, frozenset({Role.TRAINER})), "roles"),
        (Account("Ann Able", None, frozenset({Role.ADMINISTRATOR}), active=False), "active"),
    ],
)
def test_nobody_locks_themselves_out(
    database: Database, administrator: Person, account: Account, field: str
) -> None:
    beside(database, administrator, Role.ADMINISTRATOR)
    with pytest.raises(Invalid) as problem:
        change(database, administrator.id, account, administrator)
    assert problem.value.field == field


def test_two_administrators_cannot_remove_each_other(
    database: Database, administrator: Person
) -> None:
    other = beside(database, administrator, Role.ADMINISTRATOR, name="Ben Both")
    start = threading.Barrier(2)
    refused: list[Invalid] = []

    def remove(person: Person, by: Person) -> None:
        start.wait()
        try:
            change(database, person.id, Account(person.name, None, frozenset({Role.LEARNER})), by)
        except Invalid as problem:
            refused.append(problem)

    threads = [
        threading.Thread(target=remove, args=pair)
        for pair in ((administrator, other), (other, administrator))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert "last administrator" in str(refused[0])


def test_a_closed_administrator_does_not_count(database: Database, administrator: Person) -> None:
    closed = beside(database, administrator, Role.ADMINISTRATOR)
    with database.writing() as session:
        session.get_one(User, closed.id).active = False
    with pytest.raises(Invalid, match="last administrator"):
        change(
            database,
            administrator.id,
            Account("Ann Able", None, frozenset({Role.LEARNER})),
            closed,
        )


def test_a_foreign_person_is_like_an_absent_one(
    database: Database, administrator: Person, stranger: Person
) -> None:
    for wanted in (administrator.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            line_of(database, wanted, stranger)
        with pytest.raises(NotFound):
            change(database, wanted, PLAIN, stranger)
        with pytest.raises(NotFound):
            database.transact(
                lambda session, wanted=wanted: keeping.reset_password(  # type: ignore[misc]
                    session, wanted, password_hash="x", administrator=stranger, at=NOON
                )
            )


def test_a_reset_password_is_the_new_one_and_ends_sign_ins(
    database: Database, administrator: Person
) -> None:
    person = beside(database, administrator, Role.LEARNER)
    password = one_time_password()
    token = database.transact(
        lambda session: accounts.open_sign_in(session, session.get_one(User, person.id), at=NOON)
    )
    database.transact(
        lambda session: keeping.reset_password(
            session,
            person.id,
            password_hash=hash_password(password),
            administrator=administrator,
            at=NOON,
        )
    )
    with database.reader() as session:
        assert matches(session.get_one(User, person.id).password_hash, password)
        assert accounts.signed_in(session, token, at=NOON) is None
        event = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == person.id)).one()
    assert event.act == "password-reset"
    assert password not in str(event.details)


def test_one_time_passwords_differ_and_may_be_used() -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(password) == 19 for password in made)
    assert not set("".join(made)) & set("01ilo")


def test_search_finds_names_and_addresses_of_the_agency_alone(
    database: Database, administrator: Person, stranger: Person
) -> None:
    for name in ("Émile Zöll", "Berta Zoll", "100% Sure"):
        beside(database, administrator, Role.LEARNER, name=name)
    beside(database, stranger, Role.LEARNER, name="Émile Zöll")

    def found(words: str) -> list[str]:
        with database.reader() as session:
            return sorted(
                line.name for line in roster.search(session, administrator, words=words).lines
            )

    assert found("émile") == ["Émile Zöll"]
    assert found("zoll berta") == ["Berta Zoll"]
    assert found("%") == ["100% Sure"]
    assert found("_") == []
    assert len(found("EXAMPLE.ORG")) == 4
    assert found("")[-1] == "Émile Zöll"


def test_pages_of_people_meet_without_gap_or_repeat(
    database: Database, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        beside(database, administrator, Role.LEARNER, name="Same Name")
    monkeypatch.setattr(roster, "PAGE", 3)
    shown, after = [], None
    with database.reader() as session:
        while True:
            page = roster.search(session, administrator, after=after)
            shown += [line.id for line in page.lines]
            after = page.following
            assert page.found == 7
            if after is None:
                break
    assert len(shown) == len(set(shown)) == 7


def test_a_department_is_added_renamed_and_counted(
    database: Database, administrator: Person
) -> None:
    made = database.transact(
        lambda session: departments.add(session, "Permits", administrator=administrator, at=NOON)
    )
    add(database, administrator, replace(PLAIN, department_id=made))
    for name in ("Licences", "Licences"):
        database.transact(
            lambda session, name=name: departments.rename(  # type: ignore[misc]
                session, made, name, administrator=administrator, at=NOON
            )
        )
    with database.reader() as session:
        (line,) = departments.departments(session, administrator)
        renamed = session.scalars(
            select(AuditEvent).where(AuditEvent.act == "department-renamed")
        ).one()
    assert (line.name, line.people) == ("Licences", 1)
    assert renamed.details == {"before": "Permits", "after": "Licences"}


def test_a_department_name_is_used_once_in_an_agency(
    database: Database, administrator: Person, stranger: Person
) -> None:
    for who in (administrator, stranger):
        database.transact(
            lambda session, who=who: departments.add(  # type: ignore[misc]
                session, "Permits", administrator=who, at=NOON
            )
        )
    for name in ("Permits", "permits", "", "x" * 121):
        with pytest.raises(Invalid) as problem:
            database.transact(
                lambda session, name=name: departments.add(  # type: ignore[misc]
                    session, name, administrator=administrator, at=NOON
                )
            )
        assert problem.value.field == "name"


def test_a_foreign_department_cannot_be_renamed(
    database: Database, administrator: Person, stranger: Person
) -> None:
    made = database.transact(
        lambda session: departments.add(session, "Permits", administrator=administrator, at=NOON)
    )
    with pytest.raises(NotFound):
        database.transact(
            lambda session: departments.rename(
                session, made, "Stolen", administrator=stranger, at=NOON
            )
        )
