"""`python -m app.authoring` as an author meets it."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.authoring.__main__ import main

if TYPE_CHECKING:
    from tests.content.conftest import Folder

ROOT = Path(__file__).parents[2]
FILE = "programmes/good-records/keeping-records/filing/filing-single.md"


def test_sound_content_ends_well(folder: "Folder", capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder.root)]) == 0
    said = capsys.readouterr().out
    assert said == "1 programme, 1 module, 22 items read: 0 errors, 0 warnings.\n"


def test_an_error_is_one_line_with_file_line_and_rule(
    folder: "Folder", capsys: pytest.CaptureFixture[str]
) -> None:
    folder.edit("filing/filing-single.md", "correct = true", "correct = 1")
    assert main([str(folder.root)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert (
        f"{FILE}:16: valid-values: options 2: correct must be true or false, without quotes."
        in lines
    )
    assert lines[-1] == "1 programme, 1 module, 21 items read: 2 errors, 1 warning."


def test_warnings_do_not_fail(folder: "Folder", capsys: pytest.CaptureFixture[str]) -> None:
    folder.append("filing/filing-explanation.md", "word " * 200)
    assert main([str(folder.root)]) == 0
    assert ": warning: lesson-length: " in capsys.readouterr().out


def test_only_the_problems_asked_for_are_shown(
    folder: "Folder", capsys: pytest.CaptureFixture[str]
) -> None:
    folder.edit("filing/filing-single.md", "correct = true", "correct = 1")
    assert main([str(folder.root), "--only", "number"]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-m", "app.authoring", str(tmp_path / "nowhere")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == f"There is no folder {tmp_path / 'nowhere'}.\n"
