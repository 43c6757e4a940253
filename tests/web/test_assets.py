"""Static files are sent lean, and mean the same."""

import gzip
import re
from pathlib import Path

import pytest

from app.config import REPOSITORY
from app.web.assets import compressed

STATIC = REPOSITORY / "app" / "static"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\s+")
AROUND_SIGNS = re.compile(r" ?([{};,]) ?")


def sent(file: Path, tmp_path: Path) -> str:
    return gzip.decompress(compressed(file, into=tmp_path).read_bytes()).decode()


def words(text: str) -> str:
    """The rules of a stylesheet, however they are spaced."""
    return AROUND_SIGNS.sub(r"\1", SPACE.sub(" ", COMMENT.sub(" ", text))).strip()


@pytest.mark.parametrize("name", ["app.css", "workshop.css"])
def test_a_stylesheet_loses_its_comments_and_nothing_else(name: str, tmp_path: Path) -> None:
    lean = sent(STATIC / name, tmp_path)
    assert "/*" not in lean
    assert words(lean) == words((STATIC / name).read_text())


def test_a_script_keeps_every_line_that_is_no_comment(tmp_path: Path) -> None:
    lines = [line.strip() for line in COMMENT.sub("", (STATIC / "app.js").read_text()).splitlines()]
    lean = sent(STATIC / "app.js", tmp_path)
    assert "/*" not in lean
    assert [line for line in lean.splitlines() if line] == [line for line in lines if line]


def test_what_others_made_is_sent_as_it_is(tmp_path: Path) -> None:
    (file,) = STATIC.glob("vendor/govuk-frontend-*/govuk-frontend.css")
    assert sent(file, tmp_path) == file.read_text()
