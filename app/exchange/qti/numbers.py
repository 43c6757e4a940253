"""A number to type, found by trying numbers: the one range that is right, and foreseen mistakes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.exchange.drafting import NumberAnswer
from app.exchange.qti.intervals import Span, Spans, centre
from app.exchange.qti.remarks import Shown, always, picked
from app.exchange.result import Telling
from app.exchange.rich_text import Rich
from app.words import Sentence

NEVER = "\N{REPLACEMENT CHARACTER}"  # an answer nobody foresaw
_MOST = 200
FAR = f"{Decimal(10) ** 14 + Decimal('0.123')}"  # a number nobody foresaw


class NoNumber(Telling):
    """Why no one number is right, as a sentence."""


@dataclass(frozen=True, slots=True)
class Found:
    """Answers, the right one first; what is said after any answer, and after an unforeseen one."""

    answers: tuple[NumberAnswer, ...]
    why: Rich
    otherwise: Rich
    is_open: bool


@dataclass(frozen=True, slots=True)
class Trying:
    """A question that numbers can be tried on. named: the number the file writes within a span."""

    score: Callable[[str], Decimal]
    shown: Callable[[str, bool], Shown]
    named: Callable[[Span], Decimal | None]
    texts: Sequence[Rich]


def find_numbers(regions: Iterable[Spans], trying: Trying) -> Found:
    """Return the right number and the mistakes its rules tell apart; raise NoNumber."""
    spans = [span for found in regions for span in found if span.is_finite]
    if len(spans) > _MOST:
        raise NoNumber(
            Sentence(
                "It names %(count)d numbers; %(most)d are the most.", count=len(spans), most=_MOST
            )
        )
    scores = _scored(spans, trying.score)
    best = max(scores.values(), default=Decimal(0))
    full = [span for span, score in scores.items() if score == best > 0]
    if not full:
        raise NoNumber(Sentence("The file does not say which number is right."))
    if len(full) > 1 or trying.score(FAR) >= best:
        raise NoNumber(Sentence("More than one range of numbers is right; in Cairn there is one."))
    right = full[0]
    shown = {span: trying.shown(_within(span, right), span == right) for span in scores}
    missed = trying.shown(FAR, False)
    common = always((*shown.values(), missed))
    answers = tuple(
        _answer(span, scores[span] / best, picked(trying.texts, shown[span] - common), trying)
        for span in sorted(scores, key=lambda span: span != right)
        if scores[span] > 0 or shown[span] - missed
    )
    return Found(
        answers=answers,
        why=picked(trying.texts, common),
        otherwise=picked(trying.texts, missed - common),
        is_open=right.is_open,
    )


def _scored(spans: Iterable[Span], score: Callable[[str], Decimal]) -> dict[Span, Decimal]:
    """Return what every span scores throughout, those within an equal one left out."""
    found = {span: min(map(score, _points(span))) for span in spans}
    return {
        span: worth
        for span, worth in found.items()
        if not any(_holds(other, span) and found[other] == worth > 0 for other in found)
    }


def _points(span: Span) -> tuple[str, ...]:
    ends = (() if span.low_open else (span.low,), () if span.high_open else (span.high,))
    return tuple(f"{n:f}" for n in ((span.low + span.high) / 2, *ends[0], *ends[1]))


def _within(span: Span, right: Span) -> str:
    """Return a number of a span, one that is not right where there is one."""
    points = _points(span)
    return next((n for n in points if not right.holds(Decimal(n))), points[0])


def _holds(large: Span, small: Span) -> bool:
    return large != small and large.low <= small.low and small.high <= large.high


def _answer(span: Span, weight: Decimal, feedback: Rich, trying: Trying) -> NumberAnswer:
    value, tolerance = centre(span, trying.named(span))
    return NumberAnswer(
        value=_written(value),
        tolerance=_written(tolerance),
        weight=weight,
        feedback=feedback,
    )


def _written(number: float) -> Decimal:
    """Return a number with no more digits than a person writes: 4, not 4.0."""
    return Decimal(f"{Decimal(repr(number)).normalize():f}")
