"""Static files are sent lean, and mean the same."""

import gzip
import re
from pathlib import Path

import pytest

from app.config import REPOSITORY
from app.web.assets import compressed, kept, lean, whole
from app.web.views import _version

STATIC = REPOSITORY / "app" / "static"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\s+")
AROUND_SIGNS = re.compile(r" ?([{};,]) ?")


def sent(file: Path, tmp_path: Path) -> str:
    return gzip.decompress(compressed(lean(file), into=tmp_path).read_bytes()).decode()


def words(text: str) -> str:
    """The rules of a stylesheet, however they are spaced."""
    return AROUND_SIGNS.sub(r"\1", SPACE.sub(" ", COMMENT.sub(" ", text))).strip()


@pytest.mark.parametrize("name", ["app.css", "workshop.css"])
def test_a_stylesheet_loses_its_comments_and_nothing_else(name: str, tmp_path: Path) -> None:
    left = sent(STATIC / name, tmp_path)
    assert "/*" not in left
    assert words(left) == words(whole(STATIC / name).decode())


@pytest.mark.parametrize("name", ["app.css", "workshop.css"])
def test_a_stylesheet_is_sent_whole(name: str, tmp_path: Path) -> None:
    assert "@import" not in sent(STATIC / name, tmp_path)


def test_what_is_imported_stands_in_its_layer_where_it_was_imported(tmp_path: Path) -> None:
    (tmp_path / "first.css").write_text("a { color: red; }\n")
    (tmp_path / "second.css").write_text("b { color: red; }\n")
    sheet = tmp_path / "sheet.css"
    sheet.write_text(
        '@layer low, high;\n@import url("first.css") layer(high);\n'
        '@import url("second.css") layer(low);\n'
    )
    rules = "@layer low, high; @layer high{a{color: red;}}@layer low{b{color: red;}}"
    assert words(lean(sheet).decode()) == words(rules)


def test_who_cannot_unpack_gets_the_same_words(tmp_path: Path) -> None:
    content = lean(STATIC / "app.css")
    assert kept(content, into=tmp_path).read_bytes() == content


def test_a_piece_that_changes_changes_the_address_of_the_whole(tmp_path: Path) -> None:
    (tmp_path / "piece.css").write_text("a { color: red; }\n")
    sheet = tmp_path / "sheet.css"
    sheet.write_text('@import url("piece.css") layer(base);\n')
    before = _version(str(tmp_path), "sheet.css")
    _version.cache_clear()
    (tmp_path / "piece.css").write_text("a { color: blue; }\n")
    assert _version(str(tmp_path), "sheet.css") != before


def test_a_script_keeps_every_line_that_is_no_comment(tmp_path: Path) -> None:
    lines = [line.strip() for line in COMMENT.sub("", (STATIC / "app.js").read_text()).splitlines()]
    left = sent(STATIC / "app.js", tmp_path)
    assert "/*" not in left
    assert [line for line in left.splitlines() if line] == [line for line in lines if line]


def test_what_others_made_is_sent_as_it_is(tmp_path: Path) -> None:
    (file,) = STATIC.glob("vendor/govuk-frontend-*/govuk-frontend.css")
    assert sent(file, tmp_path) == file.read_text()
