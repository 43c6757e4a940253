"""Answer logs as flat arrays: the form in which every fit and every evaluation reads them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

NO_ITEM = -1
"""Where a log names no item for an answer."""

MOST_SKILLS = 64
"""Most skills one answer may have: the room that the compiled loops keep."""

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class AnswerLog:
    """Answers of many learners, each learner's in the order given, one row an answer.

    Histories of n_histories learners lie one after another; a restart cuts one into several.
    starts: (n_histories + 1,) int64, history h is rows starts[h] : starts[h + 1].
    owners: (n_histories,) int64, the learner a history belongs to.
    folds: (n_histories,) int32.
    skill_starts: (n_answers + 1,) int64, the skills of row r are
        skills[skill_starts[r] : skill_starts[r + 1]]; at least one, distinct.
    skills: (n_pairs,) int32, in [0, n_skills).
    items: (n_answers,) int32, in [0, n_items), NO_ITEM where none is named.
    correct: (n_answers,) bool.
    seconds: (n_answers,) float64, never decreasing within a history; NaN where unknown.
    guesses: (n_items,) float64, chance to guess the item right, NaN where none is known of it;
        left out, none is known of any.
    n_skills, n_items: how many labels there are. Labels are names, never statistics: a label that
        a training log lacks has no answers there, and is predicted from the mean of the others.
    Raises ValueError naming every rule that is broken.
    """

    starts: Longs
    owners: Longs
    folds: Ints
    skill_starts: Longs
    skills: Ints
    items: Ints
    correct: Flags
    seconds: Floats
    n_skills: int
    n_items: int
    guesses: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        if not len(self.guesses):
            object.__setattr__(self, "guesses", np.full(self.n_items, np.nan))
        problems = [text for text, broken in self._rules() if broken]
        if problems:
            raise ValueError("; ".join(problems))

    @property
    def n_answers(self) -> int:
        """Return the number of answers."""
        return len(self.correct)

    @property
    def n_histories(self) -> int:
        """Return the number of histories: learners, unless restarted."""
        return len(self.owners)

    @property
    def history_of(self) -> Longs:
        """Return the history of each row: (n_answers,) int64."""
        return np.repeat(np.arange(self.n_histories), np.diff(self.starts))

    @property
    def learner_of(self) -> Longs:
        """Return the learner of each row: (n_answers,) int64."""
        return np.repeat(self.owners, np.diff(self.starts))

    def keep(self, histories: Flags) -> "AnswerLog":
        """Return the log of some histories alone: (n_histories,) bool. Labels stay as they are."""
        rows = np.repeat(histories, np.diff(self.starts))
        pairs = np.repeat(rows, np.diff(self.skill_starts))
        return replace(
            self,
            starts=_offsets(np.diff(self.starts)[histories]),
            owners=self.owners[histories],
            folds=self.folds[histories],
            skill_starts=_offsets(np.diff(self.skill_starts)[rows]),
            skills=self.skills[pairs],
            items=self.items[rows],
            correct=self.correct[rows],
            seconds=self.seconds[rows],
        )

    def span(self, first: int, end: int) -> "AnswerLog":
        """Return the log of histories first : end alone, without copying any answer."""
        rows = slice(self.starts[first], self.starts[end])
        pairs = slice(self.skill_starts[rows.start], self.skill_starts[rows.stop])
        return replace(
            self,
            starts=self.starts[first : end + 1] - rows.start,
            owners=self.owners[first:end],
            folds=self.folds[first:end],
            skill_starts=self.skill_starts[rows.start : rows.stop + 1] - pairs.start,
            skills=self.skills[pairs],
            items=self.items[rows],
            correct=self.correct[rows],
            seconds=self.seconds[rows],
        )

    def in_folds(self, folds: Sequence[int]) -> "AnswerLog":
        """Return the log of the learners of some folds."""
        return self.keep(np.isin(self.folds, folds))

    def draw(self, learners: int, *, seed: int) -> "AnswerLog":
        """Return the log of so many learners, drawn without replacement (all if fewer).

        seed: any integer >= 0; the same seed and log give the same learners.
        """
        known = np.unique(self.owners)
        drawn = np.random.default_rng(seed).permutation(known)[:learners]
        return self.keep(np.isin(self.owners, drawn))

    def restarted(self, every: int) -> "AnswerLog":
        """Return the log with histories cut into pieces of at most `every` (>= 1) answers.

        Source: the protocol of Ghosh, Heffernan & Lan (2020), KDD, which forgets a learner after
        200 answers.
        """
        lengths = np.diff(self.starts)
        pieces = -(-lengths // every)
        first = np.repeat(self.starts[:-1], pieces)
        within = np.arange(pieces.sum()) - np.repeat(_offsets(pieces)[:-1], pieces)
        return replace(
            self,
            starts=np.append(first + within * every, self.n_answers).astype(np.int64),
            owners=np.repeat(self.owners, pieces),
            folds=np.repeat(self.folds, pieces),
        )

    def is_first_meeting(self) -> Flags:
        """Return whether a row is its learner's first answer to its item: (n_answers,) bool.

        Rows without an item count as first meetings.
        """
        key = self.learner_of * (self.n_items + 1) + self.items
        first = np.zeros(self.n_answers, dtype=bool)
        first[np.unique(key, return_index=True)[1]] = True
        first |= self.items == NO_ITEM
        return first

    def _rules(self) -> list[tuple[str, bool]]:
        n = self.n_answers
        gaps = np.diff(self.seconds)
        inside = np.ones(max(n - 1, 0), dtype=bool)
        cuts = self.starts[1:-1]
        inside[cuts[(cuts > 0) & (cuts < n)] - 1] = False
        return [
            ("starts must run from 0 to the number of answers", not _spans(self.starts, n)),
            ("every history must have an answer", bool((np.diff(self.starts) < 1).any())),
            ("skill_starts must run from 0 to the number of pairs",
             not _spans(self.skill_starts, len(self.skills)) or len(self.skill_starts) != n + 1),
            ("every answer must have a skill", bool((np.diff(self.skill_starts) < 1).any())),
            (f"an answer may have at most {MOST_SKILLS} skills",
             bool((np.diff(self.skill_starts) > MOST_SKILLS).any())),
            ("skills must be labels", not _within(self.skills, 0, self.n_skills)),
            ("items must be labels", not _within(self.items, NO_ITEM, self.n_items)),
            ("guesses must be in [0, 1), one for each item",
             len(self.guesses) != self.n_items
             or bool(((self.guesses < 0.0) | (self.guesses >= 1.0)).any())),
            ("a column is too short", not len(self.items) == len(self.seconds) == n),
            ("seconds must not decrease within a history", bool((gaps[inside] < 0).any())),
        ]  # fmt: skip


def _offsets(lengths: Longs) -> Longs:
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)


def _spans(starts: Longs, total: int) -> bool:
    return len(starts) > 0 and starts[0] == 0 and starts[-1] == total


def _within(labels: Ints, low: int, high: int) -> bool:
    return len(labels) == 0 or bool(labels.min() >= low and labels.max() < high)
