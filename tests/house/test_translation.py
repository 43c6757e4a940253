"""Every text people see is marked for translation, and the committed template holds them all."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from app.config import REPOSITORY
from app.web.acts import ACT_NAMES
from app.web.oversight.words import DETAIL_NAMES
from tests.house.extracting import extract

COMMITTED = REPOSITORY / "app" / "translations" / "messages.pot"
TEMPLATES = sorted((REPOSITORY / "app" / "templates").rglob("*.html"))
CODE = sorted((REPOSITORY / "app").rglob("*.py"))
# The terminal speaks English, and so does what it alone reads and writes of others' formats.
TERMINAL = {"cli", "case", "cmi5"}
WRITERS = set((REPOSITORY / "app" / "exchange").rglob("*writing*.py"))
SPEAKING = [path for path in CODE if not TERMINAL & set(path.parts) and path not in WRITERS]
SENTENCES = {"Sentence", "Invalid", "Refused", "TooMany", "UnreadableAnswer"}
SPOKEN = {"title", "alt", "placeholder", "aria-label", "aria-description", "data-label"}
NAMES = {"Cairn"}
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"])
MARKS = {"_", "gettext", "ngettext", "pgettext"}
NOT_DETAILS = {"actor", "at", "agency_id", "subject_id"}


def test_the_committed_template_is_current(tmp_path: Path) -> None:
    """After a change of words run `make messages` and commit what it writes."""
    fresh = tmp_path / "messages.pot"
    extract(fresh)
    assert fresh.read_text() == COMMITTED.read_text()


def test_no_message_runs_over_lines() -> None:
    """Indentation is taken out of templates, so such a message would not be found again."""
    assert "\\n" not in COMMITTED.read_text()


class _Literal(HTMLParser):
    """The words between and in the tags of a template."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._skipped = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipped = tag if tag in ("script", "style") else ""
        self.found += [value or "" for name, value in attrs if name in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        self._skipped = "" if tag == self._skipped else self._skipped

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.found.append(data)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.parent.name + "/" + path.name)
def test_a_template_writes_no_words_of_its_own(path: Path) -> None:
    tree = ENVIRONMENT.parse(path.read_text())
    # What an expression writes is a figure here: no letters, and tags stay whole around it.
    page = "".join(
        part.data if isinstance(part, nodes.TemplateData) else "0"
        for output in tree.find_all(nodes.Output)
        for part in output.nodes
    )
    words = [re.findall(r"[A-Za-z]{2,}", text) for text in _Literal(page).found]
    assert [word for found in words for word in found if word not in NAMES] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.parent.name + "/" + path.name)
def test_an_expression_writes_no_words_of_its_own(path: Path) -> None:
    tree = ENVIRONMENT.parse(path.read_text())
    marked = {
        id(part)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in MARKS
        for part in call.find_all(nodes.Const)
    }
    found = [
        part.value
        for part in tree.find_all(nodes.Const)
        if isinstance(part.value, str)
        and id(part) not in marked
        and re.match(r"[A-Z][a-z]|[a-z]+ [a-z]+( |$)", part.value)
    ]
    assert found == []


def _calls(path: Path, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def _makes_a_sentence(argument: ast.expr) -> bool:
    """Whether a call is given: of Sentence, or of a function that returns one; no str.format."""
    return isinstance(argument, ast.Call) and isinstance(argument.func, ast.Name)


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: path.parent.name + "/" + path.name)
def test_a_sentence_of_a_service_is_a_template(path: Path) -> None:
    """Values go in after translating: an f-string would be a new message with every value."""
    found = [
        ast.unparse(call)
        for call in _calls(path, SENTENCES)
        if call.args
        and not isinstance(call.args[0], ast.Name | ast.Attribute)
        and not _makes_a_sentence(call.args[0])
        and not (isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str))
        and path.name != "words.py"
    ]
    assert found == []


def _records() -> Iterator[tuple[Path, ast.Call]]:
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                yield path, node


def test_every_audit_event_has_its_words() -> None:
    acts, details = set(), set()
    for path, call in _records():
        module = import_module(".".join(path.relative_to(REPOSITORY).with_suffix("").parts))
        for keyword in call.keywords:
            if keyword.arg == "act" and isinstance(keyword.value, ast.Constant):
                acts.add(keyword.value.value)
            elif keyword.arg == "act" and hasattr(module, ast.unparse(keyword.value)):
                acts.add(getattr(module, ast.unparse(keyword.value)))
            elif (
                keyword.arg != "act" and keyword.arg not in NOT_DETAILS and keyword.arg is not None
            ):
                details.add(keyword.arg)
    assert acts - ACT_NAMES.keys() == set()
    assert details - DETAIL_NAMES.keys() == set()
