"""Which numbers a scoring rule of QTI 2 and 3 accepts, as spans."""

from collections.abc import Iterator
from decimal import Decimal

from app.exchange.qti.expressions import rounding_half, tolerance
from app.exchange.qti.intervals import (
    EVERYTHING,
    NOTHING,
    Span,
    Spans,
    around,
    both,
    either,
    from_,
    point,
    read_decimal,
    up_to,
)
from app.exchange.qti.processing import Processing
from app.exchange.qti.tree import Node
from app.exchange.qti.values import Declaration, Unscorable
from app.words import Sentence

_MIRRORED = {"gt": "lt", "gte": "lte", "lt": "gt", "lte": "gte"}


def regions(processing: Processing, declared: Declaration) -> Iterator[Spans]:
    """Yield the numbers each condition of the item speaks of; scores say which are right."""
    if declared.correct:
        yield _points(declared, declared.correct)
    if declared.mapping is not None:
        for key, _, _ in declared.mapping.entries:
            yield _points(declared, (key,))
    for rule in processing.rules:
        for found in rule.walk():
            if found.name in {"responseIf", "responseElseIf"} and found.children:
                yield _region(found.children[0], declared)


def _points(declared: Declaration, texts: tuple[str, ...]) -> Spans:
    spans = NOTHING
    for text in texts:
        value = read_decimal(text)
        if value is None:
            said = Sentence("a right answer “%(answer)s” that is no number", answer=text)
            raise Unscorable(said, line=declared.line)
        spans = either(spans, point(value))
    return spans


def _region(condition: Node, declared: Declaration) -> Spans:
    match condition.name:
        case "and":
            spans: Spans = EVERYTHING
            for child in condition.children:
                spans = both(spans, _region(child, declared))
            return spans
        case "or":
            spans = NOTHING
            for child in condition.children:
                spans = either(spans, _region(child, declared))
            return spans
        case "isNull" | "null":
            return NOTHING
        case "not" if condition.child("isNull") is not None:
            return EVERYTHING
        case "not":
            return NOTHING  # outside of something: never what is asked for
        case "match" | "equal" | "equalRounded" | "gt" | "gte" | "lt" | "lte":
            return _compared(condition, declared)
        case _:
            raise Unscorable(condition.name, line=condition.line)


def _compared(condition: Node, declared: Declaration) -> Spans:
    names = [child.name == "variable" for child in condition.children]
    if sum(names) != 1 or len(names) != 2:  # noqa: PLR2004
        return NOTHING  # two constants, or a comparison with another variable
    if condition.children[names.index(True)].get("identifier") != declared.identifier:
        return NOTHING
    wanted = _constant(condition.children[names.index(False)], declared)
    called = condition.name if names[0] else _MIRRORED.get(condition.name, condition.name)
    is_open = called in {"gt", "lt"}
    if called in {"gt", "gte"}:
        return from_(wanted, is_open=is_open)
    if called in {"lt", "lte"}:
        return up_to(wanted, is_open=is_open)
    if called == "equalRounded":
        half = rounding_half(condition, wanted)  # half a unit is rounded away from zero
        away = wanted >= 0
        return (Span(wanted - half, wanted + half, low_open=not away, high_open=away),)
    return around(wanted, *tolerance(condition, wanted)) if called == "equal" else point(wanted)


def _constant(expression: Node, declared: Declaration) -> Decimal:
    text = expression.text() if expression.name == "baseValue" else ""
    if expression.name == "correct" and len(declared.correct) == 1:
        text = declared.correct[0]
    value = read_decimal(text)
    if value is None:
        said = Sentence("a comparison with %(name)s", name=expression.name)
        raise Unscorable(said, line=expression.line)
    return value
