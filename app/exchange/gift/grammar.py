"""The text of one GIFT question, taken apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.exchange import limits
from app.exchange.gift.blocks import Block, release
from app.exchange.result import Telling
from app.words import Sentence

BLANK = "_____"
_FORMATS = ("html", "markdown", "moodle", "plain")
_FORMAT = re.compile(rf"\s*\[({'|'.join(_FORMATS)})\]", re.IGNORECASE)
_TITLE = re.compile(r"\s*::(?P<title>.*?)::(?P<rest>.*)\Z", re.DOTALL)
_TRUE_FALSE = re.compile(r"(TRUE|FALSE|T|F)(?:\s*#(?P<said>.*))?", re.DOTALL | re.IGNORECASE)
_WEIGHT = re.compile(r"\s*+%\s*+(-?(?:\d++(?:[.,]\d++)?|[.,]\d++))\s*+%(.*)\Z", re.DOTALL)
_NUMBER = r"[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d{1,2})?"
_AROUND = re.compile(rf"({_NUMBER})(?:\s*+:\s*+({_NUMBER}))?")
_BETWEEN = re.compile(rf"({_NUMBER})\s*+\.\.\s*+({_NUMBER})")
_SPACES = re.compile(r"[ \t\n]+")
_OPEN_TAG = re.compile(r"<[a-zA-Z/][^<>]*\Z")
_PAIR = "->"
MARKS = "=~"


class Kind(StrEnum):
    DESCRIPTION = "description"
    ESSAY = "essay"
    TRUE_FALSE = "truefalse"
    MULTIPLE_CHOICE = "multichoice"
    SHORT_ANSWER = "shortanswer"
    NUMERICAL = "numerical"
    MATCHING = "matching"


class Malformed(Telling):
    """The text is no GIFT; the sentence says what is wrong."""


@dataclass(frozen=True, slots=True)
class Text:
    """format: html, markdown, moodle or plain."""

    format: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """A number as the file gives it: around a value, or between two."""

    low: Decimal
    high: Decimal
    value: Decimal
    tolerance: Decimal | None  # None where the file gives none: exact, or a range

    @property
    def is_range(self) -> bool:
        return self.tolerance is None and self.low != self.high


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer. mark: `=` or `~`.  weight: in percent, None when not written.

    match: the right side of a pair.  span: what a number covers, None for any number.
    """

    mark: str
    weight: Decimal | None
    text: Text
    feedback: Text | None
    match: Text | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class GiftQuestion:
    """A question taken apart. before, after: the stem around the answers.

    feedbacks of a true-false question: after a wrong answer, after a right one.
    """

    kind: Kind
    line: int
    title: str
    before: Text
    after: Text
    choices: tuple[Choice, ...] = ()
    is_true: bool = False
    feedbacks: tuple[Text | None, Text | None] = (None, None)
    general: Text | None = None
    category: str = ""
    id: str = ""
    tags: tuple[str, ...] = ()

    @property
    def has_gap(self) -> bool:
        """Say whether the answer stands inside the sentence."""
        return bool(self.after.text)

    @property
    def stem(self) -> str:
        if not self.has_gap:
            return self.before.text
        return " ".join(part for part in (self.before.text, BLANK, self.after.text) if part)


def parse(block: Block) -> GiftQuestion:
    """Return the question of a block; raise Malformed when it breaks GIFT's rules."""
    title, rest = _titled(block.text)
    before, body, after = _cut_answers(rest, is_open=block.is_open)
    format_ = _format_of(before or after)
    stem, tail = _text(before, format_), _text(after, format_)
    kind, parts = _parts(body, stem.format)
    return GiftQuestion(
        kind=kind,
        line=block.line,
        title=title,
        before=stem,
        after=tail,
        category=block.category,
        id=block.id,
        tags=block.tags,
        **parts,  # type: ignore[arg-type]
    )


def _titled(text: str) -> tuple[str, str]:
    found = _TITLE.match(text)
    if found is None:
        return "", text
    return " ".join(release(found["title"]).split()), found["rest"]


def _cut_answers(text: str, *, is_open: bool) -> tuple[str, str | None, str]:
    opened, closed = text.count("{"), text.count("}")
    if is_open or opened > closed:
        raise Malformed(Sentence("The { of the answers has no }."))
    if closed > opened:
        raise Malformed(Sentence("There is a } without its {. A brace in the text is written \\}."))
    if opened > 1:
        raise Malformed(
            Sentence("There are two groups of answers in { }. A brace in the text is written \\{.")
        )
    if not opened:
        return text, None, ""
    before, _, rest = text.partition("{")
    body, closing, after = rest.partition("}")
    if not closing:
        raise Malformed(Sentence("The } of the answers comes before its {."))
    return before, body, after


