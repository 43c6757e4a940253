"""The workshop through the door: forms that lose nothing, for one person and for two."""

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.clock import now
from app.db import Database
from app.models import Agency, AuditEvent, Cohort, ItemDraft, Module, Role
from app.services.learning import practice
from app.services.workshop import drafts, programmes, releasing, reviewing
from app.services.workshop.drafts import Draft
from tests import workshop
from tests.people import (
    MODULE_SLUG,
    Person,
    answer_open,
    client_of,
    csrf_of,
    enrol,
    make_agency,
    make_user,
)


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found


@pytest.fixture
def ada(database: Database) -> Person:
    return database.transact(
        lambda session: make_user(session, make_agency(session, at=now()), Role.TRAINER, at=now())
    )


@pytest.fixture
def ben(database: Database, ada: Person) -> Person:
    return database.transact(
        lambda s: make_user(s, s.get_one(Agency, ada.agency_id), Role.TRAINER, at=now(), name="Ben")
    )


@pytest.fixture
def draft(database: Database, ada: Person) -> Draft:
    return database.transact(
        lambda session: workshop.begin(session, ada, title="Letters", at=now())
    )


@pytest.fixture
def client(app: Flask, ada: Person) -> FlaskClient:
    return client_of(app, ada)


def question(draft: Draft) -> str:
    item = next(item for item in draft.items if item.raw and item.raw.kind == "exercise")
    return f"/author/drafts/{draft.id}/items/{item.id}"


def fields(client: FlaskClient, path: str) -> dict[str, str]:
    """The item's form as a browser would send it back."""
    page = client.get(path).get_data(as_text=True)
    form = page.split('class="workbench-form"', 1)[1].split("</form>", 1)[0]
    found = dict(
        re.findall(r'<input[^>]*type="(?:text|hidden)"[^>]*name="([^"]+)" value="([^"]*)"', form)
    )
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', form))
    found |= dict(
        re.findall(
            r'<input[^>]*type="(?:radio|checkbox)"[^>]*name="([^"]+)" value="([^"]*)" checked', form
        )
    )
    found["skill"] = re.findall(r'<option value="([^"]+)" selected', form)[0]
    return {
        name: value.replace("&#34;", '"').replace("&amp;", "&") for name, value in found.items()
    }


def text_of(database: Database, path: str) -> str:
    with database.reader() as session:
        return session.get_one(ItemDraft, uuid.UUID(path.rpartition("/")[2])).text


def send(client: FlaskClient, path: str, sent: dict[str, str]) -> TestResponse:
    return client.post(path, data=sent)


def test_a_form_sent_as_it_stands_changes_nothing(
    database: Database, client: FlaskClient, draft: Draft
) -> None:
    path = question(draft)
    before = text_of(database, path)
    assert send(client, path, fields(client, path)).status_code == 303
    assert text_of(database, path) == before


def test_a_row_button_saves_what_was_typed_and_adds_its_row(
    client: FlaskClient, draft: Draft
) -> None:
    path = question(draft)
    sent = fields(client, path) | {"title": "Who signs it", "act": "options..add"}
    answer = send(client, path, sent)
    assert answer.headers["Location"].endswith("#options-4")
    after = fields(client, path)
    assert after["title"] == "Who signs it"
    assert after["options-4-text"] == ""


def test_rows_move_and_go(client: FlaskClient, draft: Draft) -> None:
    path = question(draft)
    send(client, path, fields(client, path) | {"act": "options.1.down"})
    moved = fields(client, path)
    assert (moved["options-1-text"], moved["options-2-text"]) == ("The tool", "The officer")
    assert moved["right"] == "2"
    send(client, path, moved | {"act": "options.1.remove"})
    left = fields(client, path)
    assert [left["options-1-text"], left["options-2-text"]] == ["The officer", "Nobody"]
    assert left["right"] == "1"


