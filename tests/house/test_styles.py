"""Every stylesheet obeys the house style, is sent to browsers, and styles what there is."""

import re
from pathlib import Path

import pytest

from app.config import REPOSITORY
from app.web.assets import IMPORT

APP = REPOSITORY / "app"
SENT = sorted((APP / "static").glob("*.css"))
PIECES = sorted((APP / "styles").rglob("*.css"))
MOST_LINES = 200
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CLASS = re.compile(r"\.([a-z][\w-]*)")
# GOV.UK's components bring their classes along, htmx its own.
OTHERS = ("govuk-", "htmx-")


def rules_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


def selectors_of(path: Path) -> str:
    return " ".join(re.findall(r"([^{};]+)\{", rules_of(path)))


def test_every_piece_is_sent_once() -> None:
    imported = [
        (sheet.parent / address.decode()).resolve()
        for sheet in SENT
        for address, _layer in IMPORT.findall(sheet.read_bytes())
    ]
    assert sorted(imported) == PIECES


@pytest.mark.parametrize("sheet", SENT, ids=lambda path: path.name)
def test_a_sheet_that_is_sent_is_a_list_of_pieces_alone(sheet: Path) -> None:
    """A rule between the imports would end them, as browsers read it."""
    said = COMMENT.sub("", IMPORT.sub(b"", sheet.read_bytes()).decode())
    assert re.sub(r"@layer [\w, ]+;", "", said).strip() == ""


def test_a_piece_is_short() -> None:
    long = {path.name: path.read_text().count("\n") for path in PIECES}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}


def test_no_rule_needs_force_or_ids() -> None:
    for path in PIECES:
        assert "!important" not in rules_of(path), path.name
        assert not re.search(r"#[a-z]", selectors_of(path)), path.name


def test_no_rule_knows_left_or_right() -> None:
    sides = re.compile(r"(?<![-\w])(?:(?:margin|padding|border)-)?(?:left|right)\s*:")
    assert [path.name for path in PIECES if sides.search(rules_of(path))] == []


def test_every_class_that_is_styled_stands_in_a_template_or_a_script() -> None:
    written = [path.read_text() for path in sorted((APP / "templates").rglob("*.html"))]
    written.append((APP / "static" / "app.js").read_text())
    named = re.findall(
        r"(?:class|classes|className)[\"']?\s*[:=]\s*[\"']([^\"']*)", "\n".join(written)
    )
    used = set(re.findall(r"[\w-]+", " ".join(named)))
    styled = {name for path in PIECES for name in CLASS.findall(selectors_of(path))}
    assert {name for name in styled - used if not name.startswith(OTHERS)} == set()
