"""Which language a page speaks, and that the choice is kept."""

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.authoring import in_language
from app.clock import now
from app.db import Database
from app.models import User
from app.services.catalogue import shelf
from app.web.prose import plain
from tests import people
from tests.people import MODULE_SLUG, Person, client_of, csrf_of

FRENCH, ENGLISH = 'lang="fr" dir="ltr"', 'lang="en" dir="ltr"'
ARABIC = 'lang="ar" dir="rtl"'


@pytest.fixture
def learner(app: Flask) -> Person:
    database: Database = app.extensions["database"]
    found = people.make_learner(database, at=now())
    people.begin(database, found, at=now())
    return found


def page(client: FlaskClient, path: str = "/sign-in", *, asks: str = "") -> str:
    text: str = client.get(path, headers={"Accept-Language": asks}).get_data(as_text=True)
    return text


def choose(client: FlaskClient, language: str, *, back: str = "/sign-in") -> str:
    token = csrf_of(client, "/language")
    answer = client.post(
        "/language", data={"csrf_token": token, "language": language, "back": back}
    )
    assert answer.status_code == 303
    return str(answer.location)


@pytest.mark.parametrize(
    ("asks", "shown"),
    [
        ("", ENGLISH),
        ("fr", FRENCH),
        ("fr-CA,en;q=0.5", FRENCH),
        ("de,ar;q=0.8", ARABIC),
        ("de", ENGLISH),
        ("en,fr;q=0.9", ENGLISH),
    ],
)
def test_a_browser_is_answered_in_the_language_it_asks_for(
    app: Flask, asks: str, shown: str
) -> None:
    assert shown in page(app.test_client(), asks=asks)


def test_a_visitors_choice_outweighs_what_the_browser_asks(app: Flask) -> None:
    client = app.test_client()
    assert choose(client, "fr") == "/sign-in"
    assert FRENCH in page(client, asks="ar")
    assert "Se connecter" in page(client)


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "x", ""])
def test_a_choice_never_leads_elsewhere(app: Flask, back: str) -> None:
    assert choose(app.test_client(), "fr", back=back) == "/"


def test_a_language_there_is_not_changes_nothing(app: Flask) -> None:
    client = app.test_client()
    choose(client, "tlh")
    assert ENGLISH in page(client)


def test_a_choice_needs_its_token(app: Flask) -> None:
    assert app.test_client().post("/language", data={"language": "fr"}).status_code == 400


def test_a_public_page_is_kept_apart_by_language(app: Flask) -> None:
    answer = app.test_client().get("/cookies", headers={"Accept-Language": "fr"})
    assert FRENCH in answer.get_data(as_text=True)
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)
    assert "Set-Cookie" not in answer.headers


def test_the_page_to_choose_from_names_each_language_in_its_own_words(app: Flask) -> None:
    shown = page(app.test_client(), "/language?back=/cookies")
    for name in ("English", "Français", "العربية"):
        assert name in shown
    assert 'value="/cookies"' in shown


def test_a_signed_in_persons_choice_follows_them(app: Flask, learner: Person) -> None:
    choose(client_of(app, learner), "fr")
    with app.extensions["database"].reader() as session:
        assert session.scalar(select(User.language).where(User.id == learner.id)) == "fr"
    assert FRENCH in page(client_of(app, learner), "/learn")


def test_a_learner_reads_an_item_in_their_language(app: Flask, learner: Person) -> None:
    database: Database = app.extensions["database"]
    client = client_of(app, learner)
    choose(client, "fr")
    serving = people.open_serving(database, learner)
    assert serving is not None
    with database.reader() as session:
        written = shelf.document(session, serving.item_revision_id)
    shown = page(client, f"/learn/modules/{MODULE_SLUG}")
    assert plain(in_language(written, "fr").title) in unescape(shown)
    assert plain(written.title) not in unescape(shown)


def test_what_nobody_translated_says_which_language_it_is_in(app: Flask, learner: Person) -> None:
    database: Database = app.extensions["database"]
    client = client_of(app, learner)
    choose(client, "ar")
    serving = people.open_serving(database, learner)
    assert serving is not None
    with database.reader() as session:
        written = shelf.document(session, serving.item_revision_id)
    shown = page(client, f"/learn/modules/{MODULE_SLUG}")
    assert ARABIC in shown
    assert f'lang="en" dir="ltr">{written.title}</h2>' in unescape(shown)


def test_mastery_is_one_in_all_languages(app: Flask, learner: Person) -> None:
    """An answer given in French counts for the item, and its feedback is told in French."""
    database: Database = app.extensions["database"]
    client = client_of(app, learner)
    choose(client, "fr")
    serving = people.open_serving(database, learner)
    assert serving is not None
    with database.reader() as session:
        written = shelf.document(session, serving.item_revision_id)
    token = csrf_of(client, f"/learn/modules/{MODULE_SLUG}")
    answer = client.post(
        f"/learn/servings/{serving.id}/answer",
        data={"csrf_token": token, **people.right_fields(written, serving.seed)},
        follow_redirects=True,
    )
    assert answer.status_code == 200
    assert plain(in_language(written, "fr").title) in unescape(answer.get_data(as_text=True))