def test_what_is_typed_is_kept_even_where_it_breaks_a_rule(
    client: FlaskClient, draft: Draft
) -> None:
    path = question(draft)
    answer = send(client, path, fields(client, path) | {"options-2-feedback": "", "title": ""})
    assert answer.status_code == 303
    page = client.get(path).get_data(as_text=True)
    assert "Options without feedback: 2." in page
    assert "There is no title yet." in page


def test_a_finding_leads_to_the_form_that_mends_it(
    database: Database, client: FlaskClient, ada: Person
) -> None:
    draft_id = database.transact(
        lambda s: drafts.create(s, trainer=ada, title="Not begun", language="en", at=now())
    )
    path = f"/author/drafts/{draft_id}"
    page = client.get(path).get_data(as_text=True)
    assert f'There is no goal yet. <a href="{path}/about">' in page
    assert f'There are no skills yet. <a href="{path}/skills">' in page
    assert "Every key the format needs" not in page


def test_a_draft_in_review_offers_no_change(
    database: Database, client: FlaskClient, draft: Draft, ada: Person
) -> None:
    path = f"/author/drafts/{draft.id}"
    assert f'href="{path}/items/new"' in client.get(path).get_data(as_text=True)
    database.transact(lambda s: reviewing.submit(s, draft.id, trainer=ada, at=now()))
    page = client.get(path).get_data(as_text=True)
    assert f'href="{path}/items/new"' not in page
    assert "Take out" not in page


