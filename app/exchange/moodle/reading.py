"""Moodle XML questions as items of Cairn."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from app.exchange import drafting
from app.exchange.drafting import Answer, Drafted, NumberAnswer, Stem, Unfit
from app.exchange.moodle.texts import decimal, fraction, rich, rich_of, word
from app.exchange.package import Package
from app.exchange.pictures import NotAPicture, from_base64, picture_of
from app.exchange.question_title import title_of
from app.exchange.reader import Reader
from app.exchange.result import (
    Entry,
    Fault,
    Place,
    Question,
    Refused,
    Telling,
    Unsupported,
)
from app.exchange.rich_text import NOTHING, Rich, TooMuch
from app.exchange.xml_text import Element, local, parse_xml, root_name
from app.words import Sentence

_CATEGORY = "category"
# What Moodle puts there by itself; it says nothing that Cairn does not say.
_USUAL_FEEDBACK = frozenset(
    {
        "Your answer is correct.",
        "Your answer is partially correct.",
        "Your answer is incorrect.",
    }
)
_BY_A_PERSON = Sentence("It is marked by a person, and Cairn marks at once.")
_BY_FORMULA = Sentence("Its numbers come from a formula, and Cairn runs no formulas.")
_GAPS = Sentence("It has several gaps in one text. Ask for one thing at a time.")
_PLACES = Sentence("Its answer is a place on a picture.")
_BECAUSE: Mapping[str, Sentence] = {
    "essay": _BY_A_PERSON,
    "recordrtc": _BY_A_PERSON,
    "description": Sentence(
        "It asks nothing. Write it as a lesson, or into the questions it belongs to."
    ),
    "cloze": _GAPS,
    "multianswer": _GAPS,
    "ddwtos": _GAPS,
    "gapselect": _GAPS,
    "ddimageortext": _PLACES,
    "ddmarker": _PLACES,
    "calculated": _BY_FORMULA,
    "calculatedmulti": _BY_FORMULA,
    "calculatedsimple": _BY_FORMULA,
    "formulas": _BY_FORMULA,
    "stack": _BY_FORMULA,
    "random": Sentence("It stands for a question drawn by chance. Import those it draws from."),
    "randomsamatch": Sentence("It is made by chance from other questions. Import those."),
}
_NOT_KNOWN = Sentence("Cairn has no format for it.")


def recognises(package: Package) -> bool:
    if package.is_archive:
        return False
    return root_name(package.read(package.names[0])) == "quiz"


def read(package: Package) -> Iterator[Entry]:
    file = package.names[0]
    root = parse_xml(package.read(file), file=file)
    if local(root) != "quiz":
        raise Refused("This is no Moodle XML: its first element is not quiz.", line=1)
    category, number = "", 0
    for element in root:
        if local(element) != "question":
            continue
        if element.get("type") == _CATEGORY:
            category = word(element, "category/text")
            continue
        number += 1
        named = Sentence("question %(number)d", number=number)
        yield _entry(element, Place(file, element.sourceline or 0, named), category)


def _entry(element: Element, place: Place, category: str) -> Entry:
    kind = (element.get("type") or "").strip()
    if not kind:
        return Fault(place, Sentence("The question has no type."))
    name = word(element, "name/text")
    try:
        text = rich(element, "questiontext")
        title = title_of(name, text.page)
        draft = _DRAFTS.get(kind)
        if draft is None:
            return Unsupported(place, kind, title, _BECAUSE.get(kind, _NOT_KNOWN))
        drafted = draft(_stem(element, name, text), element)
    except (Unfit, TooMuch) as error:
        return Unsupported(place, kind, title_of(name, ""), error.sentence)
    except _Unclear as error:
        return Fault(place, error.sentence)
    return Question(
        place=place,
        kind=kind,
        item=drafted.item,
        pictures=drafted.pictures,
        category=category,
        tags=tuple(word(tag, "text") for tag in element.iterfind("tags/tag")),
        losses=drafted.losses,
    )


class _Unclear(Telling):
    """Something in the question cannot be understood."""


def _stem(element: Element, name: str, text: Rich) -> Stem:
    return Stem(
        title=name,
        text=_with_old_picture(element, text),
        hints=tuple(rich_of(hint) for hint in element.iterfind("hint")),
        why=rich(element, "generalfeedback"),
        losses=_lost_marks(element),
    )


def _with_old_picture(element: Element, text: Rich) -> Rich:
    """Return the text with the picture that Moodle 1.9 kept beside it."""
    content = from_base64(word(element, "image_base64"))
    if not content:
        return text
    try:
        picture = picture_of(content)
    except NotAPicture as why:
        said = why.said_of(word(element, "image"))
        return Rich(text.page, text.line, text.pictures, (*text.losses, said))
    page = "\n\n".join(part for part in (text.page, f"![]({picture.name})") if part)
    return Rich(page, text.line, (*text.pictures, picture), text.losses)


def _lost_marks(element: Element) -> tuple[Sentence, ...]:
    marks = decimal(word(element, "defaultgrade") or "1")
    if marks is None or marks == 1:
        return ()
    shown = f"{marks.normalize():f}"
    return (
        Sentence(
            "The question counted %(marks)s marks; in Cairn each question counts the same.",
            marks=shown,
        ),
    )


def _choice(stem: Stem, element: Element) -> Drafted:
    several = word(element, "single").lower() in {"false", "0"}
    found = [
        Answer(text=rich_of(row), weight=fraction(row), feedback=rich(row, "feedback"))
        for row in element.iterfind("answer")
    ]
    return drafting.choice(
        stem, _with_shared_feedback(found, element, several=several), several=several
    )


def _with_shared_feedback(
    answers: list[Answer], element: Element, *, several: bool
) -> list[Answer]:
    """Give options without feedback of their own the one that Moodle keeps for the question."""
    right, wrong = _shared(element, "correctfeedback"), _shared(element, "incorrectfeedback")
    best = max((answer.weight for answer in answers), default=Decimal(0))

    def said(answer: Answer) -> Rich:
        earns = answer.weight > 0 if several else answer.weight == best
        return answer.feedback or (right if earns else wrong)

    return [Answer(text=a.text, weight=a.weight, feedback=said(a)) for a in answers]


def _shared(element: Element, name: str) -> Rich:
    found = rich(element, name)
    return NOTHING if found.line in _USUAL_FEEDBACK else found


def _true_false(stem: Stem, element: Element) -> Drafted:
    answers = {word(row, "text").lower(): row for row in element.iterfind("answer")}
    if set(answers) != {"true", "false"}:
        raise _Unclear(Sentence("A true-false question needs the answers true and false."))
    if (fraction(answers["true"]) > 0) == (fraction(answers["false"]) > 0):
        raise Unfit(Sentence("Neither or both of true and false are right."))
    return drafting.true_false(
        stem,
        right=fraction(answers["true"]) > 0,
        when_true=rich(answers["true"], "feedback"),
        when_false=rich(answers["false"], "feedback"),
    )


def _short_text(stem: Stem, element: Element) -> Drafted:
    answers = [
        Answer(
            text=rich_of(row, usual="plain_text"),
            weight=fraction(row),
            feedback=rich(row, "feedback"),
        )
        for row in element.iterfind("answer")
    ]
    return drafting.short_text(stem, answers, as_typed=word(element, "usecase") in {"1", "true"})


def _number(stem: Stem, element: Element) -> Drafted:
    answers: list[NumberAnswer] = []
    otherwise = NOTHING
    for row in element.iterfind("answer"):
        typed = word(row, "text") or (row.text or "").strip()
        if typed == drafting.ANYTHING:
            otherwise = rich(row, "feedback")
            continue
        value = decimal(typed)
        margin = decimal(word(row, "tolerance") or word(element, "tolerance") or "0")
        if value is None or margin is None:
            raise _Unclear(
                Sentence("“%(typed)s” with its tolerance is no number.", typed=typed[:40])
            )
        answers.append(
            NumberAnswer(
                value=value,
                tolerance=abs(margin),
                weight=fraction(row),
                feedback=rich(row, "feedback"),
            )
        )
    unit, losses = _unit(element)
    whole = replace(stem, losses=(*stem.losses, *losses))
    return drafting.number(whole, answers, otherwise=otherwise, unit=unit)


def _unit(element: Element) -> tuple[str | None, tuple[Sentence, ...]]:
    """Return the unit that counts once, and what is said of the others."""
    units = {
        word(unit, "unit_name"): decimal(word(unit, "multiplier") or "1")
        for unit in element.iterfind("units/unit")
    }
    main = next((name for name, factor in units.items() if factor == 1), None)
    others = ", ".join(name for name in units if name != main)
    if not others:
        return main, ()
    said = Sentence("Cairn takes one unit; these are left out: %(units)s.", units=others)
    return main, (said,)


def _matching(stem: Stem, element: Element) -> Drafted:
    pairs: list[tuple[Rich, Rich]] = []
    extra: list[Rich] = []
    for row in element.iterfind("subquestion"):
        left, answer = rich_of(row), row.find("answer")
        right = NOTHING if answer is None else rich_of(answer, usual="plain_text")
        if not right:
            raise _Unclear(Sentence("A line to match has no answer."))
        if left or left.pictures:
            pairs.append((left, right))
        else:
            extra.append(right)
    return drafting.matching(stem, pairs, extra=extra)


def _ordering(stem: Stem, element: Element) -> Drafted:
    """Return the steps in the order of their fractions, where Moodle keeps their places."""
    rows = sorted(element.iterfind("answer"), key=fraction)
    if word(element, "selecttype") in {"1", "2"}:
        said = Sentence("Moodle showed some of the steps; the item asks for all of them.")
        stem = replace(stem, losses=(*stem.losses, said))
    return drafting.ordering(stem, [rich_of(row) for row in rows])


_DRAFTS: Mapping[str, Callable[[Stem, Element], Drafted]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short_text,
    "numerical": _number,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
}

READER = Reader("moodle-xml", "Moodle XML", recognises, read)
