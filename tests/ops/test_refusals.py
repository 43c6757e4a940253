"""What `flask start` refuses, each in a sentence with the way out, and nothing harmed."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from app.config import REPOSITORY, Config
from app.services.operations import backup
from tests.conftest import make_config
from tests.ops.processes import free_port


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    found = free_port()
    monkeypatch.setenv("PORT", str(found))
    return found


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    application = create_app(make_config(tmp_path))
    yield application
    application.extensions["database"].engine.dispose()


def start(app: Flask, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["start", *options])


@pytest.mark.parametrize("text", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none(empty: Flask, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    refused = start(empty)
    assert refused.exit_code == 2
    assert "PORT must be a number" in refused.output


@pytest.mark.usefixtures("port")
def test_a_file_that_is_no_database(empty: Flask, tmp_path: Path) -> None:
    (tmp_path / "cairn.db").write_text("these are my holiday notes\n" * 500)
    before = (tmp_path / "cairn.db").read_bytes()
    refused = start(empty)
    assert refused.exit_code == 2
    assert "no good backup" in refused.output
    assert (tmp_path / "cairn.db").read_bytes() == before


@pytest.mark.usefixtures("port")
def test_a_database_whose_restore_was_interrupted(empty: Flask, tmp_path: Path) -> None:
    path = tmp_path / "cairn.db"
    backup.restoring(path).write_bytes(b"")
    refused = start(empty)
    assert refused.exit_code == 2
    assert "flask restore" in refused.output
    assert not path.exists()


@pytest.mark.usefixtures("port")
def test_content_with_errors(sqlite_config: Config, tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(REPOSITORY / "content", content)
    item = next(content.rglob("*/*/*/*.md"))
    item.write_text("no front matter")
    app = create_app(replace(sqlite_config, content=content))
    refused = start(app)
    app.extensions["database"].engine.dispose()
    assert refused.exit_code == 2
    assert item.name in refused.output
    assert "flask content lint" in refused.output


@pytest.mark.usefixtures("port")
def test_the_demo_for_other_machines(sqlite_config: Config) -> None:
    app = create_app(replace(sqlite_config, demo=True))
    refused = start(app, "--host", "0.0.0.0")
    app.extensions["database"].engine.dispose()
    assert refused.exit_code == 2
    assert "CAIRN_DEMO" in refused.output
