"""Numbers as people type them: `1,200`, `1 200`, `12 %`, `€12`, `12.5 hours`."""

import re
import unicodedata
from decimal import Decimal

from app.authoring.formats.exercise import UnreadableAnswer
from app.words import Sentence

LONGEST = 60
EMPTY = Sentence("Type a number.")
NOT_A_NUMBER = Sentence("Type one number in digits, without words, such as 12 or 12.5.")
OTHER_UNIT = Sentence("Type one number in digits, such as 12 or 12.5, in this unit: %(unit)s.")

_SPLIT = re.compile(
    r"(?P<sign>[+-]?) ?(?P<before>[^\d.,+-]*)(?P<number>[+-]?[\d., ']+)(?P<after>.*)"
)
_READINGS = (  # digits, what parts thousands, what parts decimals
    (re.compile(r"\d+\.?\d*|\.\d+"), "", "."),
    (re.compile(r"\d+,\d{0,2}|0?,\d+"), "", ","),
    (re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?"), ",", "."),
    (re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:\.\d*)?"), " ", "."),
    (re.compile(r"[1-9]\d{0,2}(?: \d{3})+,\d*"), " ", ","),
    (re.compile(r"[1-9]\d{0,2}(?:'\d{3})+(?:\.\d*)?"), "'", "."),
    (re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+,\d*|[1-9]\d{0,2}(?:\.\d{3}){2,}"), ".", ","),
)
_SAME_UNIT = (
    frozenset({"%", "per cent", "percent", "percentage points", "percentage point", "pour cent"}),
    frozenset({"€", "euro", "euros", "eur"}),
    frozenset({"£", "pound", "pounds", "gbp"}),
    frozenset({"$", "dollar", "dollars", "usd"}),
)
_JOINING = frozenset({"a", "an", "each", "every", "in", "of", "per", "the", "de", "par"})
_SIGNS = frozenset("%€£$¥")
_AS_TYPED = str.maketrans({"−": "-", "–": "-", "’": "'", "‘": "'"})  # noqa: RUF001


def read_number(typed: str, *, unit: str | None, also: tuple[str, ...] = ()) -> Decimal:
    """Return the number a person typed, with or without its unit.

    Commas before groups of three digits part thousands, as in English; any other single comma or
    dot is the decimal one.  Raises UnreadableAnswer rather than guess.
    """
    tidy = " ".join(unicodedata.normalize("NFKC", typed).translate(_AS_TYPED).casefold().split())
    if not tidy:
        raise UnreadableAnswer(EMPTY)
    parts = _SPLIT.fullmatch(tidy) if len(tidy) <= LONGEST else None
    if parts is None or (parts["sign"] and parts["number"][0] in "+-"):
        raise _unreadable(unit)
    words = [word for word in (parts["before"].strip(), parts["after"].strip()) if word]
    value = _value(parts["number"].strip())
    if value is None or not any(all(_fits(word, one) for word in words) for one in (unit, *also)):
        raise _unreadable(unit)
    return -value if parts["sign"] == "-" else value


def _value(number: str) -> Decimal | None:
    """Return the value of digits and separators, None when they could be read in two ways."""
    digits = number.lstrip("+-")
    for pattern, thousands, decimals in _READINGS:
        if pattern.fullmatch(digits):
            value = Decimal(digits.replace(thousands, "").replace(decimals, "."))
            return -value if number.startswith("-") else value
    return None


def _fits(words: str, unit: str | None) -> bool:
    """Say whether words around a number are its unit, whole or in part, one or many."""
    if unit is None:
        return words in _SIGNS
    wanted = unicodedata.normalize("NFKC", unit).casefold()
    if any(words in same and wanted in same for same in _SAME_UNIT):
        return True
    named = {_singular(word) for word in wanted.split()} | _JOINING
    typed = {_singular(word) for word in words.replace("/", " ").split()}
    return typed <= named or (words in wanted and words in _SIGNS)


def _singular(word: str) -> str:
    return word.rstrip(".").removesuffix("s")


def _unreadable(unit: str | None) -> UnreadableAnswer:
    if unit is None:
        return UnreadableAnswer(NOT_A_NUMBER)
    return UnreadableAnswer(OTHER_UNIT, unit=unit)
