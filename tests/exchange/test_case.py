"""CASE frameworks: every fixture is read, every broken one refused, and ours keep the schema."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from app.authoring import Module, read_catalogue
from app.exchange import Refused
from app.exchange.case import read_framework, write_framework
from tests.exchange.fixtures import FIXTURES

FRAMEWORKS = sorted((FIXTURES / "case" / "frameworks").glob("*.json"))
SCHEMA = json.loads((FIXTURES / "case" / "case-v1p0-cfpackage-schema.json").read_text())
CONTENT = Path(__file__).parents[2] / "content"
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BASE = "https://learn.example.org"


@pytest.fixture(scope="module")
def modules() -> tuple[Module, ...]:
    return read_catalogue(CONTENT).modules


def test_every_framework_is_read() -> None:
    read = {path.stem: len(read_framework(path.read_bytes()).codes) for path in FRAMEWORKS}
    assert read == {
        "EmptyExternalFramework": 0,
        "ItemTypeTestFramework": 1,
        "MarkdownFramework": 2,
        "SmartLevelFramework": 14,
        "Utf8TestFramework": 1,
    }


def test_levels_and_order_are_kept() -> None:
    framework = read_framework(FRAMEWORKS[3].read_bytes())
    levels = [(depth, statement.text) for depth, statement in framework.walk()]
    assert levels[:2] == [(0, "Item 1"), (1, "Item 1.1")]
    assert [text for depth, text in levels if depth == 0] == ["Item 1", "Item 2"]
    assert [text for _, text in levels][10:12] == ["Item 1.10", "Item 2"]


def test_a_statement_has_its_authors_code_or_its_identifier() -> None:
    framework = read_framework(FRAMEWORKS[2].read_bytes())
    assert framework.codes == ("MD.Table", "MD.Math")
    assert read_framework(FRAMEWORKS[4].read_bytes()).codes[0].startswith("00000000-")


def test_characters_beyond_the_basic_plane_are_kept() -> None:
    framework = read_framework(FRAMEWORKS[4].read_bytes())
    assert framework.statements[0].text == "Item \U0001d451 1"


def test_what_we_write_keeps_the_schema(modules: tuple[Module, ...]) -> None:
    validator = Draft7Validator(SCHEMA, format_checker=FormatChecker())
    for module in modules:
        written = json.loads(write_framework(module, base=BASE, at=AT, others=modules))
        assert not list(validator.iter_errors(written))


def test_what_we_write_can_be_read(modules: tuple[Module, ...]) -> None:
    for module in modules:
        written = write_framework(module, base=BASE, at=AT)
        framework = read_framework(written.encode())
        assert framework.title == module.title
        assert framework.codes == tuple(skill.slug for skill in module.skills)
        assert [s.text for _, s in framework.walk()] == [skill.summary for skill in module.skills]


def test_prerequisites_precede_their_skill(modules: tuple[Module, ...]) -> None:
    written = json.loads(write_framework(modules[0], base=BASE, at=AT))
    found = {
        (link["originNodeURI"]["title"], link["destinationNodeURI"]["title"])
        for link in written["CFAssociations"]
        if link["associationType"] == "precedes"
    }
    titles = {skill.slug: skill.title for skill in modules[0].skills}
    wanted = {
        (titles[slug], skill.title)
        for skill in modules[0].skills
        for slug in skill.prerequisites
        if slug in titles
    }
    assert found == wanted


def test_a_skill_of_another_module_precedes_what_builds_on_it(modules: tuple[Module, ...]) -> None:
    """By the identifier that the skill has in the package of its own module."""
    ends = {
        f"{module.slug}/{item['humanCodingScheme']}": item["identifier"]
        for module in modules
        for item in json.loads(write_framework(module, base=BASE, at=AT))["CFItems"]
    }
    wanted, found = set(), set()
    for module in modules:
        written = json.loads(write_framework(module, base=BASE, at=AT, others=modules))
        own = {item["identifier"] for item in written["CFItems"]}
        found |= {
            (link["originNodeURI"]["identifier"], link["destinationNodeURI"]["identifier"])
            for link in written["CFAssociations"]
            if link["associationType"] == "precedes"
            and link["originNodeURI"]["identifier"] not in own
        }
        wanted |= {
            (ends[place], ends[f"{module.slug}/{skill.slug}"])
            for skill in module.skills
            for place in skill.builds_on
        }
    assert wanted
    assert found == wanted


def test_the_same_module_has_the_same_identifiers(modules: tuple[Module, ...]) -> None:
    one = write_framework(modules[0], base=BASE, at=AT)
    assert write_framework(modules[0], base=f"{BASE}/", at=AT) == one


def _uuid(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012d}"


def _item(number: int, **also: Any) -> dict[str, Any]:
    return {
        "identifier": _uuid(number),
        "uri": f"https://a.example/{number}",
        "fullStatement": f"Statement {number}",
        "lastChangeDateTime": "2026-01-01T00:00:00Z",
        **also,
    }


def _link(number: int, kind: str, origin: int, destination: int, **also: Any) -> dict[str, Any]:
    def end(name: int) -> dict[str, str]:
        return {"title": "-", "identifier": _uuid(name), "uri": f"https://a.example/{name}"}

    return {
        "identifier": _uuid(1000 + number),
        "uri": f"https://a.example/{1000 + number}",
        "associationType": kind,
        "originNodeURI": end(origin),
        "destinationNodeURI": end(destination),
        "lastChangeDateTime": "2026-01-01T00:00:00Z",
        **also,
    }


def _framework(items: list[Any], links: list[Any], **also: Any) -> bytes:
    document = {
        "identifier": _uuid(999),
        "uri": "https://a.example/999",
        "creator": "A",
        "title": "T",
        "lastChangeDateTime": "2026-01-01T00:00:00Z",
    }
    package = {"CFDocument": document, "CFItems": items, "CFAssociations": links, **also}
    return json.dumps(package).encode()


BROKEN = {
    "two items with one identifier": (_framework([_item(1), _item(1)], []), "another item"),
    "a link from nowhere": (_framework([_item(1)], [_link(1, "isChildOf", 2, 1)]), "not there"),
    "a link to nowhere": (_framework([_item(1)], [_link(1, "isChildOf", 1, 2)]), "not there"),
    "its own child": (_framework([_item(1)], [_link(1, "isChildOf", 1, 1)]), "own ancestor"),
    "a cycle": (
        _framework(
            [_item(1), _item(2), _item(3)],
            [_link(n, "isChildOf", n, n % 3 + 1) for n in (1, 2, 3)],
        ),
        "own ancestor",
    ),
    "a cycle beside a root": (
        _framework(
            [_item(1), _item(2), _item(3)],
            [_link(n, "isChildOf", a, b) for n, (a, b) in enumerate([(1, 999), (2, 3), (3, 2)])],
        ),
        "own ancestor",
    ),
    "an unknown kind": (_framework([_item(1)], [_link(1, "isUncleOf", 1, 1)]), "isUncleOf"),
    "no statement": (_framework([{**_item(1), "fullStatement": " "}], []), "fullStatement"),
    "no identifier": (_framework([{**_item(1), "identifier": "one"}], []), "no UUID"),
    "half a character": (_framework([_item(1, fullStatement="\ud800")], []), "not readable"),
    "no document": (b'{"CFItems": []}', "CFDocument is missing"),
    "a list": (b"[]", "expected a table"),
    "no JSON": (b"<xml/>", "not JSON"),
    "no text": (b"\xff\xfe\x00", "not UTF-8"),
    "deep": (b"[" * 200_000, "nested too deeply"),
    "items of another kind": (_framework([1], []), "expected a table"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_framework_is_refused_with_a_sentence(name: str) -> None:
    content, said = BROKEN[name]
    with pytest.raises(Refused, match=said) as refusal:
        read_framework(content)
    assert refusal.value.sentence.endswith(".")


def test_children_stand_by_their_numbers() -> None:
    links = [_link(n, "isChildOf", n, 999, sequenceNumber=10 - n) for n in (1, 2, 3)]
    framework = read_framework(_framework([_item(1), _item(2), _item(3)], links))
    assert [s.text for s in framework.statements] == ["Statement 3", "Statement 2", "Statement 1"]


def test_a_link_to_another_framework_is_no_fault() -> None:
    links = [_link(1, "exactMatchOf", 1, 77)]
    assert len(read_framework(_framework([_item(1)], links)).codes) == 1


def test_two_thousand_levels_are_read_without_deep_calls() -> None:
    items = [_item(n) for n in range(3_001, 5_001)]
    links = [_link(n, "isChildOf", n, n - 1) for n in range(3_002, 5_001)]
    framework = read_framework(_framework(items, links))
    assert max(depth for depth, _ in framework.walk()) == 1_999