def _parts(body: str | None, format_: str) -> tuple[Kind, dict[str, object]]:
    if body is None:
        return Kind.DESCRIPTION, {}
    answers, general = _without_general(body, format_)
    said: dict[str, object] = {"general": general}
    if not answers.strip():
        return Kind.ESSAY, said
    if answers.lstrip().startswith("#"):
        return Kind.NUMERICAL, {**said, "choices": _numbers(answers.lstrip()[1:], format_)}
    found = _TRUE_FALSE.fullmatch(answers.strip())
    if found is not None:
        feedbacks = _feedbacks(found["said"], format_)
        return Kind.TRUE_FALSE, {**said, "is_true": found[1][0] in "Tt", "feedbacks": feedbacks}
    choices = _choices(answers, format_)
    return _kind_of(choices), {**said, "choices": _paired(choices)}


def _without_general(body: str, format_: str) -> tuple[str, Text | None]:
    answers, mark, general = body.partition("####")
    return answers, _some_text(general, format_) if mark else None


def _feedbacks(said: str | None, format_: str) -> tuple[Text | None, Text | None]:
    wrong, _, right = (said or "").partition("#")
    return _some_text(wrong, format_), _some_text(right, format_)


def _kind_of(choices: Sequence[Choice]) -> Kind:
    if any(choice.mark == "~" for choice in choices):
        return Kind.MULTIPLE_CHOICE
    if all(_PAIR in choice.text.text for choice in choices):
        return Kind.MATCHING
    return Kind.SHORT_ANSWER


def _paired(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    if _kind_of(choices) is not Kind.MATCHING:
        return tuple(choices)
    return tuple(map(_pair, choices))


def _pair(choice: Choice) -> Choice:
    left, _, right = choice.text.text.partition(_PAIR)
    format_ = choice.text.format
    return Choice(
        mark=choice.mark,
        weight=choice.weight,
        text=Text(format_, left.strip()),
        feedback=choice.feedback,
        match=Text(format_, right.strip()),
    )


def _choices(answers: str, format_: str) -> tuple[Choice, ...]:
    if answers.lstrip()[0] not in MARKS:
        if any(mark in answers for mark in MARKS):
            raise Malformed(Sentence("The answers must begin with = or ~."))
        answers = f"={answers}"  # one right short answer needs no sign
    return tuple(_choice(mark, text, format_) for mark, text in _marked(answers))


def _marked(answers: str) -> list[tuple[str, str]]:
    if sum(map(answers.count, MARKS)) > limits.ANSWERS:
        raise Malformed(
            Sentence("The question has more than %(most)d answers.", most=limits.ANSWERS)
        )
    parts = re.split(f"([{MARKS}])", answers.lstrip())[1:]
    marked = list(zip(parts[::2], parts[1::2], strict=True))
    for _, text in marked:
        if _OPEN_TAG.search(text):
            raise Malformed(Sentence("An = or ~ inside an answer must be written \\= or \\~."))
    return marked


def _choice(mark: str, text: str, format_: str) -> Choice:
    weight, rest = _weighed(text)
    words, said, feedback = rest.partition("#")
    return Choice(
        mark=mark,
        weight=weight,
        text=_text(words, format_),
        feedback=_some_text(feedback, format_) if said else None,
    )


def _weighed(text: str) -> tuple[Decimal | None, str]:
    found = _WEIGHT.match(text)
    if found is None:
        return None, text
    return Decimal(found[1].replace(",", ".")), found[2]


def _numbers(answers: str, format_: str) -> tuple[Choice, ...]:
    text = answers.strip()
    marked = _marked(text) if text[:1] and text[0] in MARKS else [("=", text)]
    return tuple(_number(mark, part, format_) for mark, part in marked)


def _number(mark: str, text: str, format_: str) -> Choice:
    weight, rest = _weighed(text)
    number, said, feedback = rest.partition("#")
    number = release(number).strip()
    return Choice(
        mark=mark,
        weight=weight,
        text=Text("plain", number),
        feedback=_some_text(feedback, format_) if said else None,
        span=None if number in {"", "*"} else span(number),
    )


def span(number: str) -> Span:
    """Return what `12`, `12:0.5` or `11..13` covers; raise Malformed for anything else."""
    between, around = _BETWEEN.fullmatch(number), _AROUND.fullmatch(number)
    if between is not None:
        low, high = sorted((Decimal(between[1]), Decimal(between[2])))
        return Span(low, high, (low + high) / 2, None)
    if around is None:
        shown = number if len(number) <= len(BLANK) * 8 else f"{number[:37]}..."
        raise Malformed(
            Sentence("“%(typed)s” is no number such as 12, 12:0.5 or 11..13.", typed=shown)
        )
    value, margin = Decimal(around[1]), Decimal(around[2] or 0)
    return Span(value - margin, value + margin, value, abs(margin) if around[2] else None)


def _format_of(text: str) -> str:
    found = _FORMAT.match(text)
    return found[1].lower() if found else "moodle"


def _some_text(text: str, format_: str) -> Text | None:
    found = _text(text, format_)
    return found if found.text else None


def _text(text: str, format_: str) -> Text:
    """Return a text in its own format, or that of the question; its escapes become signs.

    Line ends of the file only matter in Markdown; elsewhere a line end that counts is written \\n.
    """
    found = _FORMAT.match(text)
    if found is not None:
        format_, text = found[1].lower(), text[found.end() :]
    tidy = text if format_ == "markdown" else _SPACES.sub(" ", text)
    return Text(format_, release(tidy).strip())
