"""The columns of Cairn's question table, one question a row."""

from collections.abc import Mapping

MOST_OPTIONS = 10

FIXED: Mapping[str, str] = {
    "type": "single-choice, multiple-choice, true-false, number, short-text, ordering or matching",
    "question": "the question, in Markdown",
    "correct": (
        "the numbers of the right options, such as 2 or 1,3; true or false; the right number;"
        " or the accepted short answers with | between them"
    ),
    "title": "a short name for lists; may be empty",
    "explanation": "why the right answer is right",
    "hint_1": "a first hint",
    "hint_2": "a second hint",
    "tolerance": "how far off a number may be",
    "unit": "the unit of a number",
    "right": "feedback for the right number or short answer",
    "otherwise": "feedback for any other number or short answer",
    "category": "where the question belongs",
    "tags": "words to find it by, with | between them",
}
NUMBERED: Mapping[str, str] = {
    "option": "an option; a step, in the right order; the left of a pair; a foreseen mistake",
    "match": "the right of a pair; without an option, one match too many",
    "feedback": "feedback for the option, step, pair or mistake",
    "margin": "how far off a foreseen wrong number may be",
}
NEEDED = ("type", "question")


def numbered(name: str, number: int) -> str:
    return f"{name}_{number}"


def is_column(name: str) -> bool:
    stem, _, number = name.rpartition("_")
    counted = number.isdecimal() and 0 < int(number) <= MOST_OPTIONS
    return name in FIXED or (stem in NUMBERED and counted)
