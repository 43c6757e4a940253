"""Content and its figures in words: formats, parts of a key, probabilities as people."""

from collections.abc import Mapping
from string import ascii_uppercase

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.services.teaching.item_key import KeyPart, PartKind

FORMATS: Mapping[str, LazyString] = {
    "explanation": _l("Explanation"),
    "worked-case": _l("Worked case"),
    "single-choice": _l("Single choice"),
    "multiple-choice": _l("Multiple choice"),
    "number": _l("Number"),
    "short-text": _l("Short text"),
    "ordering": _l("Ordering"),
    "matching": _l("Matching"),
}
REPORT_KINDS: Mapping[str, LazyString] = {
    "wrong-answer": _l("The answer given as right may be wrong"),
    "unclear": _l("The question is hard to understand"),
    "out-of-date": _l("Out of date"),
    "cannot-use": _l("Cannot be used with a device or assistive technology"),
    "other": _l("Something else"),
}
NUMBERS = (
    _l("none"),
    _l("one"),
    _l("two"),
    _l("three"),
    _l("four"),
    _l("five"),
    _l("six"),
    _l("seven"),
    _l("eight"),
    _l("nine"),
    _l("ten"),
)
# Nearer to a whole number than this, one number says it: 2.8 is "about three", 2.5 "two or three".
NEAR_WHOLE = 0.3
TENTHS = (0.095, 0.905)


def part_label(part: KeyPart) -> str:
    """The short name of a part, for a chart and its table: A, Step 2, Foreseen mistake 1."""
    if part.kind is PartKind.OPTION:
        return ascii_uppercase[part.number - 1]
    if part.kind is PartKind.STEP:
        return str(_("Step %(number)s", number=part.number))
    if part.kind is PartKind.PAIR:
        return str(_("Pair %(number)s", number=part.number))
    if part.kind is PartKind.MISTAKE:
        return str(_("Foreseen mistake %(number)s", number=part.number))
    return str(_("Right answer") if part.kind is PartKind.RIGHT else _("Anything else"))


def people(share: float) -> tuple[str, str]:
    """A probability as people: how many, and of how many: ("about three", "ten")."""
    if 0 < share < TENTHS[0] or TENTHS[1] < share < 1:
        return str(_("about %(count)s", count=round(share * 100))), str(_("a hundred"))
    tens = share * 10
    whole = round(tens)
    if abs(tens - whole) < NEAR_WHOLE:
        exact = whole in (0, 10)
        number = NUMBERS[whole]
        return str(number if exact else _("about %(count)s", count=number)), str(NUMBERS[10])
    between = _("%(less)s or %(more)s", less=NUMBERS[int(tens)], more=NUMBERS[int(tens) + 1])
    return str(between), str(NUMBERS[10])
