"""GIFT questions as items of Cairn."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice

from app.exchange import drafting, limits
from app.exchange.drafting import Answer, Drafted, NumberAnswer, Stem, Unfit
from app.exchange.gift.blocks import Block, blocks, hold
from app.exchange.gift.grammar import BLANK, Choice, GiftQuestion, Kind, Malformed, Text, parse
from app.exchange.package import Package
from app.exchange.question_title import title_of
from app.exchange.reader import Reader
from app.exchange.result import Entry, Fault, Place, Question, Refused, Unsupported
from app.exchange.rich_text import (
    NOTHING,
    Rich,
    TooMuch,
    from_html,
    from_markdown,
    from_moodle,
    from_plain,
)
from app.exchange.text_file import opening_of, text_file
from app.words import Sentence

_READ: dict[str, Callable[[str], Rich]] = {
    "html": from_html,
    "markdown": from_markdown,
    "moodle": from_moodle,
    "plain": from_plain,
}
_MARKS = re.compile(
    r"^\s*(?:::.*?::|\$CATEGORY:|\[(?:html|markdown|moodle|plain)\])|\{[^{}]*\}",
    re.MULTILINE | re.DOTALL,
)
_NO_FORMAT = {
    Kind.DESCRIPTION: Sentence(
        "It asks nothing. Write it as a lesson, or into the questions it belongs to."
    ),
    Kind.ESSAY: Sentence("An essay is marked by a person, and Cairn marks at once."),
}


def recognises(package: Package) -> bool:
    text = opening_of(package)
    if not text:
        return False
    return package.names[0].lower().endswith(".gift") or bool(_MARKS.search(hold(text)))


def read(package: Package) -> Iterator[Entry]:
    file = text_file(package)
    every = (block for block in blocks(file.text) if isinstance(block, Block))
    found = list(islice(every, limits.QUESTIONS + 1))
    if len(found) > limits.QUESTIONS:
        most = limits.QUESTIONS
        raise Refused(Sentence("The file holds more than %(most)d questions.", most=most))
    for number, block in enumerate(found, start=1):
        place = Place(file.name, block.line, Sentence("question %(number)d", number=number))
        yield _entry(block, place, file.losses)


def _entry(block: Block, place: Place, losses: tuple[Sentence, ...]) -> Entry:
    try:
        question = parse(block)
    except Malformed as error:
        return Fault(place, error.sentence)
    title = title_of(question.title, question.stem)
    because = _NO_FORMAT.get(question.kind)
    if because is not None:
        return Unsupported(place, question.kind.value, title, because)
    try:
        drafted = _drafted(question, losses)
    except (Unfit, TooMuch) as error:
        return Unsupported(place, question.kind.value, title, error.sentence)
    return Question(
        place=place,
        kind=question.kind.value,
        item=drafted.item,
        pictures=drafted.pictures,
        category=question.category,
        tags=question.tags,
        losses=drafted.losses,
    )


def _drafted(question: GiftQuestion, losses: tuple[Sentence, ...]) -> Drafted:
    stem = Stem(
        title=question.title, text=_stem(question), why=_rich(question.general), losses=losses
    )
    if question.kind is Kind.TRUE_FALSE:
        return _true_false(stem, question)
    if question.kind is Kind.MULTIPLE_CHOICE:
        several = not any(choice.mark == "=" for choice in question.choices)
        return drafting.choice(stem, _answers(question), several=several)
    if question.kind is Kind.MATCHING:
        return _matching(stem, question)
    if question.kind is Kind.NUMERICAL:
        return _number(stem, question)
    return drafting.short_text(stem, [_typed(choice) for choice in question.choices])


def _true_false(stem: Stem, question: GiftQuestion) -> Drafted:
    """Return the exercise; the first feedback is for a wrong answer, the second for a right one."""
    wrong, right = map(_rich, question.feedbacks)
    return drafting.true_false(
        stem,
        right=question.is_true,
        when_true=right if question.is_true else wrong,
        when_false=wrong if question.is_true else right,
    )


def _matching(stem: Stem, question: GiftQuestion) -> Drafted:
    pairs = [choice for choice in question.choices if choice.text.text]
    extra = [choice for choice in question.choices if not choice.text.text]
    return drafting.matching(
        stem,
        [(_rich(choice.text), _rich(choice.match)) for choice in pairs],
        extra=[_rich(choice.match) for choice in extra],
        feedback=[_rich(choice.feedback) for choice in pairs],
    )


def _number(stem: Stem, question: GiftQuestion) -> Drafted:
    answers = [
        NumberAnswer(
            value=choice.span.value,
            tolerance=(choice.span.high - choice.span.low) / 2,
            weight=_weight(choice),
            feedback=_rich(choice.feedback),
        )
        for choice in question.choices
        if choice.span is not None
    ]
    anything = [choice for choice in question.choices if choice.span is None]
    otherwise = _rich(anything[0].feedback) if anything else NOTHING
    return drafting.number(stem, answers, otherwise=otherwise)


def _answers(question: GiftQuestion) -> list[Answer]:
    return [
        Answer(text=_rich(c.text), weight=_weight(c), feedback=_rich(c.feedback))
        for c in question.choices
    ]


def _typed(choice: Choice) -> Answer:
    """Return a short answer: what people type is no Markdown, whatever the question is."""
    said = _rich(choice.text) if choice.text.format == "html" else from_plain(choice.text.text)
    return Answer(text=said, weight=_weight(choice), feedback=_rich(choice.feedback))


def _weight(choice: Choice) -> Decimal:
    if choice.weight is not None:
        return choice.weight / 100
    return Decimal(choice.mark == "=")


def _stem(question: GiftQuestion) -> Rich:
    if not question.has_gap:
        return _rich(question.before)
    before, after = question.before, question.after
    joint = "" if after.text[0] in ".,;:!?)" else " "
    text = f"{before.text} {BLANK}{joint}{after.text}".strip()
    return _rich(Text(before.format if before.text else after.format, text))


def _rich(text: Text | None) -> Rich:
    return _READ[text.format](text.text) if text is not None else NOTHING


READER = Reader("gift", "Moodle GIFT", recognises, read)