def test_typing_is_kept_and_shown_without_pressing_save(
    database: Database, client: FlaskClient, draft: Draft
) -> None:
    path = question(draft)
    sent = fields(client, path) | {"text": "Who answers for **this** letter?"}
    answer = client.post(f"{path}/preview", data=sent, headers={"HX-Request": "true"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<strong>this</strong>" in page
    assert 'name="version" value="2"' in page
    assert "Who answers for **this** letter?" in text_of(database, path)


def test_a_page_is_not_out_of_date_because_of_what_it_saved_itself(
    client: FlaskClient, draft: Draft
) -> None:
    path = question(draft)
    sent = fields(client, path)
    client.post(f"{path}/preview", data=sent | {"title": "One"})
    client.post(f"{path}/preview", data=sent | {"title": "Two"})
    assert send(client, path, sent | {"title": "Three"}).status_code == 303
    assert fields(client, path)["title"] == "Three"


def test_what_arrives_after_save_was_pressed_writes_nothing(
    client: FlaskClient, draft: Draft
) -> None:
    path = question(draft)
    sent = fields(client, path)
    send(client, path, sent | {"title": "The whole title"})
    late = client.post(f"{path}/preview", data=sent | {"title": "The who"})
    assert "while you were writing" in late.get_data(as_text=True)
    assert fields(client, path)["title"] == "The whole title"


def test_two_people_see_both_texts_and_lose_none(
    app: Flask, database: Database, client: FlaskClient, draft: Draft, ben: Person
) -> None:
    path = question(draft)
    other = client_of(app, ben)
    mine, theirs = fields(client, path), fields(other, path)
    send(other, path, theirs | {"text": "What Ben wrote"})
    answer = send(client, path, mine | {"text": "What Ada wrote"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert '<a href="#preview-title">See theirs and yours side by side</a>' in page
    assert "<del>What Ben wrote</del>" in page
    assert "<ins>What Ada wrote</ins>" in page
    assert ">\nWhat Ada wrote</textarea>" in page
    assert "What Ben wrote" in text_of(database, path)
    again = mine | {"text": "What Ada wrote", "version": "2"}
    assert send(client, path, again).status_code == 303
    assert "What Ben wrote" in client.get(path).get_data(as_text=True)  # under Earlier texts


def test_text_and_form_are_one(client: FlaskClient, database: Database, draft: Draft) -> None:
    path = question(draft)
    text = text_of(database, path).replace("The officer", "The signing officer")
    csrf = csrf_of(client, f"{path}/text")
    answer = client.post(f"{path}/text", data={"csrf_token": csrf, "text": text, "version": "1"})
    assert answer.status_code == 303
    assert fields(client, path)["options-1-text"] == "The signing officer"


def test_a_text_that_cannot_be_read_is_kept_with_the_line_named(
    client: FlaskClient, database: Database, draft: Draft
) -> None:
    path = question(draft)
    text = text_of(database, path).replace('format = "single-choice"', "format = single")
    csrf = csrf_of(client, f"{path}/text")
    client.post(f"{path}/text", data={"csrf_token": csrf, "text": text, "version": "1"})
    page = client.get(path, follow_redirects=True).get_data(as_text=True)
    assert "Line 4: This is not valid TOML" in page
    assert "format = single" in page


def test_a_circle_is_refused_on_the_page_with_its_path(client: FlaskClient, draft: Draft) -> None:
    skills = f"/author/drafts/{draft.id}/skills"
    csrf = csrf_of(client, skills)
    client.post(skills, data={"csrf_token": csrf, "act": "add", "title": "Say how to appeal"})
    ids = re.findall(r'id="row-([a-z2-7]+)"', client.get(skills).get_data(as_text=True))
    slugs = ("answer-for-it", "say-how-to-appeal")
    answers = []
    for own, other in ((0, 1), (1, 0)):
        path = f"{skills}/{ids[own]}"
        page = client.get(path).get_data(as_text=True)
        seen = re.findall(r'name="seen" type="hidden" value="([^"]+)"', page)[0]
        sent = {
            "csrf_token": csrf,
            "seen": seen,
            "title": "Answer for it" if own == 0 else "Say how to appeal",
            "prerequisites": slugs[other],
            "knows": "3",
            "learns": "2",
            "guesses": "2.5",
            "slips": "1",
        }
        answers.append(client.post(path, data=sent))
    assert [answer.status_code for answer in answers] == [303, 422]
    page = answers[1].get_data(as_text=True)
    assert "That would run in a circle" in page
    assert (
        "Answer for it → Say how to appeal" in page or "Say how to appeal → Answer for it" in page
    )


def test_a_skill_may_build_on_one_of_another_module(
    database: Database, client: FlaskClient, draft: Draft, ada: Person
) -> None:
    skills = f"/author/drafts/{draft.id}/skills"
    skill_id = re.findall(r'id="row-([a-z2-7]+)"', client.get(skills).get_data(as_text=True))[0]
    path, place = f"{skills}/{skill_id}", f"{MODULE_SLUG}/what-ai-is"
    page = client.get(path).get_data(as_text=True)
    assert f'value="{place}"' in page
    sent = {
        "csrf_token": csrf_of(client, path),
        "seen": re.findall(r'name="seen" type="hidden" value="([^"]+)"', page)[0],
        "title": "Answer for it",
        "builds_on": place,
        "knows": "3",
        "learns": "2",
        "guesses": "2.5",
        "slips": "1",
    }
    assert client.post(path, data=sent).status_code == 303
    with database.reader() as session:
        raw = drafts.find(session, draft.id, trainer=ada).raw
    assert raw is not None
    assert raw.skills[0].builds_on == (place,)
    assert "builds on 1 skill of other modules" in client.get(skills).get_data(as_text=True)
    review = client.get(f"/author/drafts/{draft.id}/review").get_data(as_text=True)
    assert place not in review
    assert "<ins>Tell what AI is and is not (" in review


def test_a_shared_module_is_copied_with_one_button(
    database: Database, client: FlaskClient, ada: Person
) -> None:
    path = f"/author/modules/{MODULE_SLUG}"
    answer = client.post(f"{path}/edit", data={"csrf_token": csrf_of(client, path)})
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "AI literacy for public servants" in page
    with database.reader() as session:
        assert (
            session.scalars(select(Module).where(Module.slug == MODULE_SLUG)).one().agency_id
            is None
        )
        acts = set(session.scalars(select(AuditEvent.act).where(AuditEvent.actor_id == ada.id)))
    assert {"draft-begun", "module-copied"} <= acts


def publish(database: Database, draft: Draft, ada: Person, ben: Person) -> None:
    database.transact(lambda s: reviewing.submit(s, draft.id, trainer=ada, at=now()))
    database.transact(
        lambda s: reviewing.decide(s, draft.id, trainer=ben, approve=True, note="", at=now())
    )
    database.transact(lambda s: releasing.publish(s, draft.id, trainer=ada, at=now()))


def in_programme(session: Session, draft: Draft, trainer: Person) -> tuple[Person, Person]:
    """Two learners enrolled in a programme of the draft's."""
    programme_id = programmes.create(session, "Letters", trainer=trainer, at=now())
    drafts.lock(session, draft.id, trainer=trainer).programme_id = programme_id
    agency = session.get_one(Agency, trainer.agency_id)
    cohort = Cohort(
        id=uuid.uuid4(),
        agency_id=agency.id,
        programme_id=programme_id,
        name="Newcomers",
        trainer_id=None,
        created_at=now(),
    )
    session.add(cohort)
    session.flush()
    one, other = (make_user(session, agency, Role.LEARNER, at=now()) for _ in range(2))
    for learner in (one, other):
        enrol(session, cohort, learner, at=now())
    return one, other


def test_a_retired_module_is_offered_to_nobody_new(
    app: Flask, database: Database, ada: Person, ben: Person, draft: Draft
) -> None:
    begun, new = database.transact(lambda s: in_programme(s, draft, ada))
    publish(database, draft, ada, ben)
    database.transact(lambda s: practice.begin(s, draft.module_id, learner=begun, at=now()))
    client, path = client_of(app, ada), f"/author/drafts/{draft.id}"
    sent = {"csrf_token": csrf_of(client, path), "act": "retire"}
    assert client.post(f"{path}/stage", data=sent).status_code == 303
    page = f"/learn/modules/{draft.slug}"
    assert client_of(app, begun).get(page).status_code == 200
    assert client_of(app, new).get(page).status_code == 404


def test_a_learner_finishes_the_revision_they_were_given(
    app: Flask, database: Database, ada: Person, ben: Person, draft: Draft
) -> None:
    learner, _ = database.transact(lambda s: in_programme(s, draft, ada))
    publish(database, draft, ada, ben)
    database.transact(lambda s: practice.begin(s, draft.module_id, learner=learner, at=now()))
    client, path = client_of(app, ada), question(draft)
    send(client, path, fields(client, path) | {"text": "Who answers for this one?"})
    publish(database, draft, ada, ben)
    page = client_of(app, learner).get(f"/learn/modules/{draft.slug}").get_data(as_text=True)
    assert "Who answers for it?" in page
    assert "Who answers for this one?" not in page


def test_a_wrong_key_is_put_right_and_told(
    app: Flask, database: Database, ada: Person, ben: Person, draft: Draft
) -> None:
    learner, _ = database.transact(lambda s: in_programme(s, draft, ada))
    client, path = client_of(app, ada), question(draft)
    send(client, path, fields(client, path) | {"right": "2"})
    publish(database, draft, ada, ben)
    database.transact(lambda s: practice.begin(s, draft.module_id, learner=learner, at=now()))
    assert answer_open(database, learner, at=now()) is not None
    send(client, path, fields(client, path) | {"right": "1"})
    publish(database, draft, ada, ben)
    page = client.get(f"{path}/regrade").get_data(as_text=True)
    assert learner.name not in page
    csrf = csrf_of(client, f"{path}/regrade")
    sent = {"csrf_token": csrf, "reason": "The tool was named."}
    assert client.post(f"{path}/regrade", data=sent).status_code == 303
    reader = client_of(app, learner)
    home = reader.get("/learn").get_data(as_text=True)
    assert "An answer key was wrong" in home
    assert "The tool was named." in home
    read = re.findall(r'action="(/learn/regrades/[^"]+)"', home)[0]
    reader.post(read, data={"csrf_token": csrf_of(reader, "/learn")})
    assert "An answer key was wrong" not in reader.get("/learn").get_data(as_text=True)
