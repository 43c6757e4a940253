"""Items written as Moodle XML, their Markdown as it is and their pictures within."""

import base64
import re
from collections.abc import Callable, Mapping, Sequence

from lxml import etree

from app.authoring import RawItem
from app.authoring.rules.markup import markup_of
from app.exchange.writing import (
    FindPicture,
    Losses,
    Writer,
    Written,
    number,
    pictures_of,
    rows,
    said,
    table,
    weights,
    words,
)
from app.exchange.xml_text import Element

_KINDS = {
    "single-choice": "multichoice",
    "multiple-choice": "multichoice",
    "number": "numerical",
    "short-text": "shortanswer",
    "ordering": "ordering",
    "matching": "matching",
}
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FULL, _NONE = "100", "0"


def write(items: Sequence[RawItem], find: FindPicture) -> Written:
    """Return a Moodle XML file; what has no form there is left out and said."""
    losses = Losses()
    quiz, category = etree.Element("quiz"), ""
    for item in items:
        if item.format not in _KINDS:
            losses.note(item, f"Moodle has no question for {item.format}.")
            continue
        _note(item, losses, find)
        skill = item.skills[0] if item.skills else ""
        if skill != category:
            named = etree.SubElement(quiz, "question", type="category")
            _plain(etree.SubElement(named, "category"), f"$module$/top/{skill}")
            category = skill
        _question(quiz, item, find)
    content = etree.tostring(quiz, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return Written(content, tuple(losses.said))


def _note(item: RawItem, losses: Losses, find: FindPicture) -> None:
    losses.note_transfer(item)
    losses.note_further_skills(item)
    for picture in pictures_of(item):
        if find(picture) is None:
            losses.note(item, f"the picture {picture} is missing.")
    for name, what in (("pairs", "pairs"), ("steps", "steps")):
        if any(said(row, "feedback") for row in rows(item, name)):
            losses.note(item, f"feedback for {what} is left out.")


def _question(quiz: Element, item: RawItem, find: FindPicture) -> None:
    element = etree.SubElement(quiz, "question", type=_KINDS[item.format])
    _plain(etree.SubElement(element, "name"), item.title)
    _rich(element, "questiontext", item.text, find)
    _rich(element, "generalfeedback", item.explanation, find)
    _value(element, "defaultgrade", "1")
    _ANSWERS[item.format](element, item)
    for hint in item.hints:
        _rich(element, "hint", hint, find)


def _options(element: Element, item: RawItem) -> None:
    options = rows(item, "options")
    single = item.format == "single-choice"
    _value(element, "single", "true" if single else "false")
    _value(element, "shuffleanswers", "true")
    earned = [_FULL if o.get("correct") is True else _NONE for o in options]
    for option, weight in zip(options, earned if single else weights(options), strict=True):
        _answer(element, said(option, "text"), weight, said(option, "feedback"))


def _number(element: Element, item: RawItem) -> None:
    answer = table(item, "answer")
    _quantity(element, answer, _FULL, said(answer, "right"))
    for row in rows(item, "mistakes"):
        _quantity(element, row, _NONE, said(row, "feedback"))
    if said(answer, "otherwise"):
        _typed(element, "*", _NONE, said(answer, "otherwise"))
    if said(answer, "unit"):
        unit = etree.SubElement(etree.SubElement(element, "units"), "unit")
        _value(unit, "multiplier", "1")
        _value(unit, "unit_name", said(answer, "unit"))


def _quantity(element: Element, row: Mapping[str, object], weight: str, feedback: str) -> None:
    found = _typed(element, number(row, "value"), weight, feedback)
    _value(found, "tolerance", number(row, "tolerance"))


def _words(element: Element, item: RawItem) -> None:
    answer = table(item, "answer")
    _value(element, "usecase", "0")
    for word in words(answer, "accepted"):
        _typed(element, word, _FULL, said(answer, "right"))
    for row in rows(item, "mistakes"):
        for word in words(row, "accepted"):
            _typed(element, word, _NONE, said(row, "feedback"))
    if said(answer, "otherwise"):
        _typed(element, "*", _NONE, said(answer, "otherwise"))


def _steps(element: Element, item: RawItem) -> None:
    for place, row in enumerate(rows(item, "steps"), start=1):
        _answer(element, said(row, "text"), str(place), "")


def _pairs(element: Element, item: RawItem) -> None:
    _value(element, "shuffleanswers", "true")
    extra = item.answer.get("extra")
    others = [("", str(text)) for text in extra] if isinstance(extra, list) else []
    for left, right in [(said(r, "left"), said(r, "right")) for r in rows(item, "pairs")] + others:
        line = etree.SubElement(element, "subquestion", format="markdown")
        _plain(line, left)
        _plain(etree.SubElement(line, "answer", format="markdown"), right)


def _answer(element: Element, text: str, weight: str, feedback: str) -> None:
    found = etree.SubElement(element, "answer", fraction=weight, format="markdown")
    _plain(found, text)
    _plain(etree.SubElement(found, "feedback", format="markdown"), feedback)


def _typed(element: Element, text: str, weight: str, feedback: str) -> Element:
    found = etree.SubElement(element, "answer", fraction=weight, format="plain_text")
    _plain(found, text)
    _plain(etree.SubElement(found, "feedback", format="markdown"), feedback)
    return found


def _rich(element: Element, name: str, markdown: str, find: FindPicture) -> None:
    """Add a text with the pictures it shows; Moodle finds them under its own address."""
    found = etree.SubElement(element, name, format="markdown")
    held: dict[str, bytes] = {}
    for image in markup_of(markdown).images:
        content = find(image.address)
        if content is not None:
            held[image.address] = content
    for picture in held:
        markdown = markdown.replace(f"]({picture}", f"](@@PLUGINFILE@@/{picture}")
    _plain(found, markdown)
    for picture, content in held.items():
        file = etree.SubElement(found, "file", name=picture, path="/", encoding="base64")
        file.text = base64.b64encode(content).decode()


def _plain(element: Element, text: str) -> None:
    etree.SubElement(element, "text").text = _UNWRITABLE.sub("", text)


def _value(element: Element, name: str, text: str) -> None:
    etree.SubElement(element, name).text = _UNWRITABLE.sub("", text)


_ANSWERS: Mapping[str, Callable[[Element, RawItem], None]] = {
    "single-choice": _options,
    "multiple-choice": _options,
    "number": _number,
    "short-text": _words,
    "ordering": _steps,
    "matching": _pairs,
}

WRITER = Writer("moodle-xml", "Moodle XML", ".xml", write)
