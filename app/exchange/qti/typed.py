"""textEntryInteraction and sliderInteraction: a number or a short text in Cairn."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from app.exchange.drafting import Answer, Drafted, number, short_text
from app.exchange.qti.asked import AS_TEXT, UNIT, Asked, with_gap
from app.exchange.qti.intervals import read_decimal
from app.exchange.qti.markup import Place
from app.exchange.qti.numbers import NEVER, NoNumber, Trying, find_numbers
from app.exchange.qti.regions import regions
from app.exchange.qti.remarks import always, picked
from app.exchange.qti.too_many import too_many_answers
from app.exchange.qti.tree import Node, node
from app.exchange.qti.values import NUMERIC, Unscorable
from app.exchange.rich_text import Rich, from_plain
from app.words import Sentence

_MOST = 200


def read_typed(asked: Asked, passages: tuple[Rich, ...]) -> Drafted:
    declared = asked.declared
    if declared.cardinality != "single":
        raise asked.refuse(
            Sentence(
                "Its answer is %(cardinality)s; in Cairn one text is typed.",
                cardinality=declared.cardinality,
            )
        )
    try:
        if declared.base in NUMERIC:
            return _number(asked, passages)
        answers = _worth_something(asked)
        if AS_TEXT not in asked.interaction.get("class").split() and _one_number(answers):
            return _number(asked, passages)
        return _text(asked, answers, passages)
    except Unscorable as why:
        raise asked.refuse(why.sentence) from why


def _one_number(answers: dict[str, Decimal]) -> bool:
    """Say whether the right answers write one number, as 0.5 and .5 do."""
    full = [text for text, weight in answers.items() if weight == 1]
    return len({read_decimal(text) for text in full}) == 1 and read_decimal(full[0]) is not None


def _worth_something(asked: Asked) -> dict[str, Decimal]:
    """Return each answer the file names and what share of the best score it earns."""
    named = tuple(dict.fromkeys(text.strip() for text in _named(asked) if text.strip()))
    if len(named) > _MOST:
        raise asked.refuse(too_many_answers(len(named), most=_MOST))
    scores = {text: asked.score(text) for text in named}
    best = max(scores.values(), default=Decimal(0))
    if best <= 0:
        raise asked.refuse(Sentence("The file does not say which answer is right."))
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
    missed = asked.shown(NEVER, is_right=False)
    asked.note_unseen((*shown.values(), missed))
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
    why = picked(asked.texts, common)
    drafted = short_text(
        asked.stem(why, placed=with_gap(asked.interaction), passages=passages),
        made,
        otherwise=picked(asked.texts, missed - common),
        as_typed=_case_counts(asked, answers),
    )
    return _grouped(drafted)


def _grouped(drafted: Drafted) -> Drafted:
    """Return the mistakes with those that are told the same in one row."""
    rows = drafted.item.answer["mistakes"]
    mistakes = rows if isinstance(rows, list) else []
    together: list[dict[str, object]] = []
    for said, same in groupby(mistakes, key=lambda row: str(row["feedback"])):
        each = list(same)
        texts = [text for row in each for text in row["accepted"]]
        alone = [{"accepted": row["accepted"], "feedback": said} for row in each]
        together += [{"accepted": texts, "feedback": said}] if said else alone
    answer = {**drafted.item.answer, "mistakes": together}
    return replace(drafted, item=replace(drafted.item, answer=answer))


def _case_counts(asked: Asked, answers: dict[str, Decimal]) -> bool:
    """Say whether an answer in other letters, capital or small, would be wrong."""
    right = [text for text, weight in answers.items() if weight == 1]
    others = [other for text in right for other in (text.lower(), text.upper())]
    return any(asked.score(other) < asked.score(right[0]) for other in others)


def _number(asked: Asked, passages: tuple[Rich, ...]) -> Drafted:
    trying = Trying(
        score=asked.score,
        shown=lambda text, is_right: asked.shown(text, is_right=is_right),
        named=lambda _: _named_number(asked),
        texts=asked.texts,
    )
    try:
        found = find_numbers(regions(asked.processing, asked.declared), trying)
    except NoNumber as why:
        raise asked.refuse(why.sentence) from why
    if found.is_open:
        asked.losses.append(Sentence("The ends of the range are now right too."))
    return number(
        asked.stem(found.why, placed=_placed(asked), passages=passages),
        found.answers,
        otherwise=found.otherwise,
        unit=_unit(asked),
    )


def _named_number(asked: Asked) -> Decimal | None:
    return read_decimal(asked.declared.correct[0]) if asked.declared.correct else None


def _unit(asked: Asked) -> str | None:
    spans = asked.item.each("span")
    return next((s.words() for s in spans if UNIT in s.get("class").split()), None)


def _placed(asked: Asked) -> Place:
    if asked.kind != "sliderInteraction":
        return with_gap(asked.interaction)
    low, high = asked.interaction.get("lowerBound"), asked.interaction.get("upperBound")
    prompt = asked.interaction.child("prompt")
    asked.losses.append(Sentence("The slider became a number to type."))

    def placed(part: Node) -> tuple[Node | str, ...] | None:
        if part is not asked.interaction:
            return None
        said = node("p", f"Type a number from {low} to {high}.")
        return (node("div", *prompt.parts), said) if prompt is not None else (said,)

    return placed
