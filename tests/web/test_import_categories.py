"""A file's categories on the page of the import: each goes to the skill its trainer chose."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.authoring import RawItem
from app.clock import now
from app.db import Database
from app.models import Role
from app.services.workshop import drafts, outline, writing
from app.services.workshop.drafts import Draft
from tests import workshop
from tests.people import Person, client_of, csrf_of, make_agency, make_user
from tests.web.test_import import look

HERE, THERE = "answer-for-it", "keep-it-short"
SORTED = b"""$CATEGORY: $course$/top/Letters

::One::Which?{=this ~that}

$CATEGORY: $course$/top/Style & form

::Two::Which?{=this ~that}

::Three::Which?{=this ~other}
"""


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
    """A draft of two skills."""
    begun = database.transact(
        lambda session: workshop.begin(session, ada, title="Letters", at=now())
    )
    assert begun.raw is not None
    raw = outline.add_skill(begun.raw, "Keep it short")
    database.transact(
        lambda session: writing.change_module(
            session, begun.id, raw, trainer=ada, version=begun.version, at=now()
        )
    )
    return begun


@pytest.fixture
def client(app: Flask, ada: Person) -> FlaskClient:
    return client_of(app, ada)


def selects(page: str) -> dict[str, tuple[str, str]]:
    """The select of each category: its label -> its name and the value chosen."""
    found = re.findall(
        r'<label[^>]*for="(category_\w+)">\s*<bdi>(.*?)</bdi>.*?<select(.*?)</select>',
        page,
        re.DOTALL,
    )
    chosen = [re.findall(r'value="([^"]*)" selected', options) for _, _, options in found]
    return {
        html.unescape(label): (name, (value or [""])[0])
        for (name, label, _), value in zip(found, chosen, strict=True)
    }


def keep(client: FlaskClient, draft: Draft, page: str, chosen: dict[str, str]) -> int:
    held = re.findall(r'<input[^>]*name="(name|held)"[^>]*value="([^"]*)"', page)
    data = {name: html.unescape(value) for name, value in held}
    path = f"/author/drafts/{draft.id}/import"
    sent = {**data, "csrf_token": csrf_of(client, path), "skill": HERE, "keep": "1", **chosen}
    return client.post(path, data=sent).status_code


def skills(database: Database, draft: Draft, ada: Person) -> dict[str, tuple[str, ...]]:
    with database.reader() as session:
        items: list[RawItem] = [
            item.raw for item in drafts.find(session, draft.id, trainer=ada).items if item.raw
        ]
    return {item.title: item.skills for item in items if item.title in {"One", "Two", "Three"}}


def test_each_category_goes_to_its_skill_and_the_rest_to_the_one_above(
    database: Database, client: FlaskClient, draft: Draft, ada: Person
) -> None:
    _, page = look(client, draft, SORTED)
    asked = selects(page)
    assert {label: value for label, (_, value) in asked.items()} == {
        "Letters": "",
        "Style & form": "",
    }
    name, _ = asked["Style & form"]
    assert keep(client, draft, page, {name: THERE}) == 303
    assert skills(database, draft, ada) == {"One": (HERE,), "Two": (THERE,), "Three": (THERE,)}


def test_a_category_named_as_a_skill_is_taken_to_be_it(client: FlaskClient, draft: Draft) -> None:
    content = SORTED.replace(b"Style & form", b"Keep it short").replace(b"Letters", HERE.encode())
    _, page = look(client, draft, content)
    assert {value for _, value in selects(page).values()} == {HERE, THERE}


@pytest.mark.parametrize(
    "content",
    [
        SORTED.replace(b"$course$/top/Style & form", b"$course$/top/Letters"),
        re.sub(rb"\$CATEGORY.*", b"", SORTED),
    ],
)
def test_one_category_or_none_asks_nothing_more(
    client: FlaskClient, draft: Draft, content: bytes
) -> None:
    _, page = look(client, draft, content)
    assert "category_" not in page
    assert "Letters</bdi>" not in page


def test_very_many_categories_go_to_one_skill(client: FlaskClient, draft: Draft) -> None:
    content = "\n\n".join(f"$CATEGORY: c{n}\n\nWhich {n}?{{=this ~that}}" for n in range(60))
    _, page = look(client, draft, content.encode())
    assert "category_" not in page
    assert "60 categories" in page


def test_a_skill_that_is_none_adds_nothing(
    database: Database, client: FlaskClient, draft: Draft, ada: Person
) -> None:
    _, page = look(client, draft, SORTED)
    name, _ = selects(page)["Letters"]
    assert keep(client, draft, page, {name: "no-skill"}) == 200
    assert skills(database, draft, ada) == {}
