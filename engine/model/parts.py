"""Parts of a log: some learners of a log in memory, or a Parquet file that is read when asked.

Files hold numbers for labels, the same numbers in all files of a log; needs the extra `cluster`.
Answers in a database come as parts too: any callable that reads some learners.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine.model.answers import AnswerLog

PART_ANSWERS = 50_000
"""Answers in a part, about: a few megabytes, and enough work that handing it out costs nothing.
The fit depends on where a log is cut, so this is never made to suit the machine."""

_N_SKILLS, _N_ITEMS, _GUESSES = b"n_skills", b"n_items", b"guesses"


@dataclass(frozen=True, slots=True, eq=False)
class HeldPart:
    """The answers of some learners, in memory."""

    log: AnswerLog

    def __call__(self) -> AnswerLog:
        """Return the answers."""
        return self.log


def cut_parts(log: AnswerLog, *, answers: int = PART_ANSWERS) -> list[HeldPart]:
    """Return a log in parts of about so many answers; a learner's histories stay together."""
    known, learners = np.unique(log.owners, return_inverse=True)
    sizes = np.bincount(learners, weights=np.diff(log.starts), minlength=len(known))
    part_of = ((np.cumsum(sizes) - sizes) // answers).astype(np.int64)[learners]
    if len(part_of) and (np.diff(part_of) >= 0).all():
        cuts = np.flatnonzero(np.diff(part_of)) + 1
        ends = [0, *cuts.tolist(), log.n_histories]
        return [HeldPart(log.span(*pair)) for pair in pairwise(ends)]
    return [HeldPart(log.keep(part_of == part)) for part in np.unique(part_of)]


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A Parquet file of answers, in the columns of AnswerLog."""

    path: Path

    def __call__(self) -> AnswerLog:
        """Return the answers. Raises OSError where the file cannot be read."""
        from pyarrow import parquet  # noqa: PLC0415 - the extra may be missing

        table = parquet.read_table(self.path)
        told = table.schema.metadata
        skills = table["skills"].combine_chunks()
        history = table["history"].to_numpy()
        first = np.flatnonzero(np.diff(history, prepend=history[0] - 1))
        return AnswerLog(
            starts=np.append(first, len(history)).astype(np.int64),
            owners=table["learner"].to_numpy()[first].astype(np.int64),
            folds=table["fold"].to_numpy()[first].astype(np.int32),
            skill_starts=skills.offsets.to_numpy().astype(np.int64),
            skills=skills.values.to_numpy().astype(np.int32),
            items=table["item"].to_numpy().astype(np.int32),
            correct=table["correct"].to_numpy().astype(bool),
            seconds=table["seconds"].to_numpy().astype(np.float64),
            n_skills=int(told[_N_SKILLS]),
            n_items=int(told[_N_ITEMS]),
            guesses=np.frombuffer(told.get(_GUESSES, b"")),
        )


def store_parts(parts: Iterator[AnswerLog], folder: Path) -> list[StoredPart]:
    """Write logs one after another as Parquet files; return them as parts."""
    return [
        store_part(log, folder / f"part-{number:06d}.parquet") for number, log in enumerate(parts)
    ]


def store_part(log: AnswerLog, path: Path) -> StoredPart:
    """Write a log as one Parquet file; return it as a part."""
    import pyarrow as pa  # noqa: PLC0415 - the extra may be missing
    from pyarrow import parquet  # noqa: PLC0415

    columns = {
        "learner": log.learner_of,
        "history": log.history_of,
        "fold": np.repeat(log.folds, np.diff(log.starts)),
        "skills": pa.ListArray.from_arrays(log.skill_starts.astype(np.int32), log.skills),
        "item": log.items,
        "correct": log.correct,
        "seconds": log.seconds,
    }
    told: dict[bytes, str | bytes] = {
        _N_SKILLS: str(log.n_skills),
        _N_ITEMS: str(log.n_items),
    }
    if not np.isnan(log.guesses).all():
        told[_GUESSES] = log.guesses.tobytes()
    parquet.write_table(pa.table(columns).replace_schema_metadata(told), path)
    return StoredPart(path)
