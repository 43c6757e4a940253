"""Aiken: single choices typed in a text file, each option with a letter, then ANSWER: and one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from app.exchange import drafting
from app.exchange.drafting import Answer, Stem, Unfit
from app.exchange.package import Package
from app.exchange.question_title import title_of
from app.exchange.reader import Reader
from app.exchange.result import Entry, Fault, Place, Question, Unsupported
from app.exchange.rich_text import TooMuch, from_plain
from app.exchange.text_file import TextFile, opening_of, text_file
from app.words import Sentence

_OPTION = re.compile(r"\s*(?P<letter>[A-Z])[.)]\s+(?P<text>\S.*)")
_ANSWER = re.compile(r"\s*+ANSWER:\s*+(?P<letters>[A-Z](?:[\s,]++[A-Z])*+)\s*+\Z")
_ANSWER_LINE = re.compile(r"\s*+ANSWER\s*+:", re.IGNORECASE)
_KIND = "multichoice"


@dataclass
class _Asked:
    """The question being read. key: the letters of the right options."""

    line: int = 0
    words: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    broken: Sentence | None = None
    has_gap: bool = False  # an empty line came after the options


def recognises(package: Package) -> bool:
    lines = opening_of(package).split("\n")
    return any(map(_OPTION.fullmatch, lines)) and any(map(_ANSWER_LINE.match, lines))


def read(package: Package) -> Iterator[Entry]:
    file = text_file(package)
    for number, asked in enumerate(_questions(file.text), start=1):
        yield _entry(
            asked,
            Place(file.name, asked.line, Sentence("question %(number)d", number=number)),
            file,
        )


def _questions(text: str) -> Iterator[_Asked]:
    asked = _Asked()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            asked.has_gap = bool(asked.options)
            continue
        if asked.has_gap and not _continues(asked, line):
            yield asked
            asked = _Asked()
        asked.line = asked.line or number
        if _ANSWER_LINE.match(line):
            _note_key(asked, line)
            yield asked
            asked = _Asked()
        else:
            _note_line(asked, line)
    if asked.line:
        yield asked


def _continues(asked: _Asked, line: str) -> bool:
    found = _OPTION.fullmatch(line)
    due = found is not None and found["letter"] == _due(asked)
    return due or _ANSWER_LINE.match(line) is not None


def _due(asked: _Asked) -> str:
    """Return the letter of the next option."""
    return chr(ord("A") + len(asked.options))


def _note_key(asked: _Asked, line: str) -> None:
    found = _ANSWER.fullmatch(line)
    if found is None:
        asked.broken = Sentence("The last line must be ANSWER: and a capital letter.")
        return
    asked.key = tuple(dict.fromkeys(re.findall(r"[A-Z]", found["letters"])))


def _note_line(asked: _Asked, line: str) -> None:
    found = _OPTION.fullmatch(line)
    expected = _due(asked)
    if found is not None and found["letter"] == expected and (asked.words or asked.options):
        asked.options[found["letter"]] = found["text"].strip()
    elif found is not None and asked.options:
        asked.broken = Sentence(
            "Option %(letter)s stands where %(expected)s is due.",
            letter=found["letter"],
            expected=expected,
        )
    elif asked.options:
        asked.broken = Sentence("A line among the options begins with no letter such as A.")
    else:
        asked.words.append(line.strip())


def _entry(asked: _Asked, place: Place, file: TextFile) -> Entry:
    fault = asked.broken or _fault(asked)
    if fault:
        return Fault(place, fault)
    text = "\n".join(asked.words)
    answers = [
        Answer(text=from_plain(option), weight=Decimal(letter in asked.key))
        for letter, option in asked.options.items()
    ]
    try:
        stem = Stem(text=from_plain(text), losses=file.losses)
        drafted = drafting.choice(stem, answers, several=len(asked.key) > 1)
    except (Unfit, TooMuch) as error:
        return Unsupported(place, _KIND, title_of("", text[:200]), error.sentence)
    return Question(place, _KIND, drafted.item, drafted.pictures, losses=drafted.losses)


def _fault(asked: _Asked) -> Sentence | None:
    if not asked.options:
        return Sentence("There are no options such as A. or A) under the question.")
    if not asked.key:
        return Sentence("The line ANSWER: with the letter of the right option is missing.")
    unknown = [letter for letter in asked.key if letter not in asked.options]
    return Sentence("There is no option %(letter)s.", letter=unknown[0]) if unknown else None


READER = Reader("aiken", "Aiken", recognises, read)
