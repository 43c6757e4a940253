"""A cmi5 course structure read, with the requirements of the specification that no schema sees.

The XSD takes relative ids, ids given twice and addresses that lead nowhere.  Each is refused here
with its line and the number of the requirement it breaks.
"""

import re
from decimal import Decimal
from urllib.parse import unquote, urlsplit

from app.exchange.cmi5.course import FILE, LAUNCH, MOVE_ON, NAMESPACE, Course, Part
from app.exchange.package import Package
from app.exchange.result import Refused
from app.exchange.xml_text import Element, local, parse_xml

_ROOT = "courseStructure"
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_UNFIT = re.compile(r"[\s<>\"{}|\\^`]")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_SCORE = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")


def read_course(package: Package) -> Course:
    """Return the course of a zip with cmi5.xml at its root, or of a cmi5.xml given by itself."""
    file = FILE if package.is_archive else next(iter(package.names))
    if file not in package:
        raise Refused(f"The archive has no {FILE} at its root (requirement 14.1.0.0-2).")
    root = parse_xml(package.read(file), file=file)
    return _Reading(package, file).course(root)


class _Reading:
    def __init__(self, package: Package, file: str) -> None:
        self._package = package
        self._file = file
        self._seen: dict[str, set[str]] = {"block": set(), "au": set()}
        self._objectives: list[str] = []

    def course(self, root: Element) -> Course:
        if root.tag != f"{{{NAMESPACE}}}{_ROOT}":
            raise self._refused(root, f"its first element is {local(root)}, not {_ROOT} of cmi5")
        children = _own(root)
        self._check_order(root, children, ("course", "objectives", *("au", "block")))
        course = self._one(root, "course")
        name, title = self._iri(course, course.get("id")), self._words(course)
        for objectives in (c for c in children if local(c) == "objectives"):
            self._read_objectives(objectives)
        parts = tuple(self._part(c) for c in children if local(c) in {"au", "block"})
        if not parts:
            raise self._refused(root, "it has no assignable unit")
        return Course(
            id=name,
            title=title,
            objectives=tuple(self._objectives),
            parts=parts,
        )

    def _read_objectives(self, group: Element) -> None:
        for found in _own(group):
            name = self._iri(found, found.get("id"))
            if name in self._objectives:
                raise self._refused(found, f"two objectives have the id {name}", "13.1.3.0-1")
            self._words(found)
            self._objectives.append(name)

    def _part(self, found: Element) -> Part:
        is_block = local(found) == "block"
        requirement = "13.1.2.0-1" if is_block else "13.1.4.0-1"
        name = self._id(found, local(found), requirement)
        title = self._words(found)
        self._check_references(found)
        if not is_block:
            return self._unit(found, name, title)
        inner = tuple(self._part(c) for c in _own(found) if local(c) in {"au", "block"})
        if not inner:
            raise self._refused(found, f"the block {name} has no assignable unit")
        return Part(name, title, "", "NotApplicable", inner)

    def _unit(self, found: Element, name: str, title: str) -> Part:
        move_on = found.get("moveOn", "NotApplicable")
        if move_on not in MOVE_ON:
            raise self._refused(found, f"moveOn must be one of {', '.join(MOVE_ON)}")
        if found.get("launchMethod", "AnyWindow") not in LAUNCH:
            raise self._refused(found, f"launchMethod must be one of {', '.join(LAUNCH)}")
        score = found.get("masteryScore")
        if score is not None and not _is_share(score):
            raise self._refused(found, f"masteryScore must lie between 0 and 1, got {score}")
        return Part(name, title, self._address(self._one(found, "url")), move_on)

    def _address(self, found: Element) -> str:
        """Return where a unit starts; raise when nothing can be started there."""
        address = (found.text or "").strip()
        if not address or _UNFIT.search(address):
            raise self._refused(found, f"the URL {address!r} is not valid", "13.1.4.0-2")
        parts = _split(address)
        if parts is None:
            raise self._refused(found, f"the URL {address!r} is not valid", "13.1.4.0-2")
        if parts[0]:
            if parts[0] not in {"http", "https"} or not parts[1]:
                raise self._refused(found, f"the URL {address!r} is not valid", "13.1.4.0-2")
            return address
        if not self._package.is_archive:
            said = f"the URL {address!r} is relative, and no archive comes with it"
            raise self._refused(found, said, "14.2.0.0-1")
        if self._package.beside(self._file, unquote(parts[2])) is None:
            said = f"the URL {address!r} leads to a file that is not in the archive"
            raise self._refused(found, said, "14.1.0.0-4")
        return address

    def _check_references(self, found: Element) -> None:
        for group in (c for c in _own(found) if local(c) == "objectives"):
            for reference in _own(group):
                if (reference.get("idref") or "") not in self._objectives:
                    said = (
                        f"it refers to the objective {reference.get('idref')}, which is not there"
                    )
                    raise self._refused(reference, said)

    def _id(self, found: Element, kind: str, requirement: str) -> str:
        name = self._iri(found, found.get("id"))
        if name in self._seen[kind]:
            raise self._refused(found, f"two elements {kind} have the id {name}", requirement)
        self._seen[kind].add(name)
        return name

    def _iri(self, found: Element, name: str | None) -> str:
        if not name or not _IRI.fullmatch(name):
            said = f"the id of {local(found)} must be a full IRI, got {name!r}"
            raise self._refused(found, said, "3.0.0.0-1")
        return name

    def _words(self, found: Element) -> str:
        """Return the title of an element; raise when its title or description is missing."""
        texts = [self._langstrings(self._one(found, name)) for name in ("title", "description")]
        return texts[0]

    def _langstrings(self, found: Element) -> str:
        strings = [c for c in _own(found) if local(c) == "langstring"]
        if not strings:
            raise self._refused(found, f"{local(found)} has no langstring")
        for string in strings:
            language = string.get("lang")
            if language is not None and not _LANGUAGE.fullmatch(language):
                raise self._refused(string, f"{language!r} is no language")
        return " ".join((strings[0].text or "").split())

    def _one(self, found: Element, name: str) -> Element:
        children = [c for c in _own(found) if local(c) == name]
        if len(children) != 1:
            raise self._refused(found, f"{local(found)} must have one {name}, got {len(children)}")
        return children[0]

    def _check_order(self, found: Element, children: list[Element], known: tuple[str, ...]) -> None:
        names = [local(child) for child in children]
        for child, name in zip(children, names, strict=True):
            if name not in known:
                raise self._refused(child, f"{name} is not known in {local(found)}")
        places = [min(known.index(name), 2) for name in names]
        if places != sorted(places):
            raise self._refused(found, "course, objectives and units must stand in this order")

    def _refused(self, found: Element, said: str, requirement: str = "") -> Refused:
        why = f" (requirement {requirement})" if requirement else ""
        line = found.sourceline or 0
        return Refused(f"{self._file} is no cmi5 course structure: {said}{why}.", line=line)


def _own(found: Element) -> list[Element]:
    """Return the children that are cmi5's own; others are extensions, which are passed over."""
    return [c for c in found if isinstance(c.tag, str) and c.tag.startswith(f"{{{NAMESPACE}}}")]


def _split(address: str) -> tuple[str, str, str] | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.scheme.lower(), parts.netloc, parts.path


def _is_share(score: str) -> bool:
    return _SCORE.fullmatch(score) is not None and 0 <= Decimal(score) <= 1
