"""Exchange with pyBKT and with notebooks, as CSV: parameter tables in and out, response logs out.

Plain Python: nothing heavy is loaded. The parameter table is what pyBKT's `Model.params()` prints:
`skill,param,class,value`, a row a number. The response log has the column names that pyBKT's
`Model.fit` and the data sets of ASSISTments use.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TextIO

from engine.bkt import SkillParameters

PARAMETER_COLUMNS = ("skill", "param", "class", "value")
RESPONSE_COLUMNS = (
    "order_id", "user_id", "skill_name", "problem_id", "correct", "seconds",
)  # fmt: skip
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


def write_parameters(skills: Mapping[str, SkillParameters], to: TextIO) -> None:
    """Write the parameters as pyBKT's table. Exact: read_parameters gives them back."""
    rows = csv.writer(to, lineterminator="\n")
    rows.writerow(PARAMETER_COLUMNS)
    for skill, parameters in skills.items():
        for theirs, ours in _NAMES.items():
            rows.writerow((skill, theirs, USUAL_CLASS, repr(getattr(parameters, ours))))


def read_parameters(lines: Iterable[str]) -> dict[str, SkillParameters]:
    """Return the parameters of a pyBKT table, by skill, in the order of the table.

    lines: of a CSV with the columns skill, param, class and value, in any order; others are left
        alone. A skill without forgets does not forget.
    Raises ValueError naming the line or skill where a column or parameter is missing, a value is no
    number, a parameter has several classes (pyBKT's multigs, multilearn and multiprior), or
    SkillParameters refuses the values.
    """
    rows = csv.DictReader(lines)
    missing = [name for name in PARAMETER_COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise ValueError(f"columns are missing: {', '.join(missing)}")
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        _take(found.setdefault(row["skill"], {}), row, line=rows.line_num)
    return {skill: _checked(skill, values) for skill, values in found.items()}


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


def _take(values: dict[str, float], row: Mapping[str, str], *, line: int) -> None:
    name = _NAMES.get(row["param"])
    if name is None:
        raise ValueError(f"line {line}: no parameter is called {row['param']!r}")
    if name in values:
        raise ValueError(f"line {line}: {row['skill']} has more than one value of {row['param']}")
    try:
        values[name] = float(row["value"])
    except (TypeError, ValueError):
        raise ValueError(f"line {line}: value must be a number, got {row['value']!r}") from None


def _checked(skill: str, values: Mapping[str, float]) -> SkillParameters:
    missing = [theirs for theirs, ours in _NAMES.items() if ours not in values]
    if missing not in ([], ["forgets"]):
        raise ValueError(f"{skill}: {', '.join(missing)} missing")
    try:
        return SkillParameters(**values)
    except ValueError as error:
        raise ValueError(f"{skill}: {error}") from error
