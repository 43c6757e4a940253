"""Items written as GIFT, with their Markdown as it is."""

import re
from collections.abc import Callable, Mapping, Sequence

from app.authoring import RawItem
from app.exchange.writing import (
    FindPicture,
    Losses,
    Writer,
    Written,
    number,
    rows,
    said,
    table,
    weights,
    words,
)

_CONTROL = re.compile(r"([\\~=#{}:])")
_FORM = "[markdown]"


def write(items: Sequence[RawItem], _find: FindPicture) -> Written:
    """Return a GIFT file; what has no form in GIFT is left out and said."""
    losses = Losses()
    questions, category = [], ""
    for item in items:
        answers = _ANSWERS.get(item.format)
        if answers is None:
            losses.note(item, f"GIFT has no form for {item.format}.")
            continue
        _note(item, losses)
        skill = item.skills[0] if item.skills else ""
        if skill != category:
            questions.append(f"$CATEGORY: {skill}")
            category = skill
        questions.append(_question(item, answers(item)))
    return Written(("\n\n".join(questions) + "\n").encode(), tuple(losses.said))


def _note(item: RawItem, losses: Losses) -> None:
    losses.note_transfer(item)
    losses.note_further_skills(item)
    losses.note_pictures(item)
    if item.hints:
        losses.note(item, "hints are left out.")
    if said(table(item, "answer"), "unit"):
        losses.note(item, "the unit is left out.")
    if any(said(row, "feedback") for row in rows(item, "pairs")):
        losses.note(item, "feedback for pairs is left out.")


def _question(item: RawItem, answers: list[str]) -> str:
    if item.explanation:
        answers = [*answers, f"####{_escaped(item.explanation)}"]
    inner = "\n".join(f"\t{answer}" for answer in answers)
    return f"::{_escaped(item.title)}::{_FORM}{_escaped(item.text)}{{\n{inner}\n}}"


def _options(item: RawItem) -> list[str]:
    options = rows(item, "options")
    if item.format == "single-choice":
        marks = ["=" if option.get("correct") is True else "~" for option in options]
    else:
        marks = [f"~%{weight}%" for weight in weights(options)]
    return [f"{mark}{_text(o, 'text')}" for mark, o in zip(marks, options, strict=True)]


def _numbers(item: RawItem) -> list[str]:
    answer = table(item, "answer")
    wrong = [f"=%0%{_span(row)}{_feedback(row, 'feedback')}" for row in rows(item, "mistakes")]
    rest = [f"~{_feedback(answer, 'otherwise')}"] if said(answer, "otherwise") else []
    return ["#", f"={_span(answer)}{_feedback(answer, 'right')}", *wrong, *rest]


def _span(row: Mapping[str, object]) -> str:
    return f"{number(row, 'value')}:{number(row, 'tolerance')}"


def _words(item: RawItem) -> list[str]:
    answer = table(item, "answer")
    right = [f"={_escaped(w)}{_feedback(answer, 'right')}" for w in words(answer, "accepted")]
    wrong = [
        f"=%0%{_escaped(word)}{_feedback(row, 'feedback')}"
        for row in rows(item, "mistakes")
        for word in words(row, "accepted")
    ]
    rest = [f"=%0%*{_feedback(answer, 'otherwise')}"] if said(answer, "otherwise") else []
    return [*right, *wrong, *rest]


def _pairs(item: RawItem) -> list[str]:
    pairs = [
        f"={_escaped(said(row, 'left'))} -> {_escaped(said(row, 'right'))}"
        for row in rows(item, "pairs")
    ]
    extra = item.answer.get("extra")
    others = [str(text) for text in extra] if isinstance(extra, list) else []
    return [*pairs, *(f"= -> {_escaped(text)}" for text in others)]


def _text(row: Mapping[str, object], name: str) -> str:
    return f"{_escaped(said(row, name))}{_feedback(row, 'feedback')}"


def _feedback(row: Mapping[str, object], name: str) -> str:
    text = said(row, name)
    return f"#{_escaped(text)}" if text else ""


def _escaped(text: str) -> str:
    return _CONTROL.sub(r"\\\1", text).replace("\n", "\\n")


_ANSWERS: Mapping[str, Callable[[RawItem], list[str]]] = {
    "single-choice": _options,
    "multiple-choice": _options,
    "number": _numbers,
    "short-text": _words,
    "matching": _pairs,
}

WRITER = Writer("gift", "Moodle GIFT", ".gift", write)
