"""What every answer carries, on success and on failure."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from app import create_app
from app.config import Config
from app.web.headers import ALWAYS
from tests.conftest import make_config

PATHS = ("/", "/sign-in", "/cookies", "/nowhere", "/learn", "/static/nothing.css", "/healthz")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(make_config(tmp_path_factory.mktemp("plain")))
    app.testing = True
    yield app
    app.extensions["database"].engine.dispose()


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_protected(plain: Flask, path: str) -> None:
    answer = plain.test_client().get(path)
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "Server" not in answer.headers


def test_the_policy_allows_nothing_unsafe() -> None:
    policy = ALWAYS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_only_public_pages_and_static_files_may_be_kept(plain: Flask) -> None:
    client = plain.test_client()
    for path in ("/", "/sign-in", "/learn", "/nowhere"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_https_is_remembered(sqlite_config: Config) -> None:
    app = create_app(replace(sqlite_config, base_url="https://learn.example.gov"))
    answer = app.test_client().get("/cookies", base_url="https://learn.example.gov")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    app.extensions["database"].engine.dispose()
