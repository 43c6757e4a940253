"""Exchange with pyBKT and with notebooks, as CSV: parameter tables in and out, response logs out.

Plain Python: nothing heavy is loaded. The parameter table is what pyBKT's `Model.params()` prints:
`skill,param,class,value`, a row a number. The response log has the column names that pyBKT's
`Model.fit` and the data sets of ASSISTments use; the answer log those of the public logs that the
learner model is judged on.
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isnan, nan
from typing import TextIO

from engine.bkt import SkillParameters

PARAMETER_COLUMNS = ("skill", "param", "class", "value")
RESPONSE_COLUMNS = (
    "order_id", "user_id", "skill_name", "problem_id", "correct", "seconds",
)  # fmt: skip
ANSWER_COLUMNS = ("learner", "sequence", "skills", "item", "correct", "fold", "seconds")
SKILL_SEPARATOR = "~"
USUAL_CLASS = "default"
_NAMES = {
    "prior": "prior", "learns": "learn", "guesses": "guess", "slips": "slip", "forgets": "forget",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LoggedResponse:
    """One answer, as a notebook reads it.

    learner: a name that means nothing elsewhere.  skills: of the item, at least one.
    seconds: since the learner's first answer, None where unknown.
    """

    learner: str
    skills: tuple[str, ...]
    item: str
    correct: bool
    seconds: float | None


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """One row of an answer log.

    learner: a number that means nothing elsewhere.  sequence: 0, 1, 2 ... within the learner.
    skills: of the item, at least one.  fold: the same in all of a learner's rows.
    seconds: whole ones since the learner's first row, never decreasing.
    """

    learner: int
    sequence: int
    skills: tuple[str, ...]
    item: str
    correct: bool
    fold: int
    seconds: int


def write_parameters(skills: Mapping[str, SkillParameters], to: TextIO) -> None:
    """Write the parameters as pyBKT's table. Exact: read_parameters gives them back."""
    rows = csv.writer(to, lineterminator="\n")
    rows.writerow(PARAMETER_COLUMNS)
    for skill, parameters in skills.items():
        for theirs, ours in _NAMES.items():
            rows.writerow((skill, theirs, USUAL_CLASS, repr(getattr(parameters, ours))))


def read_parameters(
    lines: Iterable[str], *, known: Collection[str] | None = None
) -> dict[str, SkillParameters]:
    """Return the parameters of a pyBKT table, by skill, in the order of the table.

    lines: of a CSV with the columns skill, param, class and value, in any order; others are left
        alone. A skill without forgets does not forget.
    known: the skills it may speak of; None for any.
    Raises ValueError with a sentence for each line, joined by line breaks, where a column or
    parameter is missing, a value is no number, a parameter has several classes (pyBKT's multigs,
    multilearn and multiprior), a skill is not known, or SkillParameters refuses the values; also
    where the table names no skill.
    """
    rows = csv.DictReader(lines)
    missing = [name for name in PARAMETER_COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise ValueError(f"line 1: columns are missing: {', '.join(missing)}")
    found: dict[str, _Listed] = {}
    faults: list[str] = []
    for row in rows:
        line = rows.line_num
        listed = found.setdefault(row["skill"] or "", _Listed(line))
        faults += [f"line {line}: {fault}" for fault in _take(listed.values, row)]
    for skill, listed in found.items():
        strange = known is not None and skill not in known
        problems = [f"no skill is called {skill!r}"] if strange else _faults(skill, listed.values)
        faults += [f"line {listed.line}: {fault}" for fault in problems]
    if faults or not found:
        raise ValueError("\n".join(faults) or "line 2: the table names no skill")
    return {skill: SkillParameters(**listed.values) for skill, listed in found.items()}


def write_responses(responses: Iterable[LoggedResponse], to: TextIO) -> int:
    """Write responses in the order given, one row an answer; return how many.

    An answer with several skills stays one row, its skills joined by ~: a row for each skill would
    give the answer away to whatever predicts the next row.
    """
    rows = csv.writer(to, lineterminator="\n")
    rows.writerow(RESPONSE_COLUMNS)
    number = 0
    for number, response in enumerate(responses, start=1):
        skills = SKILL_SEPARATOR.join(response.skills)
        seconds = "" if response.seconds is None else repr(response.seconds)
        rows.writerow(
            (number, response.learner, skills, response.item, int(response.correct), seconds)
        )
    return number


def write_answers(answers: Iterable[LoggedAnswer], to: TextIO) -> int:
    """Write an answer log in the order given, one row an answer; return how many.

    The skills of a row stand in ascending order, joined by ~, so that an item always has the same.
    """
    rows = csv.writer(to, lineterminator="\n")
    rows.writerow(ANSWER_COLUMNS)
    count = 0
    for answer in answers:
        skills = SKILL_SEPARATOR.join(sorted(answer.skills))
        place = (answer.learner, answer.sequence)
        told = (int(answer.correct), answer.fold, answer.seconds)
        rows.writerow((*place, skills, answer.item, *told))
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class _Listed:
    """What a table says of one skill, and the line where it is first named."""

    line: int
    values: dict[str, float] = field(default_factory=dict)


def _take(values: dict[str, float], row: Mapping[str, str]) -> Iterator[str]:
    """Take in one row, or yield what is wrong with it."""
    name = _NAMES.get(row["param"])
    if name is None:
        yield f"no parameter is called {row['param']!r}"
    elif name in values:
        yield f"{row['skill']} has more than one value of {row['param']}"
    else:
        values[name] = _number(row["value"])
        if isnan(values[name]):  # told of here, once
            yield f"value must be a number, got {row['value']!r}"


def _number(text: str | None) -> float:
    try:
        return float(text or "")
    except ValueError:
        return nan


def _faults(skill: str, values: Mapping[str, float]) -> list[str]:
    missing = [theirs for theirs, ours in _NAMES.items() if ours not in values]
    if missing not in ([], ["forgets"]):
        return [f"{skill}: {', '.join(missing)} missing"]
    if any(isnan(value) for value in values.values()):
        return []
    try:
        SkillParameters(**values)
    except ValueError as error:
        return [f"{skill}: {error}"]
    return []
