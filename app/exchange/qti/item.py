"""One assessmentItem of QTI 2 or 3: a question, or its kind named with the reason."""

from collections.abc import Callable, Mapping

from app.exchange.drafting import Drafted, Unfit
from app.exchange.qti.asked import Asked
from app.exchange.qti.choices import read_choice
from app.exchange.qti.markup import NotTaken, Surroundings, item_named, no_passage, rich
from app.exchange.qti.orders import read_order
from app.exchange.qti.pairs import (
    read_associate,
    read_gap_match,
    read_inline_choices,
    read_match,
)
from app.exchange.qti.tree import Node
from app.exchange.qti.typed import read_typed
from app.exchange.result import Entry, Place, Question, Unsupported
from app.exchange.rich_text import Rich, TooMuch
from app.words import Sentence

_READERS: Mapping[str, Callable[[Asked, tuple[Rich, ...]], Drafted]] = {
    "choiceInteraction": read_choice,
    "hottextInteraction": read_choice,
    "inlineChoiceInteraction": read_choice,
    "textEntryInteraction": read_typed,
    "sliderInteraction": read_typed,
    "orderInteraction": read_order,
    "matchInteraction": read_match,
    "associateInteraction": read_associate,
    "gapMatchInteraction": read_gap_match,
}
_PROGRAM = Sentence("It runs a program of its own, and Cairn runs none from a file.")
_BECAUSE: Mapping[str, Sentence] = {
    "extendedTextInteraction": Sentence("A person marks what is written; Cairn marks by itself."),
    "uploadInteraction": Sentence("A person marks the file sent; Cairn marks by itself."),
    "drawingInteraction": Sentence("A person marks the drawing; Cairn marks by itself."),
    "mediaInteraction": Sentence("It plays sound or film, which Cairn has no place for."),
    "endAttemptInteraction": Sentence("It is a button and asks nothing."),
    "customInteraction": _PROGRAM,
    "portableCustomInteraction": _PROGRAM,
}
_MOST_GAPS, _MOST_PASSAGES = 26, 10
_ON_A_PICTURE = Sentence("It is answered on a picture, which Cairn has no format for.")


def read_item(item: Node, at: Surroundings, *, category: str = "") -> Entry:
    place = Place(at.file, item.line, item_named(item))
    title = item.get("title")
    try:
        kind, drafted = _drafted(item, at)
    except NotTaken as why:
        return Unsupported(place, why.kind, title, why.sentence)
    except (Unfit, TooMuch) as why:
        return Unsupported(place, ", ".join(_kinds(item)), title, why.sentence)
    return Question(
        place,
        kind,
        drafted.item,
        pictures=drafted.pictures,
        category=category,
        losses=drafted.losses,
    )


def interactions(item: Node) -> tuple[Node, ...]:
    body = item.child("itemBody")
    found = body.walk() if body is not None else ()
    return tuple(part for part in found if part.name.endswith("Interaction"))


def _kinds(item: Node) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i.name for i in interactions(item)))


def _drafted(item: Node, at: Surroundings) -> tuple[str, Drafted]:
    found = interactions(item)
    kinds = _kinds(item)
    _check_fixed(item, ", ".join(kinds) or "assessmentItem")
    passages = _passages(item, at)
    if len(found) > _MOST_GAPS:
        raise NotTaken(", ".join(kinds), _interactions(found))
    if len(found) > 1 and kinds == ("inlineChoiceInteraction",):
        return kinds[0], read_inline_choices([Asked(item, i, at) for i in found], passages)
    if not found:
        raise NotTaken(
            "assessmentItem", Sentence("It asks nothing: there is text and no interaction.")
        )
    if len(found) > 1:
        known = [kind for kind in kinds if kind not in _READERS]
        why = _why(known[0]) if known else Sentence("In Cairn an item asks one thing.")
        said = Sentence("%(first)s %(then)s", first=_interactions(found), then=why)
        raise NotTaken(", ".join(kinds), said)
    if kinds[0] not in _READERS:
        raise NotTaken(kinds[0], _why(kinds[0]))
    return kinds[0], _READERS[kinds[0]](Asked(item, found[0], at), passages)


def _interactions(found: tuple[Node, ...]) -> Sentence:
    return Sentence("It has %(count)d interactions.", count=len(found))


def _why(kind: str) -> Sentence:
    return _BECAUSE.get(kind, _ON_A_PICTURE)


def _check_fixed(item: Node, kind: str) -> None:
    if item.get("adaptive") in {"true", "1"}:
        raise NotTaken(kind, Sentence("It is adaptive: it changes with each attempt."))
    if item.child("templateDeclaration", "templateProcessing") is not None:
        raise NotTaken(kind, Sentence("It is a template: its text or answer changes each time."))


def _passages(item: Node, at: Surroundings) -> tuple[Rich, ...]:
    """Return the shared passages an item refers to, which are read before the question."""
    passages = []
    for reference in item.all("assessmentStimulusRef")[:_MOST_PASSAGES]:
        found = at.passage(reference.get("href"))
        if found is None:
            raise NotTaken("assessmentStimulusRef", no_passage(reference.get("href")))
        document, there = found
        passages.append(rich(document.first("stimulusBody") or document, there))
    return tuple(passages)
