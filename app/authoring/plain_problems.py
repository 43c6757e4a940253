"""What a file lacks, in the words of a form: no key, no bracket, one sentence for many rows."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.authoring.file_rules import (
    BODY_PRESENT,
    EXPLANATION_PRESENT,
    REQUIRED_KEYS,
    VALID_VALUES,
)
from app.authoring.problem import Problem
from app.words import Sentence

_ROW_DEPTH = 2  # from here on a path names a row: its list, then its place
_ROWS: Mapping[tuple[str, str], Sentence] = {
    ("options", "text"): Sentence("Options without words: %(places)s."),
    ("options", "feedback"): Sentence("Options without feedback: %(places)s."),
    ("steps", "text"): Sentence("Steps without words: %(places)s."),
    ("steps", "feedback"): Sentence("Steps without feedback: %(places)s."),
    ("pairs", "left"): Sentence("Pairs without a left side: %(places)s."),
    ("pairs", "right"): Sentence("Pairs without what belongs to them: %(places)s."),
    ("pairs", "feedback"): Sentence("Pairs without feedback: %(places)s."),
    ("extra", ""): Sentence("Extra choices without words: %(places)s."),
    ("mistakes", "value"): Sentence("Foreseen mistakes without a number: %(places)s."),
    ("mistakes", "tolerance"): Sentence("Foreseen mistakes without a tolerance: %(places)s."),
    ("mistakes", "accepted"): Sentence("Foreseen mistakes without an answer: %(places)s."),
    ("mistakes", "feedback"): Sentence("Foreseen mistakes without feedback: %(places)s."),
    ("skills", "title"): Sentence("Skills without a title: %(places)s."),
    ("skills", "summary"): Sentence("Skills without a summary: %(places)s."),
    ("skills", "because"): Sentence("Skills without a reason for your estimates: %(places)s."),
}
_SINGLE: Mapping[tuple[str, ...], Sentence] = {
    ("title",): Sentence("There is no title yet."),
    ("summary",): Sentence("There is no summary yet."),
    ("goal",): Sentence("There is no goal yet."),
    ("as_of",): Sentence("The day on which the facts were checked is missing."),
    ("skills",): Sentence("There are no skills yet."),
    ("options",): Sentence("There are no options yet."),
    ("steps",): Sentence("There are no steps yet."),
    ("pairs",): Sentence("There are no pairs yet."),
    ("mistakes",): Sentence("Foresee at least one mistake."),
    ("answer", "value"): Sentence("The right number is missing."),
    ("answer", "tolerance"): Sentence("How far off is still right is missing."),
    ("answer", "accepted"): Sentence("There is no accepted answer yet."),
    ("answer", "right"): Sentence("The feedback when right is missing."),
    ("answer", "otherwise"): Sentence("The feedback when wrong is missing."),
}
_OF_FILE = frozenset(
    rule.name for rule in (REQUIRED_KEYS, VALID_VALUES, BODY_PRESENT, EXPLANATION_PRESENT)
)


def is_plain(problem: Problem) -> bool:
    """Say whether the message needs no sentence about the format beside it: it names no key."""
    said = problem.message
    return (
        problem.rule in _OF_FILE and isinstance(said, Sentence) and "%(key)s" not in said.template
    )


def in_plain_words(
    problems: Iterable[Problem], *, apart: frozenset[str] = frozenset()
) -> tuple[Problem, ...]:
    """Return the problems of one file as people say them; alike rows are named in one sentence.

    apart: lists whose rows each keep a sentence of their own, as each is mended elsewhere.
    """
    found: dict[object, Problem] = {}
    rows: dict[object, list[int]] = {}
    for number, problem in enumerate(problems):
        row = _row(problem)
        if row is None:
            found[number] = _single(problem)
            continue
        name, place = row
        key = (name, place if name[0] in apart else None, problem.file)
        rows.setdefault(key, []).append(place + 1)
        places = ", ".join(map(str, rows[key]))
        first = found.get(key, problem)
        found[key] = replace(first, message=Sentence(_ROWS[name].template, places=places))
    return tuple({(one.file, one.message, one.path): one for one in found.values()}.values())


def _row(problem: Problem) -> tuple[tuple[str, str], int] | None:
    """Return which words of which row are missing; None where the problem is another."""
    path = problem.path
    if problem.rule != REQUIRED_KEYS.name or len(path) < _ROW_DEPTH:
        return None
    head, place = path[0], path[1]
    name = (str(head), str(path[2]) if len(path) > _ROW_DEPTH else "")
    return (name, place) if isinstance(place, int) and name in _ROWS else None


def _single(problem: Problem) -> Problem:
    of_key = problem.rule == REQUIRED_KEYS.name
    said = _SINGLE.get(tuple(map(str, problem.path))) if of_key else None
    return problem if said is None else replace(problem, message=said)
