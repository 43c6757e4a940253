"""Which kind of question an item of QTI 1.2 is, by its structure and by what its exporter says."""

from collections.abc import Callable, Mapping

from app.exchange.drafting import Drafted, Unfit
from app.exchange.qti.asi_forms import (
    read_choice,
    read_line,
    read_number,
    read_order,
    read_pairs,
    read_text,
)
from app.exchange.qti.asi_item import AsiItem, Response, kind_of
from app.exchange.qti.markup import NotTaken, Surroundings, item_named
from app.exchange.qti.tree import Node
from app.exchange.qti.values import Unscorable
from app.exchange.result import Entry, Place, Question, Unsupported
from app.exchange.rich_text import Rich, TooMuch
from app.words import Sentence

_ESSAY = Sentence("A person marks what is written; Cairn marks by itself.")
_PICTURE = Sentence("It is answered on a picture, which Cairn has no format for.")
_TEXT = Sentence("It is text to read and asks nothing.")
_SEVERAL_GAPS = Sentence("It has several gaps; in Cairn an item asks one thing.")
_BECAUSE: Mapping[str, Sentence] = {
    "essay_question": _ESSAY,
    "cc.essay.v0p1": _ESSAY,
    "file_upload_question": Sentence("A person marks the file sent; Cairn marks by itself."),
    "calculated_question": Sentence("Its numbers change each time."),
    "hot_spot_question": _PICTURE,
    "text_only_question": _TEXT,
    "fill_in_multiple_blanks_question": _SEVERAL_GAPS,
}
_NUMERIC_FIELDS = frozenset({"numerical_question", "Numeric"})
_NUMERIC_FILLS = frozenset({"decimal", "integer", "scientific"})


def read_asi_item(
    found: Node, at: Surroundings, *, passages: tuple[Rich, ...] = (), category: str = ""
) -> Entry:
    place = Place(at.file, found.line, item_named(found))
    title, kind = found.get("title"), kind_of(found)
    try:
        item = AsiItem(found, at, passages, kind)
        drafted = _drafted(item)
    except NotTaken as why:
        return Unsupported(place, why.kind, title, why.sentence)
    except (Unscorable, Unfit, TooMuch) as why:
        return Unsupported(place, kind, title, why.sentence)
    return Question(
        place,
        kind,
        drafted.item,
        pictures=drafted.pictures,
        category=category,
        losses=drafted.losses,
    )


def _drafted(item: AsiItem) -> Drafted:
    if item.kind in _BECAUSE:
        raise item.refuse(_BECAUSE[item.kind])
    if item.item.first("itemproc_extension") is not None and item.item.first("calculated"):
        raise item.refuse(_BECAUSE["calculated_question"])
    if not item.responses:
        raise item.refuse(_TEXT)
    if len(item.responses) > 1:
        return _several(item)
    response = item.responses[0]
    reader = _READERS.get(response.node.name)
    if reader is None:
        raise item.refuse(
            Sentence(
                "It is answered with %(name)s, which Cairn has no format for.",
                name=response.node.name,
            )
        )
    return reader(item, response)


def _several(item: AsiItem) -> Drafted:
    """Return several lists as a matching, where they are one."""
    text = item.question(prompts=False).line.replace("\\", "")
    names = [item.text(*r.node.all("material")).line.replace("\\", "") for r in item.responses]
    lists = all(r.node.name == "response_lid" for r in item.responses)
    if not lists or any(name and f"[{name}]" in text for name in names):
        raise item.refuse(_SEVERAL_GAPS)
    return read_pairs(item)


def _lid(item: AsiItem, response: Response) -> Drafted:
    if response.node.first("render_hotspot") is not None:
        raise item.refuse(_PICTURE)
    if response.cardinality == "ordered":
        return read_order(item, response)
    if response.node.all("material") and item.question(prompts=False):
        return read_line(item, response)
    return read_choice(item, response)


def _str(item: AsiItem, response: Response) -> Drafted:
    fill = response.node.first("render_fib")
    kind = fill.get("fibtype").lower() if fill is not None else ""
    if response.node.first("render_fib") is None:
        raise item.refuse(Sentence("It is answered in a way that Cairn has no format for."))
    if kind in _NUMERIC_FILLS or item.kind in _NUMERIC_FIELDS:
        return read_number(item, response)
    if len(response.labels) > 1:
        raise item.refuse(_SEVERAL_GAPS)
    if not item.scoring.named(response.ident):
        raise item.refuse(_ESSAY)
    return read_text(item, response)


def _num(item: AsiItem, response: Response) -> Drafted:
    return read_number(item, response)


_READERS: Mapping[str, Callable[[AsiItem, Response], Drafted]] = {
    "response_lid": _lid,
    "response_str": _str,
    "response_num": _num,
}
