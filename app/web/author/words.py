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


# What a line of a text is, where two texts are compared.
LABELS: Mapping[str, LazyString] = {
    "title": _l("Title"),
    "format": _l("Kind"),
    "skill": _l("Skill"),
    "transfer": _l("Transfer case"),
    "retired": _l("Retired"),
    "text": _l("Text"),
    "option-right": _l("Right option"),
    "option-wrong": _l("Wrong option"),
    "feedback": _l("Feedback"),
    "value": _l("Right number"),
    "tolerance": _l("Tolerance"),
    "unit": _l("Unit"),
    "accepted": _l("Accepted answers"),
    "right": _l("When right"),
    "otherwise": _l("When wrong"),
    "mistake-value": _l("Foreseen mistake"),
    "mistake-tolerance": _l("Tolerance"),
    "mistake-accepted": _l("Foreseen mistake"),
    "left": _l("Left side"),
    "right-side": _l("Right side"),
    "extra": _l("Extra choice"),
    "hint": _l("Hint"),
    "explanation": _l("Explanation"),
    "summary": _l("Summary"),
    "goal": _l("Goal"),
    "language": _l("Language"),
    "as-of": _l("Facts as of"),
    "source": _l("Source"),
    "builds-on": _l("Builds on"),
    "prior": _l("Prior"),
    "learn": _l("Learn"),
    "guess": _l("Guess"),
    "slip": _l("Slip"),
    "because": _l("Reason"),
    "framework": _l("Framework"),
}
# The rows of an item's form: heading, one row, the button that adds one.
ROW_WORDS: Mapping[str, Mapping[str, LazyString]] = {
    "options": {
        "title": _l("Options"),
        "row": _l("Option"),
        "add": _l("Add an option"),
        "text": _l("What it says"),
        "feedback": _l("Feedback: why it is right, or what it overlooks"),
    },
    "steps": {
        "title": _l("Steps, in the right order"),
        "row": _l("Step"),
        "add": _l("Add a step"),
        "text": _l("What is done"),
        "feedback": _l("Feedback: why it comes at this place"),
    },
    "pairs": {
        "title": _l("Pairs that belong together"),
        "row": _l("Pair"),
        "add": _l("Add a pair"),
        "left": _l("Left side"),
        "right": _l("What belongs to it"),
        "feedback": _l("Feedback: why these belong together"),
    },
    "extra": {
        "title": _l("Further choices that match nothing"),
        "row": _l("Extra choice"),
        "add": _l("Add an extra choice"),
        "text": _l("What it says"),
    },
    "mistakes": {
        "title": _l("Wrong answers you foresee"),
        "row": _l("Foreseen mistake"),
        "add": _l("Add a foreseen mistake"),
        "value": _l("The wrong number"),
        "tolerance": _l("How far off still counts as it"),
        "accepted": _l("The wrong answer, one wording a line"),
        "feedback": _l("Feedback for this mistake"),
    },
}
STAGES: Mapping[str, LazyString] = {
    "writing": _l("Being written"),
    "review": _l("In review"),
    "approved": _l("Approved"),
}
DECISIONS: Mapping[str, LazyString] = {
    "approved": _l("Approved"),
    "returned": _l("Returned to its authors"),
    "withdrawn": _l("Taken back by its authors"),
}
LANGUAGES: Mapping[str, LazyString] = {
    "en": _l("English"),
    "fr": _l("French"),
    "de": _l("German"),
    "es": _l("Spanish"),
    "it": _l("Italian"),
    "nl": _l("Dutch"),
    "pl": _l("Polish"),
    "pt": _l("Portuguese"),
    "cy": _l("Welsh"),
    "ar": _l("Arabic"),
}
