"""What an oversight officer may look up, and what stays hidden."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import Database
from app.models import Agency, AuditEvent, Role, Serving
from app.services import audit
from app.services.errors import Invalid, NotFound
from app.services.oversight import events, lookup
from app.services.people.pseudonyms import reference
from tests.conftest import NOON
from tests.people import Person, answer_open, begin, make_learner, make_user

KEY = "a key for references"
LATER = NOON + timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def learner(database: Database) -> Person:
    learner = make_learner(database, at=NOON)
    begin(database, learner, at=NOON)
    for minute in range(1, 4):
        answer_open(database, learner, at=NOON + timedelta(minutes=minute))
    return learner


@pytest.fixture
def officer(database: Database, learner: Person) -> Person:
    return officer_beside(database, learner)


@pytest.fixture
def stranger(database: Database) -> Person:
    """The oversight officer of another agency."""
    return officer_beside(database, make_learner(database, at=NOON))


def officer_beside(database: Database, person: Person) -> Person:
    return database.transact(
        lambda session: make_user(
            session,
            session.get_one(Agency, person.agency_id),
            Role.OVERSIGHT_OFFICER,
            at=NOON,
            name="Olga Overton",
        )
    )


def first_serving(database: Database, learner: Person) -> uuid.UUID:
    with database.reader() as session:
        return session.scalars(
            select(Serving.id)
            .where(Serving.learner_id == learner.id)
            .order_by(Serving.sequence)
            .limit(1)
        ).one()


def give_reason(database: Database, serving_id: uuid.UUID, officer: Person) -> None:
    database.transact(
        lambda session: lookup.give_reason(
            session,
            serving_id,
            officer=officer,
            reason="appeal",
            note="Case 17: was the lesson needed?",
            at=LATER,
        )
    )


def test_the_week_counts_the_agencys_decisions(
    database: Database, officer: Person, stranger: Person
) -> None:
    with database.reader() as session:
        mine = lookup.home(session, officer, at=LATER)
        theirs = lookup.home(session, stranger, at=LATER)
        later = lookup.home(session, officer, at=LATER + timedelta(days=8))
    assert (mine.decisions, mine.fallbacks) == (4, 0)
    assert (mine.sampled, mine.sampled_same) == (4, 4)
    assert theirs.decisions == theirs.sampled == 0
    assert later.decisions == 0


def test_the_latest_full_replay_is_told(database: Database, officer: Person) -> None:
    database.transact(
        lambda session: audit.record(
            session, act="log-replayed", actor=None, at=NOON, responses=3, differences=0
        )
    )
    with database.reader() as session:
        found = lookup.home(session, officer, at=LATER)
    assert (found.replayed_at, found.replayed_responses, found.replayed_differences) == (NOON, 3, 0)


def test_a_decision_is_found_by_the_start_of_its_reference(
    database: Database, learner: Person, officer: Person
) -> None:
    wanted = first_serving(database, learner)
    typed = str(wanted).upper()
    with database.reader() as session:
        for part in (typed, typed[:8], f" #{typed[:13]} "):
            assert lookup.find(session, part, officer=officer) == wanted


@pytest.mark.parametrize("typed", ["", "1234567", "g2345678", "0" * 33, "00000000"])
def test_what_is_no_reference_is_said_so(database: Database, officer: Person, typed: str) -> None:
    with database.reader() as session, pytest.raises(Invalid) as problem:
        lookup.find(session, typed, officer=officer)
    assert problem.value.field == "reference"


def test_a_foreign_reference_is_not_found(
    database: Database, learner: Person, stranger: Person
) -> None:
    wanted = first_serving(database, learner)
    with database.reader() as session:
        with pytest.raises(Invalid, match="No decision of your agency"):
            lookup.find(session, str(wanted), officer=stranger)
        with pytest.raises(NotFound):
            lookup.has_reason(session, wanted, officer=stranger, at=LATER)
        assert lookup.latest(session, stranger, key=KEY, at=LATER).lines == ()
    with pytest.raises(NotFound):
        give_reason(database, wanted, stranger)


def test_a_list_of_decisions_names_nobody(
    database: Database, learner: Person, officer: Person
) -> None:
    with database.reader() as session:
        lines = lookup.latest(session, officer, key=KEY, at=LATER).lines
    assert [line.served_at for line in lines] == sorted(
        (line.served_at for line in lines), reverse=True
    )
    assert {line.learner for line in lines} == {reference(learner.id, key=KEY)}
    assert reference(learner.id, key=KEY) != reference(learner.id, key="another key")
    assert learner.name not in str(lines)


def test_decisions_of_one_rule(database: Database, officer: Person) -> None:
    with database.reader() as session:
        opened = lookup.latest(session, officer, key=KEY, at=LATER, rule="open-skill")
        failed = lookup.latest(session, officer, key=KEY, at=LATER, rule="fallback")
    assert {line.rule for line in opened.lines} == {"open-skill"}
    assert failed.lines == ()


def test_pages_of_decisions_meet_without_gap_or_repeat(
    database: Database, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "PAGE", 3)
    with database.reader() as session:
        first = lookup.latest(session, officer, key=KEY, at=LATER)
        assert first.older is not None
        second = lookup.latest(session, officer, key=KEY, at=LATER, before=first.older)
    shown = [line.serving_id for page in (first, second) for line in page.lines]
    assert len(shown) == len(set(shown)) == 4
    assert second.older is None


def test_a_reason_opens_one_decision_for_an_hour_for_one_officer(
    database: Database, learner: Person, officer: Person
) -> None:
    wanted, colleague = first_serving(database, learner), officer_beside(database, learner)
    give_reason(database, wanted, officer)
    with database.reader() as session:
        other = session.scalars(
            select(Serving.id).where(Serving.learner_id == learner.id, Serving.id != wanted)
        ).first()
        assert other is not None

        def opens(serving_id: uuid.UUID, by: Person, minutes: int) -> bool:
            at = LATER + timedelta(minutes=minutes)
            return lookup.has_reason(session, serving_id, officer=by, at=at)

        assert opens(wanted, officer, 59)
        assert not opens(wanted, officer, 60)
        assert not opens(other, officer, 1)
        assert not opens(wanted, colleague, 1)


def test_a_reason_is_an_audit_event_about_the_learner(
    database: Database, learner: Person, officer: Person
) -> None:
    give_reason(database, first_serving(database, learner), officer)
    with database.reader() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == lookup.OPENED)).one()
    assert (event.actor_id, event.subject_id) == (officer.id, learner.id)
    assert event.details["note"] == "Case 17: was the lesson needed?"


@pytest.mark.parametrize(
    ("said", "field"),
    [(("curiosity", "a long enough note"), "reason"), (("appeal", "short"), "note")],
)
def test_a_reason_must_say_something(
    database: Database, learner: Person, officer: Person, said: tuple[str, str], field: str
) -> None:
    wanted = first_serving(database, learner)
    with pytest.raises(Invalid) as problem:
        database.transact(
            lambda session: lookup.give_reason(
                session, wanted, officer=officer, reason=said[0], note=said[1], at=LATER
            )
        )
    assert problem.value.field == field


def test_events_name_officers_but_not_the_learner_looked_at(
    database: Database, learner: Person, officer: Person
) -> None:
    give_reason(database, first_serving(database, learner), officer)
    database.transact(
        lambda session: audit.record(
            session, act="roles-changed", actor=officer, subject_id=learner.id, at=LATER - MINUTE
        )
    )
    with database.reader() as session:
        opened, changed, *_ = events.read_events(session, officer, key=KEY).lines
    assert (opened.actor, opened.subject) == ("Olga Overton", reference(learner.id, key=KEY))
    assert (changed.subject, changed.subject_is_name) == (learner.name, True)


def test_a_person_sees_who_looked_at_them(
    database: Database, learner: Person, officer: Person, stranger: Person
) -> None:
    give_reason(database, first_serving(database, learner), officer)
    database.transact(
        lambda session: audit.record(
            session, act="password-changed", actor=learner, subject_id=learner.id, at=LATER
        )
    )
    with database.reader() as session:
        (look,) = events.looks_at(session, learner)
        assert events.looks_at(session, stranger) == ()
    assert (look.at, look.act, look.actor) == (LATER, "decision-opened", "Olga Overton")


def test_events_are_of_the_agency_and_of_shared_content(
    database: Database, officer: Person, stranger: Person
) -> None:
    for person, act in ((officer, "person-added"), (stranger, "person-added")):
        database.transact(
            lambda session, person=person, act=act: audit.record(  # type: ignore[misc]
                session, act=act, actor=person, at=LATER
            )
        )
    database.transact(
        lambda session: audit.record(session, act="backup-made", actor=None, at=LATER)
    )
    with database.reader() as session:
        lines = events.read_events(session, officer, key=KEY).lines
        added = events.read_events(session, officer, key=KEY, act="person-added").lines
    assert [line.act for line in lines] == ["person-added", "content-published"]
    assert len(added) == 1


def test_pages_of_events_meet_without_gap_or_repeat(
    database: Database, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):  # all at one moment: the id decides
        database.transact(
            lambda session, number=number: audit.record(  # type: ignore[misc]
                session, act="person-added", actor=officer, at=LATER, number=number
            )
        )
    monkeypatch.setattr(events, "PAGE", 3)
    seen: list[int] = []
    before = ""
    with database.reader() as session:
        while True:
            page = events.read_events(session, officer, key=KEY, act="person-added", before=before)
            seen += [line.details["number"] for line in page.lines]
            if page.older is None:
                break
            before = page.older
    assert sorted(seen) == list(range(7))


@pytest.mark.parametrize("before", ["x", "1.", "9" * 40 + "." + "0" * 32, "-1.zz"])
def test_a_made_up_cursor_starts_at_the_top(
    database: Database, officer: Person, before: str
) -> None:
    with database.reader() as session:
        top = lookup.latest(session, officer, key=KEY, at=LATER)
        assert lookup.latest(session, officer, key=KEY, at=LATER, before=before) == top
