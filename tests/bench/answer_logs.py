"""Reading answer logs: CSV or CSV.gz with learner, sequence, skills, item, correct, fold.

Further columns are optional: seconds (real time since the learner's first row) and set (numbers of
learners are local to one). One row is one answer, however many skills it carries: a row is never
repeated for each of its skills, because the second copy would give the answer away.
"""

import csv
import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import numpy as np

from engine.model.answers import NO_ITEM, AnswerLog

REQUIRED = ("learner", "sequence", "skills", "item", "correct", "fold")
SKILL_SEPARATOR = "~"
_ANSWERS = {"0": False, "1": True}


class LogFormatError(ValueError):
    """A row that breaks the documented format, with its line number."""


def logs_folder() -> Path:
    """Return the folder of the answer logs: CAIRN_DATA, or shared data beside the repository."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    return Path(os.environ.get("CAIRN_DATA", beside)) / "knowledge-tracing"


def read_answer_log(path: Path) -> AnswerLog:
    """Return the answers of a file. Raises LogFormatError where the format is broken."""
    with _opened(path) as lines:
        rows = csv.reader(lines)
        names = next(rows, [])
        missing = [name for name in REQUIRED if name not in names]
        if missing:
            raise LogFormatError(f"{path.name}: missing columns: {', '.join(missing)}")
        return _Columns(names).read(rows)


class _Columns:
    """Collects rows into columns; a learner's rows must lie together and in sequence."""

    def __init__(self, names: list[str]) -> None:
        self._places = [names.index(name) for name in REQUIRED]
        self._seconds_at = names.index("seconds") if "seconds" in names else None
        self._set_at = names.index("set") if "set" in names else None
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

    def read(self, rows: Iterator[list[str]]) -> AnswerLog:
        last_learner, last_sequence = ("", ""), 0
        for line, row in enumerate(rows, start=2):
            learner, sequence, skills, item, correct, fold = [row[at] for at in self._places]
            key = (learner, "" if self._set_at is None else row[self._set_at])
            if key != last_learner:
                self._begin(key, line=line, fold=int(fold))
            elif int(sequence) <= last_sequence:
                raise LogFormatError(f"line {line}: sequence must grow within a learner")
            elif int(fold) != self._folds[-1]:
                raise LogFormatError(f"line {line}: a learner is in one fold only")
            last_learner, last_sequence = key, int(sequence)
            self._add(skills, item, correct, line=line)
            at = None if self._seconds_at is None else row[self._seconds_at]
            self._seconds.append(float(at) if at else np.nan)
        return self._log()

    def _begin(self, key: tuple[str, str], *, line: int, fold: int) -> None:
        if key in self._learners:
            raise LogFormatError(f"line {line}: the rows of learner {key[0]} do not lie together")
        self._learners[key] = len(self._learners)
        self._starts.append(len(self._correct))
        self._folds.append(fold)

    def _add(self, skills: str, item: str, correct: str, *, line: int) -> None:
        names = skills.split(SKILL_SEPARATOR)
        if "" in names or len(set(names)) != len(names):
            raise LogFormatError(f"line {line}: skills must be named and distinct, got {skills!r}")
        if correct not in _ANSWERS:
            raise LogFormatError(f"line {line}: correct must be 0 or 1, got {correct!r}")
        ids = self._skill_ids
        self._pairs.extend([ids.setdefault(name, len(ids)) for name in names])
        self._counts.append(len(names))
        known = self._item_ids
        self._items.append(known.setdefault(item, len(known)) if item else NO_ITEM)
        self._correct.append(_ANSWERS[correct])

    def _log(self) -> AnswerLog:
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


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            yield lines
    else:
        with path.open(encoding="utf-8", newline="") as lines:
            yield lines
