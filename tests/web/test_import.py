"""Importing through the door: looked at first, all of a file or nothing, nothing active let in."""

import base64
import html
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.clock import now
from app.db import Database
from app.models import ItemDraft, Role
from app.services.workshop import drafts
from app.services.workshop.drafts import Draft
from tests import workshop
from tests.people import Person, client_of, csrf_of, make_agency, make_user

GIFT = b"::First::Which?{=this#Yes, this one. ~that#No, not that. ~other}\n\n::Second::Essay?{}\n"
BROKEN = b"::First::Which?{=this ~that}\n\n::Second::Which?{=this ~that\n"
SCRIPT = b"[html]<p>Hi<script>alert(1)</script><img src=x onerror\\=alert(1)></p>{=a ~b}\n"


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
def draft(database: Database, ada: Person) -> Draft:
    return database.transact(
        lambda session: workshop.begin(session, ada, title="Letters", at=now())
    )


@pytest.fixture
def client(app: Flask, ada: Person) -> FlaskClient:
    return client_of(app, ada)


def look(
    client: FlaskClient, draft: Draft, content: bytes, name: str = "a.gift"
) -> tuple[int, str]:
    path = f"/author/drafts/{draft.id}/import"
    sent = {"csrf_token": csrf_of(client, path), "file": (io.BytesIO(content), name)}
    answer = client.post(path, data=sent, content_type="multipart/form-data")
    return answer.status_code, answer.get_data(as_text=True)


def keep(client: FlaskClient, draft: Draft, page: str) -> int:
    sent = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    skill = re.findall(r'<option value="([^"]+)"', page)[0]
    data = {name: html.unescape(value) for name, value in sent.items()}
    path = f"/author/drafts/{draft.id}/import"
    return client.post(path, data={**data, "skill": skill, "keep": "1"}).status_code


def items(database: Database) -> int:
    with database.reader() as session:
        return session.scalar(select(func.count()).select_from(ItemDraft)) or 0


def test_looking_adds_nothing_and_names_what_cannot_be_added(
    database: Database, client: FlaskClient, draft: Draft
) -> None:
    before = items(database)
    status, page = look(client, draft, GIFT)
    assert status == 200
    assert "First" in page
    assert "essay" in page
    assert "a.gift:3" in page
    assert items(database) == before


def test_what_was_looked_at_is_added_with_its_key_and_feedback(
    database: Database, client: FlaskClient, draft: Draft, ada: Person
) -> None:
    _, page = look(client, draft, GIFT)
    assert keep(client, draft, page) == 303
    with database.reader() as session:
        found = drafts.find(session, draft.id, trainer=ada)
    raw = next(item.raw for item in found.items if item.title == "First")
    assert raw is not None
    assert raw.answer == {
        "options": [
            {"text": "this", "correct": True, "feedback": "Yes, this one."},
            {"text": "that", "correct": False, "feedback": "No, not that."},
            {"text": "other", "correct": False, "feedback": ""},
        ]
    }


def test_a_file_with_a_fault_adds_nothing_and_names_the_line(
    database: Database, client: FlaskClient, draft: Draft
) -> None:
    before = items(database)
    status, page = look(client, draft, BROKEN)
    assert status == 422
    assert "a.gift:3" in page
    assert "The { of the answers has no }." in page
    assert "question can be added" not in page
    assert keep_anyway(client, draft, BROKEN) == 422
    assert items(database) == before


def keep_anyway(client: FlaskClient, draft: Draft, content: bytes) -> int:
    path = f"/author/drafts/{draft.id}/import"
    sent = {
        "csrf_token": csrf_of(client, path),
        "file": (io.BytesIO(content), "a.gift"),
        "keep": "1",
        "skill": draft.raw.skills[0].slug if draft.raw else "",
    }
    return client.post(path, data=sent, content_type="multipart/form-data").status_code


def test_nothing_active_comes_in(
    database: Database, client: FlaskClient, draft: Draft, ada: Person
) -> None:
    _, page = look(client, draft, SCRIPT)
    assert "<script>alert" not in page
    assert keep(client, draft, page) == 303
    with database.reader() as session:
        found = drafts.find(session, draft.id, trainer=ada)
    assert not any("script" in item.text or "onerror" in item.text for item in found.items)


def test_a_held_file_that_was_tampered_with_is_no_file(client: FlaskClient, draft: Draft) -> None:
    path = f"/author/drafts/{draft.id}/import"
    sent = {
        "csrf_token": csrf_of(client, path),
        "held": base64.b64encode(b"no zlib").decode(),
        "keep": "1",
    }
    assert client.post(path, data=sent).status_code == 422
