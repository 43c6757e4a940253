"""Sets of numbers as spans: what a scoring rule accepts, read without trying answers."""

import re
from dataclasses import dataclass
from decimal import Decimal

from app.authoring.fields import GREATEST
from app.authoring.schema import DECIMALS

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_LONGEST = 60
_INFINITE = Decimal("Infinity")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Every number from low to high; an open end is not itself part of it."""

    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False

    @property
    def is_finite(self) -> bool:
        return self.low.is_finite() and self.high.is_finite()

    @property
    def is_open(self) -> bool:
        return self.low_open or self.high_open

    def holds(self, number: Decimal) -> bool:
        above = number > self.low if self.low_open else number >= self.low
        below = number < self.high if self.high_open else number <= self.high
        return above and below


Spans = tuple[Span, ...]
EVERYTHING: Spans = (Span(-_INFINITE, _INFINITE),)
NOTHING: Spans = ()


def read_decimal(text: str) -> Decimal | None:
    """Return the number a file writes, None when it is none or is too great to be typed."""
    tidy = text.strip().replace(",", ".") if text.count(",") == 1 and "." not in text else text
    tidy = tidy.strip()
    if len(tidy) > _LONGEST or not _NUMBER.fullmatch(tidy):
        return None
    value = Decimal(tidy)
    return None if abs(value) > GREATEST else value


def point(value: Decimal) -> Spans:
    return (Span(value, value),)


def around(value: Decimal, below: Decimal, above: Decimal) -> Spans:
    return (Span(value - abs(below), value + abs(above)),)


def from_(value: Decimal, *, is_open: bool) -> Spans:
    return (Span(value, _INFINITE, low_open=is_open),)


def up_to(value: Decimal, *, is_open: bool) -> Spans:
    return (Span(-_INFINITE, value, high_open=is_open),)


def both(one: Spans, other: Spans) -> Spans:
    """Return what is in both sets; each is in order, its spans apart."""
    met, left, right = list[Span](), list(one[::-1]), list(other[::-1])
    while left and right:
        found = _meet(left[-1], right[-1])
        met += [found] if found is not None else []
        (left if left[-1].high <= right[-1].high else right).pop()
    return either(tuple(met), NOTHING)


def either(one: Spans, other: Spans) -> Spans:
    """Return what is in one set or the other, spans that touch made one."""
    joined: list[Span] = []
    for span in sorted((*one, *other)):
        if joined and span.low <= joined[-1].high:
            joined[-1] = _join(joined[-1], span)
        else:
            joined.append(span)
    return tuple(joined)


def centre(span: Span, wanted: Decimal | None) -> tuple[float, float]:
    """Return the value and tolerance that cover the span; the wanted value where it is centred."""
    middle, half = (span.low + span.high) / 2, (span.high - span.low) / 2
    if wanted is not None and wanted == round(middle, DECIMALS):
        middle = wanted
    return float(round(middle, DECIMALS)), float(round(half, DECIMALS))


def _meet(one: Span, other: Span) -> Span | None:
    low, high = max(one.low, other.low), min(one.high, other.high)
    low_open = any(span.low_open for span in (one, other) if span.low == low)
    high_open = any(span.high_open for span in (one, other) if span.high == high)
    if low > high or (low == high and (low_open or high_open)):
        return None
    return Span(low, high, low_open, high_open)


def _join(one: Span, other: Span) -> Span:
    """Return the span of two that overlap; `one` starts first."""
    low_open = one.low_open and (other.low_open or other.low > one.low)
    if one.high == other.high:
        return Span(one.low, one.high, low_open, one.high_open and other.high_open)
    last = max(one, other, key=lambda span: span.high)
    return Span(one.low, last.high, low_open, last.high_open)
