"""The body of a QTI item brought to Markdown: pictures found, formulas typed, sound refused."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from app.exchange.package import Package
from app.exchange.qti.formulas import NoPlainText, formula_text
from app.exchange.qti.tree import Node, inner_html, node
from app.exchange.result import Telling
from app.exchange.rich_text import Rich, from_html, from_plain
from app.words import Sentence

# Turns an element that is not text (an interaction, a gap) into what stands in its place.
Place = Callable[[Node], tuple[Node | str, ...] | None]

_UNSEEN = frozenset(
    {
        *("modalFeedback", "feedbackInline", "feedbackBlock", "templateInline", "templateBlock"),
        *("stylesheet", "apipAccessibility", "catalogInfo", "companionMaterialsInfo"),
        *("label", "script", "style", "positionObjectStage"),
    }
)
_FILM = Sentence("A question with sound, film or another page has no place here.")
_REFUSED = {
    **{
        name: (name, _FILM)
        for name in ("audio", "video", "embed", "applet", "iframe", "mediaInteraction")
    },
    "svg": ("svg", Sentence("A drawing within the text has no place here.")),
    "printedVariable": (
        "templateDeclaration",
        Sentence("The question's text changes each time."),
    ),
}
_WRITTEN_AS = {
    **dict.fromkeys(("picture", "figure", "rubricBlock", "prompt", "infoControl"), "div"),
    "figcaption": "p",
}
_FILE_BASES = (
    "$IMS-CC-FILEBASE$",
    "$IMS_CC_FILEBASE$",
    "$IMS_CC_FILE_BASE$",
    "$1EdTech-CC-FILEBASE$",
)
_MOST_PASSAGES = 5
_PLAIN = re.compile(r"[^<>&$\\]*")
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/x-imsqti-html"})


class NotTaken(Telling):
    """A question that Cairn has no place for: its kind in the file's words, and why."""

    def __init__(self, kind: str, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.kind = kind


def item_named(item: Node) -> str:
    """Return the place of an item within its file, by the name the file gives it."""
    name = item.get("identifier") or item.get("ident")
    return Sentence("item %(name)s", name=name) if name else ""


class Surroundings:
    """The file a text stands in: where its pictures and shared passages are looked for."""

    def __init__(self, package: Package, file: str, load: Callable[[str], Node | None]) -> None:
        self.file = file
        self._package = package
        self._load = load
        self._passages = 0

    def path(self, reference: str) -> str | None:
        """Return the path of what an address leads to within the package, None when to nothing."""
        plain = unquote(reference.partition("#")[0].partition("?")[0]).strip()
        for base in _FILE_BASES:
            if plain.startswith(base):
                plain = plain.removeprefix(base).lstrip("/")
                return self._rooted(f"web_resources/{plain}") or self._rooted(plain)
        if not plain or plain.startswith("/") or "://" in plain:
            return None
        return self._package.beside(self.file, plain) or self._rooted(plain)

    def _rooted(self, path: str) -> str | None:
        return self._package.beside("", path)

    def picture(self, reference: str) -> bytes | None:
        path = self.path(reference)
        return self._package.read(path) if path is not None else None

    def passage(self, reference: str) -> "tuple[Node, Surroundings] | None":
        """Return another document of the package and where it stands, None when it is not there."""
        self._passages += 1
        if self._passages > _MOST_PASSAGES:
            said = Sentence("It refers to more than %(most)d passages.", most=_MOST_PASSAGES)
            raise NotTaken("object", said)
        path = self.path(reference)
        found = self._load(path) if path is not None and path != self.file else None
        if found is None or path is None:
            return None
        return found, Surroundings(self._package, path, lambda _: None)


def nothing_placed(_: Node) -> tuple[Node | str, ...] | None:
    return None


def rich(element: Node, at: Surroundings, placed: Place = nothing_placed) -> Rich:
    """Return the text of an element in Markdown; raise NotTaken for what no text can hold."""
    html = inner_html(element.with_parts(_parts(element, at, placed)))
    if _PLAIN.fullmatch(html):  # most options and feedback: no need to go by HTML
        return from_plain(" ".join(html.split()))
    return from_html(html, at.picture)


def _parts(element: Node, at: Surroundings, placed: Place) -> tuple[Node | str, ...]:
    return _all_said(element.parts, at, placed)


def _all_said(
    parts: tuple[Node | str, ...], at: Surroundings, placed: Place
) -> tuple[Node | str, ...]:
    found: list[Node | str] = []
    for part in parts:
        found += [part] if isinstance(part, str) else _said(part, at, placed)
    return tuple(found)


def _said(part: Node, at: Surroundings, placed: Place) -> tuple[Node | str, ...]:
    instead = placed(part)
    if instead is not None:
        return _all_said(instead, at, placed)
    if part.name in _UNSEEN or (part.name == "rubricBlock" and not is_for_learners(part)):
        return ()
    if part.name in _REFUSED:
        raise NotTaken(*_REFUSED[part.name])
    if part.name in {"math", "object", "include"}:
        return _embedded(part, at, placed)
    inner = _parts(part, at, placed)
    name = _WRITTEN_AS.get(part.name)
    if part.name == "contentBody":
        return inner
    if part.name == "q":
        return ("“", *inner, "”")
    return (node(name, *inner),) if name else (part.with_parts(inner),)


def _embedded(part: Node, at: Surroundings, placed: Place) -> tuple[Node | str, ...]:
    if part.name == "math":
        return (_formula(part),)
    if part.name == "object":
        return _object(part, at, placed)
    return _passage(part.get("href"), at, placed)


def is_for_learners(rubric: Node) -> bool:
    view = rubric.get("view").split()
    return not view or "candidate" in view


def _formula(math: Node) -> str:
    try:
        return formula_text(math)
    except NoPlainText as error:
        said = Sentence("A formula with %(part)s cannot be typed as text.", part=str(error))
        raise NotTaken("math", said) from error


def _object(part: Node, at: Surroundings, placed: Place) -> tuple[Node | str, ...]:
    kind, address = part.get("type").lower(), part.get("data")
    if kind in _HTML_TYPES:
        return _passage(address, at, placed)
    if kind.startswith("image/") or (not kind and address):
        words = part.get("aria-label") or part.get("title") or part.words()
        return (node("img", src=address, alt=words),)
    raise NotTaken(
        "object", Sentence("A question with %(kind)s has no place here.", kind=kind or "object")
    )


def no_passage(address: str) -> Sentence:
    return Sentence("The passage “%(address)s” is not in the package.", address=address)


def _passage(address: str, at: Surroundings, placed: Place) -> tuple[Node | str, ...]:
    """Return the text of a passage kept in a file of its own."""
    found = at.passage(address)
    if found is None:
        raise NotTaken("object", no_passage(address))
    document, there = found
    body = document.first("body", "stimulusBody") or document
    return (node("div", *_parts(body, there, placed)),)
