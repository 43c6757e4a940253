"""Which figures about people may be shown, so that they say nothing about one person.

Pure arithmetic: no database, no clock. The rule, in the order in which it applies:

1. **Fixed groups.** A figure is about a group of at least ten people that never changes once it
   has been published (`form_groups`). A department of ten or more is a group; smaller ones share
   one if they reach ten together; whoever is left is in no figure until ten of them wait. Groups
   never overlap, also not across cohorts that share a module: the caller counts each person once.
   So leaving, joining or moving department changes no figure, and no two figures differ by a few
   people.
2. **Bands, never finer than five people.** Of a group two counts are measured: not started and
   completed. Each is shown as the band its share falls in: 10 points wide, or wider where ten
   points are fewer than five people (20 points below 50 people, halves below 25). A band is open
   below and closed above, the first one begins at nought: "10 % or less" ... "90 % or more". A
   band thus always leaves five possible counts, never only nobody and never only everybody.
3. **Nothing is measured twice.** "Underway" is what the two bands leave over, and totals are sums
   of the bands shown (`together`, `remainder`). What is a function of published figures cannot
   reveal more than they do, so no subtraction, from totals or across departments, gains anything.
   That takes the place of suppressing a second cell.
4. **A figure is kept until ten people have moved.** A band is replaced only when at least ten more
   people of the group have started (or completed) since it was measured. One person's answer can
   therefore never be seen as a difference between two weeks.
5. **All weeks together leave room.** That a figure moved says that ten people moved; a row of
   such facts could pin a count down (the third move in a group of 30 would mean: everybody). So
   before a figure is replaced, everything published so far and the new band are put together as
   what they are, difference constraints between counts (x - y <= k), and the bounds they imply are
   computed exactly. The figure stays as it is unless each count ever published keeps at least
   three possible values. A group of ten or eleven therefore keeps its first figures. That nothing
   was replaced says nothing more: "nobody has moved since" is
   always among the explanations.

What the rule does not promise: somebody who already knows how almost everybody in a group stands
learns a little about the rest. Only noise would prevent that, and noise makes figures wrong.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

FEWEST_PEOPLE = 10
FEWEST_MOVED = 10
FEWEST_COUNTS = 3
ROUNDED_TO = 5
# (a group of at least so many people, how wide its bands are in points)
WIDTHS = ((50, 10), (25, 20), (FEWEST_PEOPLE, 50))
ALL = 100


@dataclass(frozen=True, slots=True)
class Band:
    """A share known only to lie between two percentages."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A band and when it was measured."""

    at: datetime
    band: Band


@dataclass(frozen=True, slots=True)
class Figures:
    """All that was ever published about one group in one module, oldest first."""

    not_started: tuple[Figure, ...] = ()
    completed: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a group have started and completed a module. Never shown."""

    started: int
    completed: int


def form_groups(sizes: Mapping[str, int]) -> tuple[tuple[str, ...], ...]:
    """The departments that make up each group; a department in none has too few people."""
    large = [(name,) for name, size in sizes.items() if size >= FEWEST_PEOPLE]
    small = tuple(name for name, size in sizes.items() if 0 < size < FEWEST_PEOPLE)
    pooled = sum(sizes[name] for name in small) >= FEWEST_PEOPLE
    return (*large, small) if pooled else tuple(large)


def band_of(count: int, people: int) -> Band:
    """The band that this count's share of the group falls in."""
    width = _width(people)
    step = max(0, math.ceil(ALL * count / (people * width)) - 1)
    return Band(step * width, (step + 1) * width)


def counts_in(band: Band, people: int) -> tuple[int, int]:
    """The smallest and the largest count whose share lies in the band."""
    lowest = 0 if band.low == 0 else band.low * people // ALL + 1
    return lowest, band.high * people // ALL


def publish(
    people: int,
    past: Figures,
    *,
    now: Tally,
    then: Callable[[datetime], Tally],
    at: datetime,
) -> Figures:
    """What may be published about a group now: its past figures, and new ones where allowed.

    `then` says how the group stood at an earlier figure's time.
    """
    started = _moved(past.not_started, now.started, lambda time: then(time).started)
    figures = past
    if started:
        new = Figure(at, band_of(people - now.started, people))
        figures = _if_allowed(
            people, figures, replace(past, not_started=(*past.not_started, new)), _not_started
        )
    if _moved(past.completed, now.completed, lambda time: then(time).completed):
        new = Figure(at, band_of(now.completed, people))
        figures = _if_allowed(
            people, figures, replace(figures, completed=(*past.completed, new)), _completed
        )
    return figures


