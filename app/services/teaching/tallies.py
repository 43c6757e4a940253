"""Counting what an agency's learners did with a module: one pass over their answers.

Each learner counts once for an item, with their first answer to the text in use: answers after
feedback say more about the feedback. How strong a learner is, is the share of the module's other
items they had right at first: an item never speaks for itself.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import log
from typing import Any, NamedTuple

from app.authoring import Exercise
from app.services.teaching.item_key import parts_of
from engine import Outcome

# Fewer other items say too little about how strong somebody is.
OTHER_ITEMS = 4
BINS = 20  # of strength, from 0 to 1
OPPORTUNITIES = 12
# Seconds are counted in steps of a twentieth, so that a median needs no list of all of them.
STEP = log(1.05)
LONGEST_SECONDS = 3600.0
NO_SPREAD = 1e-12
KNOWN_CHOICES = 10_000


class Answered(NamedTuple):
    """One answer, as the log has it; a learner's answers come together and in their order."""

    learner: object
    item: str
    revision: str
    outcome: str
    choice: str
    hints: int
    seconds: float
    predicted: float | None


class _First(NamedTuple):
    right: bool
    answered: Answered


@dataclass(slots=True)
class _Item:
    """What is counted of one item."""

    exercise: Exercise | None  # None for a lesson
    revision: str
    skills: tuple[str, ...]
    answers: int = 0
    learners: int = 0
    right: int = 0
    dont_know: int = 0
    with_hints: int = 0
    predicted: float = 0.0
    predictions: int = 0
    seconds: Counter[int] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    # Of learners whose strength is known: how many, how many were right, what they took, by bin.
    strong: list[list[int]] = field(default_factory=lambda: [[0, 0] for _ in range(BINS)])
    taken_by_bin: list[Counter[str]] = field(
        default_factory=lambda: [Counter() for _ in range(BINS)]
    )
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def parts_taken(self, choice: str) -> tuple[str, ...]:
        known = self.parts.get(choice)
        if known is None:
            known = self._read(choice)
            if len(self.parts) < KNOWN_CHOICES:
                self.parts[choice] = known
        return known

    def _read(self, choice: str) -> tuple[str, ...]:
        given: Mapping[str, Any] = json.loads(choice)
        if self.exercise is None or "answer" not in given:
            return ()
        return parts_of(self.exercise, given["answer"])


class Tally:
    """The counts of one module for one agency."""

    def __init__(self, items: Mapping[str, tuple[Exercise | None, str, tuple[str, ...]]]) -> None:
        """`items`: item id -> (its exercise, the revision in use, its skills)."""
        self._items = {item: _Item(*known) for item, known in items.items()}
        self._curves: dict[str, list[list[int]]] = {
            skill: [[0, 0] for _ in range(OPPORTUNITIES)]
            for _, _, skills in items.values()
            for skill in skills
        }
        self.responses = 0

    def add(self, answers: Iterable[Answered]) -> None:
        """Count these answers: whole learners, each learner's answers together."""
        for _, own in groupby(answers, key=lambda answered: answered.learner):
            self._add_learner(own)

    def _add_learner(self, answers: Iterator[Answered]) -> None:
        firsts: dict[str, _First] = {}
        practised: Counter[str] = Counter()
        for answered in answers:
            self.responses += 1
            item = self._items.get(answered.item)
            if item is None:
                continue  # an item that is no longer in the module
            right = answered.outcome == Outcome.CORRECT
            if item.exercise is not None:
                self._practise(item, practised, right=right and not answered.hints)
            if answered.revision == item.revision:
                item.answers += 1
                firsts.setdefault(answered.item, _First(right, answered))
        self._count_firsts(firsts)

    def _practise(self, item: _Item, practised: Counter[str], *, right: bool) -> None:
        for skill in item.skills:
            if practised[skill] < OPPORTUNITIES:
                point = self._curves[skill][practised[skill]]
                point[0] += 1
                point[1] += right
                practised[skill] += 1

    def _count_firsts(self, firsts: Mapping[str, _First]) -> None:
        exercises = [id_ for id_ in firsts if self._items[id_].exercise is not None]
        total = sum(firsts[id_].right for id_ in exercises)
        for id_, first in firsts.items():
            item = self._items[id_]
            _count(item, first)
            if item.exercise is not None and len(exercises) > OTHER_ITEMS:
                share = (total - first.right) / (len(exercises) - 1)
                _count_strength(item, first, strength=min(int(share * BINS), BINS - 1))

    def document(self) -> dict[str, Any]:
        """Everything counted, as JSON values: what figures.py reads."""
        return {
            "responses": self.responses,
            "items": {id_: _document(item) for id_, item in self._items.items() if item.learners},
            "curves": {skill: points for skill, points in self._curves.items() if points[0][0]},
        }


def _count(item: _Item, first: _First) -> None:
    answered = first.answered
    item.learners += 1
    item.right += first.right
    item.dont_know += answered.outcome == Outcome.DONT_KNOW
    item.with_hints += answered.hints > 0
    if answered.predicted is not None:
        item.predicted += answered.predicted
        item.predictions += 1
    # A clock that stepped back must not make a negative time.
    spent = min(max(answered.seconds, 1.0), LONGEST_SECONDS)
    item.seconds[round(log(spent) / STEP)] += 1
    item.taken.update(item.parts_taken(answered.choice))


def _count_strength(item: _Item, first: _First, *, strength: int) -> None:
    item.strong[strength][0] += 1
    item.strong[strength][1] += first.right
    item.taken_by_bin[strength].update(item.parts_taken(first.answered.choice))


def _document(item: _Item) -> dict[str, Any]:
    weak, strong = _ends(item)
    return {
        "revision": item.revision,
        "answers": item.answers,
        "learners": item.learners,
        "right": item.right,
        "dont_know": item.dont_know,
        "with_hints": item.with_hints,
        "predicted": item.predicted / item.predictions if item.predictions else None,
        "taken": dict(item.taken),
        "median_seconds": _median(item.seconds),
        "discrimination": _correlation(item.strong),
        "ranked": sum(learners for learners, _ in item.strong),
        "weak": weak,
        "strong": strong,
    }


def _ends(item: _Item) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the weaker and the stronger third took. A bin is never split, so thirds are rough."""
    third = sum(learners for learners, _ in item.strong) / 3
    return _end(item, range(BINS), third), _end(item, range(BINS - 1, -1, -1), third)


def _end(item: _Item, bins: Sequence[int], third: float) -> dict[str, Any]:
    learners, taken = 0, Counter[str]()
    for number in bins:
        if learners and learners + item.strong[number][0] / 2 > third:
            break
        learners += item.strong[number][0]
        taken.update(item.taken_by_bin[number])
    return {"learners": learners, "taken": dict(taken)}


def _median(seconds: Counter[int]) -> float:
    half, passed = seconds.total() / 2, 0
    for step in sorted(seconds):
        passed += seconds[step]
        if passed >= half:
            return float(1.05**step)
    return 0.0


def _correlation(bins: Sequence[Sequence[int]]) -> float | None:
    """The correlation of being right with strength; None where either never varies.

    Between -1 and 1: the corrected item-total correlation of test theory, on binned strength.
    """
    n = r = s = rs = ss = 0.0
    for number, (learners, right) in enumerate(bins):
        strength = (number + 0.5) / BINS
        n += learners
        r += right
        s += learners * strength
        rs += right * strength
        ss += learners * strength * strength
    spread = (n * ss - s * s) * (n * r - r * r)
    return (n * rs - r * s) / spread**0.5 if spread > NO_SPREAD else None
