"""Numbers as people type them: `1,200`, `1 200`, `12 %`, `€12`, `12.5 hours`."""

import re
import unicodedata
from decimal import Decimal

from app.authoring.formats.exercise import UnreadableAnswer

LONGEST = 60

_SPLIT = re.compile(
    r"(?P<sign>[+-]?) ?(?P<before>[^\d.,+-]*)(?P<number>[+-]?[\d., ']+)(?P<after>.*)"
)
_POINT = re.compile(r"\d+\.?\d*|\.\d+")
_COMMA = re.compile(r"\d+,\d*|,\d+")
_THOUSANDS = (
    re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?"),
    re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d*)?"),
    re.compile(r"[1-9]\d{0,2}(?:'\d{3})+(?:[.,]\d*)?"),
    re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+,\d*|[1-9]\d{0,2}(?:\.\d{3}){2,}"),
)
_SAME_UNIT = (
    frozenset({"%", "per cent", "percent", "percentage", "pct"}),
    frozenset({"€", "euro", "euros", "eur"}),
    frozenset({"£", "pound", "pounds", "gbp"}),
    frozenset({"$", "dollar", "dollars", "usd"}),
)
_SIGNS = frozenset("%€£$¥")
_AS_TYPED = str.maketrans({"−": "-", "–": "-", "’": "'", "‘": "'"})  # noqa: RUF001


def read_number(typed: str, *, unit: str | None) -> Decimal:
    """Return the number a person typed, with or without its unit.

    Commas before groups of three digits part thousands, as in English; any other single comma or
    dot is the decimal one.  Raises UnreadableAnswer rather than guess.
    """
    tidy = " ".join(unicodedata.normalize("NFKC", typed).translate(_AS_TYPED).casefold().split())
    if not tidy:
        raise UnreadableAnswer("Type a number.")
    parts = _SPLIT.fullmatch(tidy) if len(tidy) <= LONGEST else None
    if parts is None:
        raise UnreadableAnswer(_ask(unit))
    words = [word for word in (parts["before"].strip(), parts["after"].strip()) if word]
    value = _value(parts["number"].strip())
    if value is None or not all(_fits(word, unit) for word in words):
        raise UnreadableAnswer(_ask(unit))
    return -value if parts["sign"] == "-" else value


def _value(number: str) -> Decimal | None:
    """Return the value of digits and separators, None when they could be read in two ways."""
    digits = number.lstrip("+-")
    sign = -1 if number.startswith("-") else 1
    if any(pattern.fullmatch(digits) for pattern in _THOUSANDS):
        decimal_comma = _THOUSANDS[0].fullmatch(digits) is None
        parted = digits.replace(" ", "").replace("'", "")
        plain = parted.replace(",", "") if not decimal_comma else _decimal_point(parted)
    elif _POINT.fullmatch(digits) or _COMMA.fullmatch(digits):
        plain = digits.replace(",", ".")
    else:
        return None
    return sign * Decimal(plain)


def _decimal_point(digits: str) -> str:
    """Return digits such as `1.200.000,5` or `1200,5` with a dot before the decimals alone."""
    if "," in digits or digits.count(".") > 1:
        return digits.replace(".", "").replace(",", ".")
    return digits


def _fits(words: str, unit: str | None) -> bool:
    """Say whether words around a number are its unit, whole or in part, one or many."""
    if unit is None:
        return words in _SIGNS
    wanted = unit.casefold()
    if any(words in same and wanted in same for same in _SAME_UNIT):
        return True
    typed = [_singular(word) for word in words.split()]
    named = [_singular(word) for word in wanted.split()]
    return all(word in named for word in typed) or (words in wanted and words in _SIGNS)


def _singular(word: str) -> str:
    return word.rstrip(".").removesuffix("s")


def _ask(unit: str | None) -> str:
    if unit is None:
        return "Type one number in digits, without words, such as 12 or 12.5."
    return f"Type one number in digits, such as 12 or 12.5 ({unit})."
