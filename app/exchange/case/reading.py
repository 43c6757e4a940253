"""A CASE 1.0 CFPackage, read to a framework; what its schema cannot see is checked here too.

The schema takes two items with one identifier, a child that is its own ancestor, and links that
lead nowhere.  None of them can be shown as a hierarchy, so each is refused with its place.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from app.authoring.entry import Entry, MalformedDocument
from app.exchange import limits
from app.exchange.case.framework import Framework, Statement
from app.exchange.result import Refused

MOST_STATEMENTS = 20_000
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INSIDE = frozenset({"isChildOf", "isPartOf", "isPeerOf", "precedes"})
_OUTSIDE = frozenset({"exactMatchOf", "isRelatedTo", "replacedBy", "exemplar", "hasSkillLevel"})
_MORE_OUTSIDE = frozenset({"isTranslationOf"})  # new in CASE 1.1
_CHILD = "isChildOf"


@dataclass(frozen=True, slots=True)
class _Item:
    identifier: str
    code: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Link:
    kind: str
    origin: str
    destination: str
    sequence: int | None
    place: str


def read_framework(content: bytes) -> Framework:
    """Return the framework of a CFPackage's JSON; raise Refused with what is wrong with it."""
    try:
        return _framework(_package(content))
    except MalformedDocument as error:
        raise Refused(f"This is no CASE framework: {error}.") from error


