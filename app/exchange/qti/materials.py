"""The texts of QTI 1.2: material in its many forms, brought to Markdown."""

import re
from collections.abc import Iterable

from app.exchange.qti.markup import NotTaken, Surroundings
from app.exchange.qti.remarks import joined
from app.exchange.qti.tree import Node, html_of, inner_html, node
from app.exchange.rich_text import Rich, from_html, from_plain
from app.words import Sentence

_TEXTS = frozenset({"mattext", "matemtext", "mat_formattedtext"})
_HTML = frozenset({"text/html", "html", "application/xhtml+xml", "smart_text"})
_UNPLAYED = frozenset({"mataudio", "matvideo", "matapplet", "matapplication"})
_ANSWERED = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")
_TAG = re.compile(r"<(?:p|br|div|span|img|strong|em|b|i|ul|ol|table)\b[^<>]*>", re.IGNORECASE)


def material(parts: Iterable[Node], at: Surroundings) -> Rich:
    """Return the text of materials, one after the other."""
    found = list(_texts(parts))
    if all(is_plain for _, is_plain in found):
        return joined_plain(text for text, _ in found)
    html = "".join(f"<div>{_as_html(text, is_plain=plain)}</div>" for text, plain in found)
    return from_html(html, at.picture)


def joined_plain(texts: Iterable[str]) -> Rich:
    return joined(from_plain(text) for text in texts if text.strip())


def question_text(presentation: Node, at: Surroundings, *, prompts: bool) -> Rich:
    """Return what is read before the answer. prompts: take the text within the responses too."""
    return material(_before(presentation, prompts=prompts), at)


def _before(part: Node, *, prompts: bool) -> Iterable[Node]:
    for child in part.children:
        if child.name == "material":
            yield child
        elif child.name in _ANSWERED:
            yield from child.all("material", "material_ref") if prompts else ()
        elif not child.name.startswith("render_"):
            yield from _before(child, prompts=prompts)


def _texts(parts: Iterable[Node]) -> Iterable[tuple[str, bool]]:
    for part in parts:
        if part.name in _TEXTS:
            yield _text(part)
        elif part.name == "matimage":
            yield _image(part), False
        elif part.name == "matbreak":
            yield "<br>", False
        elif part.name in _UNPLAYED:
            said = Sentence("A question with sound, film or a program has no place here.")
            raise NotTaken(part.name, said)
        else:
            yield from _texts(part.children)


def _text(part: Node) -> tuple[str, bool]:
    """Return a text and whether it is plain: as it says, or as its tags tell where it does not."""
    kind = part.get("texttype") or part.get("type")
    if part.children:
        return inner_html(part), False
    text = part.text()
    is_html = kind.lower() in _HTML or (not kind and _TAG.search(text) is not None)
    return text, not is_html


def _image(part: Node) -> str:
    words = part.get("label") or part.words()
    if part.get("embedded").lower() == "base64":
        data = f"data:{part.get('imagtype', 'image/png')};base64,{part.words()}"
        return html_of(node("img", src=data, alt=part.get("label")))
    return html_of(node("img", src=part.get("uri"), alt=words))


def _as_html(text: str, *, is_plain: bool) -> str:
    return html_of(text).replace("\n", "<br>") if is_plain else text
