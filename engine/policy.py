"""Every threshold of the recommender in one place, each with its sentence."""

from dataclasses import dataclass, field, fields
from typing import TypeVar

_Value = TypeVar("_Value", int, float, str)


def _threshold(default: _Value, sentence: str) -> _Value:
    """Return a dataclass field that carries the sentence shown on "How Cairn decides"."""
    value: _Value = field(default=default, metadata={"sentence": sentence})
    return value


@dataclass(frozen=True, slots=True)
class Threshold:
    """One threshold of a policy in words: its name, its value and what it means."""

    name: str
    value: int | float | str
    sentence: str


@dataclass(frozen=True, slots=True)
class Policy:
    """How the next item is chosen. describe() gives every field with its meaning.

    Raises ValueError naming every share outside [0, 1] and every count below 1.
    """

    version: str = _threshold("rules-4", "The name of this set of rules.")
    mastered: float = _threshold(0.7, "Mastery at or above which a skill counts as mastered.")
    kept: float = _threshold(
        0.5, "After one miss a skill stays mastered while mastery is at or above this."
    )
    placed: float = _threshold(
        0.85, "Mastery found by placement from which a skill may be skipped."
    )
    streak: int = _threshold(
        2, "Correct answers in a row, without hints, that mastery usually needs."
    )
    misfit: float = _threshold(
        0.45, "From this chance on that their answers fit the record badly, one more is asked for."
    )
    misfit_high: float = _threshold(0.95, "From this chance on, two more.")
    streak_items: int = _threshold(2, "Different items that those answers must come from.")
    testing: float = _threshold(
        0.3, "From this mastery on, and for a new skill, the item that tells most is chosen."
    )
    target: float = _threshold(0.7, "The chance of success that practice aims for.")
    floor: float = _threshold(0.3, "A chance of success below this is not offered twice in a row.")
    exposure: float = _threshold(
        0.25, "The largest share of learners who may get the same item first."
    )
    near: float = _threshold(
        0.02, "Items whose chance of success differs by less are about equally good."
    )
    repeat_gap: int = _threshold(4, "Items that lie between two showings of the same item.")
    lesson_below: float = _threshold(
        0.6, "A miss brings a lesson only where mastery is below this."
    )
    second_lesson_after: int = _threshold(1, "Misses after which a second lesson is offered too.")
    park_answers: int = _threshold(12, "Answers on a skill after which it may be set aside.")
    park_window: int = _threshold(
        6, "Latest answers looked at: under half correct sets the skill aside."
    )
    park_limit: int = _threshold(80, "Answers after which only a person can help.")
    transfer_days: int = _threshold(
        2, "Days from the first right answer on a skill to its transfer case."
    )
    transfer_tries: int = _threshold(2, "Times a transfer case is offered.")
    review_recall: float = _threshold(
        0.85, "Predicted recall below which a mastered skill is reviewed."
    )
    review_share: float = _threshold(0.25, "The largest share of items that are reviews.")

    def __post_init__(self) -> None:
        problems = [
            f"{item.name} must be {rule}, got {value}"
            for item in fields(self)
            if (rule := _broken_rule(value := getattr(self, item.name))) is not None
        ]
        if problems:
            raise ValueError("; ".join(problems))


def _broken_rule(value: float | str) -> str | None:
    if isinstance(value, str):
        return None if value else "a name"
    if isinstance(value, int):
        return None if value >= 1 else "1 or more"
    return None if 0.0 < value < 1.0 else "between 0 and 1"


def describe(policy: Policy) -> tuple[Threshold, ...]:
    """Return every threshold of the policy with its value and its sentence, in reading order."""
    return tuple(
        Threshold(item.name, getattr(policy, item.name), item.metadata["sentence"])
        for item in fields(policy)
    )
