"""`flask content import` and `export`: whole files or nothing, and archives that come back."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.authoring import read_catalogue
from app.config import REPOSITORY

MODULE, SKILL = "ai-literacy-for-public-servants", "checking-outputs"
GIFT = "::First::Which?{=this#Yes. ~that ~other}\n\n::Second::Essay?{}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped content."""
    return _copy(REPOSITORY / "content", tmp_path / "content")


def _copy(source: Path, target: Path) -> Path:
    for path in source.rglob("*"):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    return target


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["content", *map(str, arguments)])


def test_a_check_prints_each_question_with_its_line(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.gift"
    file.write_text(GIFT, encoding="utf-8")
    done = run(app, "import", file, "--check")
    assert done.exit_code == 0
    assert "a.gift:1 (question 1): single-choice: First" in done.output
    assert "a.gift:3 (question 2): unsupported: essay: Second" in done.output
    assert "1 question understood, 1 unsupported, 0 faults" in done.output


def test_a_fault_fails_the_check_and_the_import(app: Flask, tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "a.gift"
    file.write_text(f"{GIFT}\nq{{=a\n", encoding="utf-8")
    before = files(folder)
    assert run(app, "import", file, "--check").exit_code == 1
    done = run(app, "import", file, "--content", folder, "--module", MODULE, "--skill", SKILL)
    assert done.exit_code == 1
    assert "a.gift:5" in done.output
    assert files(folder) == before


def test_imported_questions_are_drafts_that_stop_nothing(
    app: Flask, tmp_path: Path, folder: Path
) -> None:
    file = tmp_path / "a.gift"
    file.write_text(GIFT, encoding="utf-8")
    before = files(folder)
    done = run(app, "import", file, "--content", folder, "--module", MODULE, "--skill", SKILL)
    assert done.exit_code == 0, done.output
    new = files(folder).keys() - before.keys()
    assert new == {f"programmes/ai-ready-public-servant/{MODULE}/{SKILL}/first.md"}
    catalogue = read_catalogue(folder)
    assert {p.file for p in catalogue.warnings} >= new
    assert not [p for p in catalogue.errors if p.file in new]


def test_an_archive_comes_back_byte_for_byte(app: Flask, tmp_path: Path, folder: Path) -> None:
    archive, back = tmp_path / "all.zip", tmp_path / "back"
    assert run(app, "export", archive, "--format", "cairn", "--content", folder).exit_code == 0
    done = run(app, "import", archive, "--content", back)
    assert done.exit_code == 0, done.output
    assert files(back) == files(folder)
    again = tmp_path / "again.zip"
    assert run(app, "export", again, "--format", "cairn", "--content", back).exit_code == 0
    assert again.read_bytes() == archive.read_bytes()


def test_a_module_goes_alone_with_its_programme(app: Flask, tmp_path: Path, folder: Path) -> None:
    archive, back = tmp_path / "one.zip", tmp_path / "back"
    run(app, "export", archive, "--format", "cairn", "--module", MODULE, "--content", folder)
    assert run(app, "import", archive, "--content", back).exit_code == 0
    assert files(back) == {
        name: content
        for name, content in files(folder).items()
        if f"/{MODULE}/" in name or name.rpartition("/")[2].startswith("programme.")
    }


def test_an_archive_never_writes_over_other_content(
    app: Flask, tmp_path: Path, folder: Path
) -> None:
    archive = tmp_path / "all.zip"
    assert run(app, "export", archive, "--format", "cairn", "--content", folder).exit_code == 0
    changed = next(folder.rglob("module.toml"))
    changed.write_text("# mine\n", encoding="utf-8")
    before = files(folder)
    assert run(app, "import", archive, "--content", folder).exit_code == 2
    assert files(folder) == before


@pytest.mark.parametrize(
    ("format_", "ending"), [("gift", "gift"), ("moodle-xml", "xml"), ("csv", "csv")]
)
def test_a_shipped_module_is_understood_again(
    app: Flask, tmp_path: Path, format_: str, ending: str
) -> None:
    out = tmp_path / f"out.{ending}"
    done = run(app, "export", out, "--format", format_, "--module", MODULE)
    assert done.exit_code == 0, done.output
    checked = run(app, "import", out, "--check")
    assert checked.exit_code == 0
    assert " 0 unsupported, 0 faults" in checked.output
