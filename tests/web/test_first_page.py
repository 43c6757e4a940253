"""What a browser gets before anybody has signed in."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from app import create_app
from app.web.headers import ALWAYS, OF_DOCUMENTS
from tests.conftest import make_config

BUDGET = 60_000
PUBLIC = ("/cookies", "/privacy", "/accessibility", "/engine")


@pytest.fixture(scope="module")
def demo(sqlite_template: Path) -> Iterator[Flask]:
    app = create_app(make_config(sqlite_template.parent, demo=True))
    app.testing = True
    yield app
    app.extensions["database"].engine.dispose()


@pytest.fixture
def client(demo: Flask) -> FlaskClient:
    return demo.test_client()


def test_the_first_page_stays_within_its_budget(client: FlaskClient) -> None:
    page = client.get("/")
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.get_data(as_text=True))
    addresses.append("/static/vendor/govuk-frontend-6.3.0/govuk-frontend.js")  # app.js imports it
    files = [packed(client, url) for url in addresses]
    transferred = [len(str(headers)) + len(body) for headers, body in files]
    assert len(str(page.headers)) + len(page.data) + sum(transferred) <= BUDGET


def packed(client: FlaskClient, url: str) -> tuple[Headers, bytes]:
    """A static file as a browser fetches it, which closes it afterwards."""
    with client.get(url, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200
        return answer.headers, answer.data


def test_static_files_are_compressed_and_kept_for_ever(client: FlaskClient) -> None:
    url = re.findall(r'href="(/static/app.css[^"]+)"', client.get("/").get_data(as_text=True))[0]
    headers, body = packed(client, url)
    assert headers["Content-Encoding"] == "gzip"
    assert "immutable" in headers["Cache-Control"]
    rules = gzip.decompress(body)
    assert b"@layer reset" in rules
    assert b"@import" not in rules


def test_who_cannot_unpack_gets_the_stylesheet_whole(client: FlaskClient) -> None:
    with client.get("/static/app.css", headers={"Accept-Encoding": "identity"}) as answer:
        assert "Content-Encoding" not in answer.headers
        assert answer.content_type.startswith("text/css")
        assert b".masthead{" in answer.data


def test_static_files_carry_all_the_protection_that_is_heeded_on_them(client: FlaskClient) -> None:
    style, _ = packed(client, "/static/app.css")
    assert {name: style[name] for name in ALWAYS if name in style} == {
        name: value for name, value in ALWAYS.items() if name not in OF_DOCUMENTS
    }
    picture, _ = packed(client, "/static/favicon.svg")  # a browser opens it as a document
    assert {name: picture.get(name) for name in ALWAYS} == ALWAYS


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_may_be_kept_by_anybody(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("public")


def test_every_page_names_the_demo(client: FlaskClient) -> None:
    for path in ("/", "/sign-in", *PUBLIC, "/nowhere"):
        assert "made up" in client.get(path).get_data(as_text=True), path


def test_people_can_be_chosen_with_one_click(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert page.count('name="person"') == page.count("people-choice")


def test_signed_out_pages_do_without_htmx(client: FlaskClient) -> None:
    assert "htmx.js" not in client.get("/").get_data(as_text=True)