def _package(content: bytes) -> Entry:
    if len(content) > limits.FILE_BYTES:
        raise Refused(f"The file is larger than {limits.FILE_BYTES // limits.MEGABYTE} MB.")
    try:
        values = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused("The file is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        raise Refused(f"The file is not JSON: {error.msg}.", line=error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise Refused("The file is nested too deeply or holds a number too long.") from error
    return Entry(values)


def _framework(package: Entry) -> Framework:
    document = package.entry("CFDocument")
    identifier = _uuid(document, "CFDocument")
    for name in ("uri", "creator", "title", "lastChangeDateTime"):
        _text(document, name, "CFDocument")
    items = _items(package)
    if identifier in items:
        raise MalformedDocument(f"an item has the identifier of the document, {identifier}")
    links = _links(package)
    for link in links:
        _check_ends(link, items, identifier)
    return Framework(
        identifier=identifier,
        title=_text(document, "title", "CFDocument"),
        creator=_text(document, "creator", "CFDocument"),
        address=_text(document, "uri", "CFDocument"),
        statements=_hierarchy(items, links),
    )


def _items(package: Entry) -> dict[str, _Item]:
    rows = package.entries("CFItems") if package.has("CFItems") else ()
    if len(rows) > MOST_STATEMENTS:
        raise MalformedDocument(f"it holds more than {MOST_STATEMENTS:,} items")
    items: dict[str, _Item] = {}
    for number, row in enumerate(rows, start=1):
        place = f"CFItems {number}"
        identifier = _uuid(row, place)
        if identifier in items:
            raise MalformedDocument(f"{place} has the identifier of another item, {identifier}")
        for name in ("uri", "lastChangeDateTime"):
            _text(row, name, place)
        items[identifier] = _Item(
            identifier=identifier,
            code=_optional(row, "humanCodingScheme"),
            text=_text(row, "fullStatement", place),
            kind=_optional(row, "CFItemType"),
        )
    return items


def _links(package: Entry) -> list[_Link]:
    rows = package.entries("CFAssociations") if package.has("CFAssociations") else ()
    found = []
    for number, row in enumerate(rows, start=1):
        place = f"CFAssociations {number}"
        _uuid(row, place)
        kind = _text(row, "associationType", place)
        if kind not in _INSIDE | _OUTSIDE | _MORE_OUTSIDE and not kind.startswith("ext:"):
            raise MalformedDocument(f"{place} has the association type {kind}, which is not known")
        sequence = row.has("sequenceNumber") and row.raw("sequenceNumber") is not None
        found.append(
            _Link(
                kind=kind,
                origin=_end(row, "originNodeURI", place),
                destination=_end(row, "destinationNodeURI", place),
                sequence=row.whole("sequenceNumber") if sequence else None,
                place=place,
            )
        )
    return found


def _end(row: Entry, name: str, place: str) -> str:
    node = row.entry(name)
    _text(node, "uri", f"{place} {name}")
    return _text(node, "identifier", f"{place} {name}").lower()


def _check_ends(link: _Link, items: Mapping[str, _Item], document: str) -> None:
    """Refuse a link that leads nowhere; some kinds of link may lead to another framework."""
    here = [end in items or end == document for end in (link.origin, link.destination)]
    if link.kind in _INSIDE and not all(here):
        lost = link.origin if not here[0] else link.destination
        raise MalformedDocument(f"{link.place} ({link.kind}) leads to {lost}, which is not there")
    if not any(here):
        raise MalformedDocument(f"{link.place} ({link.kind}) joins two items that are not there")
    if link.kind == _CHILD and link.origin == document:
        raise MalformedDocument(f"{link.place} makes the document a child of one of its items")


def _hierarchy(items: Mapping[str, _Item], links: list[_Link]) -> tuple[Statement, ...]:
    """Return the items below their parents; one with two parents stands below the first."""
    _check_no_cycle(links)
    parents: dict[str, _Link] = {}
    for link in links:
        if link.kind == _CHILD:
            parents.setdefault(link.origin, link)
    order = {name: (_sequence(parents.get(name)), n) for n, name in enumerate(items)}
    below: dict[str, list[str]] = {}
    for name in sorted(items, key=lambda name: order[name]):
        above = parents.get(name)
        parent = above.destination if above is not None and above.destination in items else ""
        below.setdefault(parent, []).append(name)
    return _built(items, below)


def _built(items: Mapping[str, _Item], below: Mapping[str, list[str]]) -> tuple[Statement, ...]:
    """Return the statements, each made after its children: deep frameworks need no deep calls."""
    codes = Counter(item.code for item in items.values())
    order, waiting = list[str](), list(below.get("", ()))
    while waiting:
        name = waiting.pop()
        order.append(name)
        waiting += below.get(name, ())
    made: dict[str, Statement] = {}
    for name in reversed(order):
        item = items[name]
        made[name] = Statement(
            code=item.code if item.code and codes[item.code] == 1 else item.identifier,
            text=item.text,
            identifier=item.identifier,
            kind=item.kind,
            children=tuple(made[child] for child in below.get(name, ())),
        )
    return tuple(made[name] for name in below.get("", ()))


def _sequence(link: _Link | None) -> tuple[bool, int]:
    """Return what a child is sorted by: its number, and those without one after the others."""
    number = link.sequence if link is not None else None
    return (number is None, number or 0)


def _check_no_cycle(links: list[_Link]) -> None:
    above: dict[str, list[_Link]] = {}
    for link in links:
        if link.kind == _CHILD:
            above.setdefault(link.origin, []).append(link)
    left = dict.fromkeys(above, 0)  # 0 not seen, 1 on the way up, 2 done
    for start, links_up in above.items():
        path = [(start, iter(links_up))] if left[start] == 0 else []
        left[start] = left[start] or 1
        while path:
            name, upward = path[-1]
            step = next(upward, None)
            if step is None:
                left[name] = 2
                path.pop()
            elif left.get(step.destination) == 1:
                said = f"{step.place} makes {step.destination} its own ancestor"
                raise MalformedDocument(said)
            elif left.get(step.destination) == 0:
                left[step.destination] = 1
                path.append((step.destination, iter(above[step.destination])))


def _uuid(row: Entry, place: str) -> str:
    found = _text(row, "identifier", place)
    if not _UUID.fullmatch(found):
        raise MalformedDocument(f"{place} has the identifier {found!r}, which is no UUID")
    return found.lower()


def _text(row: Entry, name: str, place: str) -> str:
    try:
        text = row.text(name).strip()
    except MalformedDocument as error:
        raise MalformedDocument(f"{place}: {error}") from error
    if not text or _is_broken(text):
        raise MalformedDocument(f"{place}: {name} is empty or not readable")
    return text


def _optional(row: Entry, name: str) -> str:
    found = row.text_or_none(name) if row.has(name) else None
    return "" if found is None or _is_broken(found) else found.strip()


def _is_broken(text: str) -> bool:
    """Say whether a text holds half a character, which no database takes."""
    return any("\ud800" <= sign <= "\udfff" for sign in text)
