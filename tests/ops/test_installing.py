"""The Makefile and the locks: what a fresh machine is told, and what it is given."""

import re
import shutil
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.config import REPOSITORY

LOCKS = sorted((REPOSITORY / ".locks").glob("*.txt"))
PIN = re.compile(
    r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\]+))?", re.MULTILINE
)


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the Makefile in a folder of its own."""
    for file in ("Makefile", "pyproject.toml"):
        shutil.copy(REPOSITORY / file, folder)
    shutil.copytree(REPOSITORY / ".locks", folder / ".locks", dirs_exist_ok=True)
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def pins(lock: Path) -> dict[str, str]:
    """The version this machine is given of every package in a lock."""
    found = {}
    for match in PIN.finditer(lock.read_text()):
        marker = match["marker"]
        requirement = Requirement(match["name"] + (f" ; {marker}" if marker else ""))
        if requirement.marker is None or requirement.marker.evaluate():
            found[match["name"]] = match["version"]
    return found


def project() -> dict[str, list[Requirement]]:
    described = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    extras = described["optional-dependencies"]
    return {
        "run": [Requirement(text) for text in described["dependencies"]],
        "dev": [Requirement(text) for text in [*described["dependencies"], *extras["dev"]]],
    }


def test_a_python_too_old_is_said_before_anything(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n')
    old.chmod(0o700)
    refused = make(tmp_path, "run", f"PYTHON={old}")
    assert refused.returncode == 2
    assert "needs Python 3.11 or newer, and found Python 3.9.2" in refused.stderr
    assert not (tmp_path / ".venv").exists()


def test_cleaning_leaves_the_data_folder(tmp_path: Path) -> None:
    kept = tmp_path / ".cairn" / "cairn.db"
    for folder in (".cairn", ".venv", ".mypy_cache", "app", "engine", "tests", "migrations"):
        (tmp_path / folder).mkdir()
    kept.write_text("people's work")
    assert make(tmp_path, "clean").returncode == 0
    assert kept.read_text() == "people's work"
    assert not (tmp_path / ".venv").exists()


def test_make_alone_says_what_there_is(tmp_path: Path) -> None:
    said = make(tmp_path).stdout
    assert [line.split()[1] for line in said.splitlines() if line.startswith("make ")] == [
        "run",
        "test",
        "check",
        "bench",
        "messages",
        "lock",
        "clean",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_pins_by_hash_and_names_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "index" not in text
    packages = [part for part in re.split(r"\n(?=\S)", text) if "==" in part]
    assert packages
    assert all("--hash=sha256:" in part for part in packages)


@pytest.mark.parametrize("extra", ["run", "dev"])
def test_a_lock_answers_what_the_project_asks_for(extra: str) -> None:
    found = pins(REPOSITORY / ".locks" / f"{extra}.txt")
    for asked in project()[extra]:
        name = canonicalize_name(asked.name)
        if name != "cairn-learning":
            assert asked.specifier.contains(found[name]), asked


@pytest.mark.parametrize("lock", ["run", "scale"])
def test_what_runs_is_what_was_tested(lock: str) -> None:
    tested = pins(REPOSITORY / ".locks" / "dev.txt")
    running = pins(REPOSITORY / ".locks" / f"{lock}.txt")
    assert running.items() <= tested.items()


def test_the_packages_here_are_those_of_the_lock() -> None:
    found = pins(REPOSITORY / ".locks" / "dev.txt")
    assert {name: version(name) for name in found} == found
