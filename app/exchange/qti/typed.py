"""textEntryInteraction and sliderInteraction: a number or a short text in Cairn."""

from collections.abc import Iterator
from decimal import Decimal

from app.exchange.drafting import Answer, Drafted, NumberAnswer, number, short_text
from app.exchange.qti.asked import Asked, with_gap
from app.exchange.qti.intervals import Span, centre, read_decimal
from app.exchange.qti.markup import Place
from app.exchange.qti.regions import regions
from app.exchange.qti.remarks import Shown, always, picked
from app.exchange.qti.tree import Node, node
from app.exchange.qti.values import NUMERIC, Unscorable
from app.exchange.rich_text import Rich, from_plain

AS_TEXT = "cairn-short-text"  # our own mark: a text stays a text, though it looks like a number
_NEVER = "\N{REPLACEMENT CHARACTER}"  # an answer nobody foresaw
_FAR = Decimal(10) ** 14 + Decimal("0.123")
_MOST = 200


def read_typed(asked: Asked, passages: tuple[Rich, ...]) -> Drafted:
    declared = asked.declared
    if declared.cardinality != "single":
        raise asked.refuse(f"Its answer is {declared.cardinality}; in Cairn one text is typed.")
    try:
        if declared.base in NUMERIC:
            return _number(asked, passages)
        answers = _worth_something(asked)
        if AS_TEXT not in asked.interaction.get("class").split() and _one_number(answers):
            return _number(asked, passages)
        return _text(asked, answers, passages)
    except Unscorable as why:
        raise asked.refuse(f"Its scoring rule with {why.what} is not read.") from why


def _one_number(answers: dict[str, Decimal]) -> bool:
    """Say whether the right answers write one number, as 0.5 and .5 do."""
    full = [text for text, weight in answers.items() if weight == 1]
    return len({read_decimal(text) for text in full}) == 1 and read_decimal(full[0]) is not None


def _worth_something(asked: Asked) -> dict[str, Decimal]:
    """Return each answer the file names and what share of the best score it earns."""
    named = tuple(dict.fromkeys(text.strip() for text in _named(asked) if text.strip()))
    if len(named) > _MOST:
        raise asked.refuse(f"It names {len(named)} answers; {_MOST} are the most.")
    scores = {text: asked.score(text) for text in named}
    best = max(scores.values(), default=Decimal(0))
    if best <= 0:
        raise asked.refuse("The file does not say which answer is right.")
    return {text: score / best for text, score in scores.items()}


def _named(asked: Asked) -> Iterator[str]:
    yield from asked.declared.correct
    if asked.declared.mapping is not None:
        yield from (key for key, _, _ in asked.declared.mapping.entries)
    for rule in asked.processing.rules:
        for condition in rule.each("match", "stringMatch", "member", "equal"):
            yield from (value.text() for value in condition.each("baseValue"))


def _text(asked: Asked, answers: dict[str, Decimal], passages: tuple[Rich, ...]) -> Drafted:
    shown = {text: asked.shown(text, is_right=weight == 1) for text, weight in answers.items()}
    missed = asked.shown(_NEVER, is_right=False)
    common = always((*shown.values(), missed))
    made = [
        Answer(
            text=from_plain(text),
            weight=weight,
            feedback=picked(asked.texts, shown[text] - common),
        )
        for text, weight in answers.items()
        if weight > 0 or shown[text] - missed
    ]
    return short_text(
        asked.stem(
            picked(asked.texts, common), placed=with_gap(asked.interaction), passages=passages
        ),
        made,
        otherwise=picked(asked.texts, missed - common),
        as_typed=_case_counts(asked, answers),
    )


def _case_counts(asked: Asked, answers: dict[str, Decimal]) -> bool:
    """Say whether an answer in other letters, capital or small, would be wrong."""
    right = [text for text, weight in answers.items() if weight == 1]
    others = [other for text in right for other in (text.lower(), text.upper())]
    return any(asked.score(other) < asked.score(right[0]) for other in others)


def _number(asked: Asked, passages: tuple[Rich, ...]) -> Drafted:
    spans = _scored(asked)
    best = max(spans.values(), default=Decimal(0))
    if best <= 0:
        raise asked.refuse("The file does not say which number is right.")
    full = [span for span, score in spans.items() if score == best]
    if len(full) > 1 or not full[0].is_finite:
        raise asked.refuse("More than one range of numbers is right; in Cairn there is one.")
    if full[0].is_open:
        asked.losses.append("The ends of the range are now right too.")
    middle = (full[0].low + full[0].high) / 2
    shown = {
        span: asked.shown(str((span.low + span.high) / 2), is_right=span == full[0])
        for span in spans
        if span.is_finite
    }
    missed = asked.shown(str(_FAR), is_right=False)
    common = always((*shown.values(), missed))
    answers = [
        _answer(asked, span, score / best, shown[span] - common)
        for span, score in sorted(spans.items(), key=lambda pair: -pair[1])
        if span.is_finite and (score > 0 or shown[span] - missed)
    ]
    why = picked(asked.texts, common)
    _check_middle(asked, middle, best)
    return number(
        asked.stem(why, placed=_placed(asked), passages=passages),
        answers,
        otherwise=picked(asked.texts, missed - common),
    )


def _answer(asked: Asked, span: Span, weight: Decimal, shown: Shown) -> NumberAnswer:
    wanted = read_decimal(asked.declared.correct[0]) if asked.declared.correct else None
    value, tolerance = centre(span, wanted)
    return NumberAnswer(
        value=Decimal(repr(value)),
        tolerance=Decimal(repr(tolerance)),
        weight=weight,
        feedback=picked(asked.texts, shown),
    )


def _scored(asked: Asked) -> dict[Span, Decimal]:
    """Return every span the file speaks of with the score inside it, smaller ones swallowed."""
    found = {
        span: asked.score(str((span.low + span.high) / 2))
        for spans in regions(asked.processing, asked.declared)
        for span in spans
        if span.is_finite
    }
    return {
        span: score
        for span, score in found.items()
        if not any(_swallows(other, span) and found[other] == score for other in found)
    }


def _swallows(large: Span, small: Span) -> bool:
    return large != small and large.low <= small.low and small.high <= large.high


def _check_middle(asked: Asked, middle: Decimal, best: Decimal) -> None:
    """Refuse a number whose rules say something else than the spans read from them."""
    if asked.score(str(middle)) != best or asked.score(str(_FAR)) == best:
        raise asked.refuse("Its scoring rule is not read: other numbers earn full marks too.")


def _placed(asked: Asked) -> Place:
    if asked.kind != "sliderInteraction":
        return with_gap(asked.interaction)
    low, high = asked.interaction.get("lowerBound"), asked.interaction.get("upperBound")
    prompt = asked.interaction.child("prompt")
    asked.losses.append("The slider became a number to type.")

    def placed(part: Node) -> tuple[Node | str, ...] | None:
        if part is not asked.interaction:
            return None
        said = node("p", f"Type a number from {low} to {high}.")
        return (node("div", *prompt.parts), said) if prompt is not None else (said,)

    return placed
