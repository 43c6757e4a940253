"""Alive, ready, measured: what a watcher sees and what a stranger does not."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from app import create_app
from app.config import Config
from app.models import Role
from tests.conftest import NOON, make_config
from tests.people import answer_open, begin, client_of, make_agency, make_learner, make_user

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}
HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
TOKEN = "a-token-for-the-watcher"


@contextmanager
def running(config: Config) -> Iterator[Flask]:
    application = create_app(config)
    yield application
    application.extensions["database"].engine.dispose()


def measured(text: str, name: str) -> float:
    return next(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    )


def test_ready_says_what_a_watcher_needs(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["ready"] is True
    assert answer.json["network"] is False
    assert answer.json["kind"] in {"SQLite", "PostgreSQL"}


def test_alive_asks_no_database(tmp_path: Path) -> None:
    nowhere = make_config(tmp_path / "missing")
    with running(nowhere) as app:
        assert app.test_client().get("/healthz").status_code == 200
        answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["ready"] is False


def test_a_database_server_that_is_away_is_not_ready(tmp_path: Path) -> None:
    away = make_config(tmp_path, "postgresql://nobody@127.0.0.1:1/nothing")
    with running(away) as app:
        assert app.test_client().get("/healthz").status_code == 200
        answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["reason"] == "The database does not answer."


def test_another_version_is_not_ready(sqlite_config: Config) -> None:
    with closing(sqlite3.connect(sqlite_config.home / "cairn.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with running(sqlite_config) as app:
        answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "9999" in answer.get_data(as_text=True)


def test_the_health_page_for_people_shows_the_flag(
    sqlite_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(sqlite_config) as app:
        client = app.test_client()
        monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 40, 1))
        flagged = client.get("/readyz", headers=HTML)
        monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 3))
        fine = client.get("/readyz", headers=HTML)
    assert flagged.mimetype == "text/html"
    assert "known fault" in flagged.get_data(as_text=True)
    assert "known fault" not in fine.get_data(as_text=True)


def test_a_stranger_learns_no_versions(sqlite_config: Config) -> None:
    public = replace(sqlite_config, base_url="https://learn.agency.example")
    with running(public) as app:
        client = app.test_client()
        answer = client.get("/readyz", environ_overrides=ELSEWHERE)
        page = client.get("/readyz", headers=HTML, environ_overrides=ELSEWHERE)
    assert answer.json == {"ready": True, "reason": ""}
    assert sqlite3.sqlite_version not in page.get_data(as_text=True)


def test_an_administrator_sees_the_details(sqlite_config: Config) -> None:
    with running(sqlite_config) as app:
        administrator = app.extensions["database"].transact(
            lambda session: make_user(
                session, make_agency(session, at=NOON), Role.ADMINISTRATOR, at=NOON
            )
        )
        answer = client_of(app, administrator).get("/readyz", environ_overrides=ELSEWHERE)
    assert answer.json is not None
    assert answer.json["version"] == sqlite3.sqlite_version


def test_measures_count_stored_responses(app: Flask) -> None:
    database = app.extensions["database"]
    learner = make_learner(database, at=NOON)
    begin(database, learner, at=NOON)
    for _ in range(3):
        answer_open(database, learner, at=NOON)
    text = app.test_client().get("/metrics").get_data(as_text=True)
    assert measured(text, "cairn_responses_total") == 3


def test_measures_count_requests_by_door_and_busy_answers(sqlite_config: Config) -> None:
    with running(sqlite_config) as app:
        client = app.test_client()
        client.get("/cookies")
        with closing(sqlite3.connect(sqlite_config.home / "cairn.db")) as other:
            other.execute("DROP TABLE alembic_version")
        client.get("/readyz")
        text = client.get("/metrics").get_data(as_text=True)
    assert 'endpoint="info.cookies"' in text
    assert 'endpoint="status.readyz"' not in text
    assert measured(text, "cairn_database_busy_total") == 0
    assert measured(text, "cairn_database_bytes") > 100_000
    assert measured(text, "cairn_wal_bytes") >= 0


@pytest.mark.parametrize(
    ("base_url", "proxies", "address", "token", "status"),
    [
        ("http://127.0.0.1:8000", 0, "127.0.0.1", "", 200),
        ("http://127.0.0.1:8000", 0, "203.0.113.9", "", 403),
        ("http://127.0.0.1:8000", 0, "203.0.113.9", TOKEN, 200),
        ("http://127.0.0.1:8000", 0, "203.0.113.9", "wrong", 403),
        ("https://learn.agency.example", 0, "127.0.0.1", "", 403),
        ("https://learn.agency.example", 0, "127.0.0.1", TOKEN, 200),
        ("https://learn.agency.example", 1, "127.0.0.1", "", 200),
    ],
)
def test_measures_are_for_this_machine_or_the_token(
    sqlite_config: Config,
    monkeypatch: pytest.MonkeyPatch,
    *,
    base_url: str,
    proxies: int,
    address: str,
    token: str,
    status: int,
) -> None:
    monkeypatch.setitem(os.environ, "CAIRN_METRICS_TOKEN", TOKEN)
    config = replace(sqlite_config, base_url=base_url, trusted_proxies=proxies)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with running(config) as app:
        answer = app.test_client().get(
            "/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": address}
        )
    assert answer.status_code == status


def test_without_a_configured_token_none_opens(
    sqlite_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CAIRN_METRICS_TOKEN", raising=False)
    with running(sqlite_config) as app:
        answer = app.test_client().get(
            "/metrics", headers={"Authorization": "Bearer "}, environ_overrides=ELSEWHERE
        )
    assert answer.status_code == 403
