"""What many courses come to: the figures of one policy in one world."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import mean

from engine.simulate.study import Course

Cell = dict[str, float | None]
"""Figures by the names of CELL; None where nobody was there to measure."""

CELL: dict[str, str] = {
    "known": "true mastery at the stop, share of skills",
    "minutes": "minutes to the stop",
    "minutes_to_most": "minutes to 90 % truly mastered (the stop, where never)",
    "reached_most": "share of learners who reached 90 %",
    "over_practice": "minutes on what was truly mastered already",
    "false_mastery": "share of skills held for mastered that are not",
    "delayed": "true mastery 30 days later",
    "slow_gap": "true mastery of the others less that of slow learners",
    "knower_share": "items of those who knew it all, as a share of the fixed sequence",
    "ended": "share of courses that the policy ended by itself",
}
"""The figures of a cell, and what each means."""


def figures_of(courses: Sequence[Course], fixed_items: int) -> Cell:
    """Return the figures of some courses.  fixed_items: length of the fixed sequence."""
    slow = [course.known for course in courses if course.slow]
    others = [course.known for course in courses if not course.slow]
    knowers = [course.items for course in courses if course.knower]
    claimed = sum(course.claimed for course in courses)
    return {
        "known": mean(course.known for course in courses),
        "minutes": mean(course.minutes for course in courses),
        "minutes_to_most": mean(course.minutes_to_most for course in courses),
        "reached_most": mean(course.reached_most for course in courses),
        "over_practice": mean(course.over for course in courses),
        "false_mastery": sum(course.falsely for course in courses) / claimed if claimed else 0.0,
        "delayed": mean(course.delayed for course in courses),
        "slow_gap": mean(others) - mean(slow) if slow and others else None,
        "knower_share": mean(knowers) / fixed_items if knowers else None,
        "ended": mean(course.ended for course in courses),
    }


def means(cells: Iterable[Cell]) -> Cell:
    """Return the mean of each figure over worlds, over those that have it."""
    cells = list(cells)
    averaged: Cell = {}
    for name in CELL:
        values = [value for cell in cells if (value := cell[name]) is not None]
        averaged[name] = mean(values) if values else None
    return averaged


def dominated(
    cells: Mapping[str, Mapping[str, Cell]], policy: str, *, but: Collection[str] = ()
) -> list[str]:
    """Return "world: rival" wherever a rival has higher mastery in fewer minutes."""
    return [
        f"{world}: {rival}"
        for world, own in cells[policy].items()
        for rival, by_world in cells.items()
        if rival != policy
        and rival not in but
        and _number(by_world[world]["known"]) > _number(own["known"])
        and _number(by_world[world]["minutes"]) < _number(own["minutes"])
    ]


def _number(value: float | None) -> float:
    return 0.0 if value is None else value
