"""Reading answer logs: CSV or CSV.gz with learner, skills, correct, fold.

Further columns are optional: sequence (a number that grows within a learner, gaps allowed), item,
seconds (real time since the learner's first row) and set (numbers of learners are local to one).
Any of their values but sequence may be empty; columns of other names are left alone. One row is
one answer, however many skills it carries: a row is never repeated for each of its skills, because
the second copy would give the answer away.
"""

import csv
import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import numpy as np

from engine.model.answers import MOST_SKILLS, NO_ITEM, AnswerLog

REQUIRED = ("learner", "skills", "correct", "fold")
OPTIONAL = ("sequence", "item", "seconds", "set")
SKILL_SEPARATOR = "~"
_ANSWERS = {"0": False, "1": True}


class LogFormatError(ValueError):
    """What breaks the documented format: the file, the line where there is one, and the rule."""


def logs_folder() -> Path:
    """Return the folder of the answer logs: CAIRN_DATA, or shared data beside the repository."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    return Path(os.environ.get("CAIRN_DATA", beside)) / "knowledge-tracing"


def read_answer_log(path: Path) -> AnswerLog:
    """Return the answers of a file.

    Raises LogFormatError where the file cannot be read or the format is broken.
    """
    try:
        with _opened(path) as lines:
            return _read(csv.reader(lines), path.name)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error) as error:
        raise LogFormatError(f"{path.name} cannot be read as CSV: {error}") from error


def _read(rows: Iterator[list[str]], file: str) -> AnswerLog:
    names = [name.strip() for name in next(rows, [])]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise LogFormatError(f"{file}: missing columns: {', '.join(missing)}")
    columns = _Columns(names)
    for line, row in enumerate(rows, start=2):
        if not row:
            continue
        if len(row) != len(names):
            wrong = f"{len(names)} columns expected, got {len(row)}"
            raise LogFormatError(f"{file}, line {line}: {wrong}")
        try:
            columns.take(row)
        except LogFormatError as error:
            raise LogFormatError(f"{file}, line {line}: {error}") from error
    return columns.log()


class _Columns:
    """Collects rows into columns; a learner's rows must lie together and in sequence."""

    def __init__(self, names: list[str]) -> None:
        self._required = [names.index(name) for name in REQUIRED]
        self._optional = [names.index(name) if name in names else None for name in OPTIONAL]
        self._skill_ids: dict[str, int] = {}
        self._item_ids: dict[str, int] = {}
        self._learners: dict[tuple[str, str], int] = {}
        self._starts: list[int] = []
        self._folds: list[int] = []
        self._pairs: list[int] = []
        self._counts: list[int] = []
        self._items: list[int] = []
        self._correct: list[bool] = []
        self._seconds: list[float] = []
        self._last: tuple[str, str] | None = None
        self._last_sequence = 0
        self._latest = -np.inf

    def take(self, row: list[str]) -> None:
        """Add one row."""
        learner, skills, correct, fold = [row[at] for at in self._required]
        sequence, item, seconds, group = ["" if at is None else row[at] for at in self._optional]
        number = _whole("sequence", sequence) if self._optional[0] is not None else 0
        if (learner, group) != self._last:
            self._begin((learner, group), fold=_whole("fold", fold))
        elif self._optional[0] is not None and number <= self._last_sequence:
            raise LogFormatError("sequence must grow within a learner")
        elif _whole("fold", fold) != self._folds[-1]:
            raise LogFormatError("a learner is in one fold only")
        self._last, self._last_sequence = (learner, group), number
        self._add(skills, item, correct)
        self._tell_time(seconds)

    def _begin(self, key: tuple[str, str], *, fold: int) -> None:
        if key in self._learners:
            raise LogFormatError(f"the rows of learner {key[0]} do not lie together")
        self._learners[key] = len(self._learners)
        self._starts.append(len(self._correct))
        self._folds.append(fold)

    def _add(self, skills: str, item: str, correct: str) -> None:
        names = skills.split(SKILL_SEPARATOR)
        if "" in names or len(set(names)) != len(names):
            raise LogFormatError(f"skills must be named and distinct, got {skills!r}")
        if len(names) > MOST_SKILLS:
            raise LogFormatError(f"an answer may have {MOST_SKILLS} skills, got {len(names)}")
        if correct not in _ANSWERS:
            raise LogFormatError(f"correct must be 0 or 1, got {correct!r}")
        ids = self._skill_ids
        self._pairs.extend([ids.setdefault(name, len(ids)) for name in names])
        self._counts.append(len(names))
        known = self._item_ids
        self._items.append(known.setdefault(item, len(known)) if item else NO_ITEM)
        self._correct.append(_ANSWERS[correct])

    def _tell_time(self, text: str) -> None:
        """Add a row's seconds; no time may be before one that the learner's rows had already."""
        seconds = _number("seconds", text) if text else np.nan
        if len(self._correct) - 1 == self._starts[-1]:
            self._latest = -np.inf
        if seconds < self._latest:
            raise LogFormatError("seconds must not decrease within a learner")
        self._latest = max(self._latest, seconds) if text else self._latest
        self._seconds.append(seconds)

    def log(self) -> AnswerLog:
        """Return the rows taken."""
        n = len(self._correct)
        return AnswerLog(
            starts=np.array([*self._starts, n], dtype=np.int64),
            owners=np.arange(len(self._starts), dtype=np.int64),
            folds=np.array(self._folds, dtype=np.int32),
            skill_starts=np.concatenate(([0], np.cumsum(self._counts))).astype(np.int64),
            skills=np.array(self._pairs, dtype=np.int32),
            items=np.array(self._items, dtype=np.int32),
            correct=np.array(self._correct, dtype=bool),
            seconds=np.array(self._seconds, dtype=np.float64),
            n_skills=len(self._skill_ids),
            n_items=len(self._item_ids),
        )


def _whole(column: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise LogFormatError(f"{column} must be a whole number, got {text!r}") from None


def _number(column: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise LogFormatError(f"{column} must be a number, got {text!r}")
    return value


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
            yield lines
    else:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield lines