def remainder(first: Band, second: Band) -> Band:
    """The band of the people who are in neither."""
    return Band(max(0, ALL - first.high - second.high), max(0, ALL - first.low - second.low))


def together(parts: Sequence[tuple[int, Band]]) -> Band:
    """The band of several groups (people, band) taken together, in steps of five points."""
    people = sum(size for size, _ in parts)
    low = sum(size * band.low for size, band in parts) / people
    high = sum(size * band.high for size, band in parts) / people
    return Band(
        math.floor(low / ROUNDED_TO) * ROUNDED_TO, math.ceil(high / ROUNDED_TO) * ROUNDED_TO
    )


def rounded(people: int) -> int:
    """The number of people to the nearest five."""
    return (people + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def leaves_room(people: int, figures: Figures) -> bool:
    """Whether every count ever published keeps at least three possible values."""
    bounds = _bounds(people, figures)
    return bounds is not None and all(high - low + 1 >= FEWEST_COUNTS for low, high in bounds)


def _width(people: int) -> int:
    for fewest, width in WIDTHS:
        if people >= fewest:
            return width
    raise ValueError(f"a group needs {FEWEST_PEOPLE} people, got {people}")


def _moved(past: Sequence[Figure], now: int, then: Callable[[datetime], int]) -> bool:
    return not past or now - then(past[-1].at) >= FEWEST_MOVED


def _not_started(figures: Figures) -> tuple[Figure, ...]:
    return figures.not_started


def _completed(figures: Figures) -> tuple[Figure, ...]:
    return figures.completed


def _if_allowed(
    people: int,
    before: Figures,
    after: Figures,
    figures: Callable[[Figures], tuple[Figure, ...]],
) -> Figures:
    old, new = figures(before), figures(after)[-1]
    same = bool(old) and old[-1].band == new.band
    return before if same or not leaves_room(people, after) else after


def _bounds(people: int, figures: Figures) -> list[tuple[int, int]] | None:
    """The bounds of every count: of those started, then of those completed.

    Node 0 is the number nought; an edge (x, y, k) says x - y <= k. The largest value of x is the
    shortest way from 0 to x, the smallest is minus the shortest way back. None: nothing fits.
    """
    started = [_started_in(figure.band, people) for figure in figures.not_started]
    completed = [counts_in(figure.band, people) for figure in figures.completed]
    first = 1 + len(started)
    size = first + len(completed)
    edges = [
        edge
        for node, (low, high) in enumerate([*started, *completed], start=1)
        for edge in ((node, 0, high), (0, node, -low))
    ]
    edges += [(node, node + 1, -FEWEST_MOVED) for node in range(1, size - 1) if node + 1 != first]
    edges += _never_more_completed_than_started(figures, first)
    ways = _shortest_ways(size, edges)
    if any(ways[node][node] < 0 for node in range(size)):
        return None
    return [(-int(ways[node][0]), int(ways[0][node])) for node in range(1, size)]


def _started_in(band: Band, people: int) -> tuple[int, int]:
    low, high = counts_in(band, people)
    return people - high, people - low


def _never_more_completed_than_started(figures: Figures, first: int) -> list[tuple[int, int, int]]:
    edges = []
    for completed, later in enumerate(figures.completed, start=first):
        for started, figure in enumerate(figures.not_started, start=1):
            # Where the started figure is older and was kept, fewer than ten have started since.
            slack = 0 if figure.at >= later.at else FEWEST_MOVED - 1
            if slack == 0 or figure is _last_before(figures.not_started, later.at):
                edges.append((completed, started, slack))
    return edges


def _last_before(figures: Sequence[Figure], at: datetime) -> Figure | None:
    if any(figure.at == at for figure in figures):
        return None
    return next((figure for figure in reversed(figures) if figure.at < at), None)


def _shortest_ways(size: int, edges: Sequence[tuple[int, int, int]]) -> list[list[float]]:
    """ways[y][x] is the tightest k in x - y <= k (Floyd and Warshall)."""
    ways = [[0.0 if y == x else math.inf for x in range(size)] for y in range(size)]
    for x, y, limit in edges:
        ways[y][x] = min(ways[y][x], limit)
    for middle in range(size):
        for y in range(size):
            for x in range(size):
                ways[y][x] = min(ways[y][x], ways[y][middle] + ways[middle][x])
    return ways
