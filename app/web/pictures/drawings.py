"""Geometry for the charts of macros/charts.html: templates copy numbers out."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640
BASELINE = 5  # from the middle of a line of text to its baseline
LINE_HEIGHT = 240
LEFT, RIGHT, TOP, BOTTOM = 108, 620, 20, 196


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar from `start` to `end`, shares in [0, 1]; a start above 0 makes it a band.

    Both None: nothing may be drawn, and `text` says why ("Not enough people").
    """

    label: str
    text: str
    end: float | None
    start: float = 0.0


@dataclass(frozen=True, slots=True)
class DrawnBar:
    label: str
    text: str
    known: bool
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Tick:
    text: str
    x: float = 0.0
    y: float = 0.0
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class BarDrawing:
    bars: tuple[DrawnBar, ...]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement: `at` and `share` in [0, 1] place it, the texts go into the table."""

    at: float
    share: float
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class LineDrawing:
    width: float
    height: float
    left: float
    right: float
    path: str
    points: tuple[Spot, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    goal: Tick | None
    rows: tuple[tuple[str, str], ...]


def draw_bars(bars: Sequence[Bar]) -> BarDrawing:
    """Horizontal bars, one a row."""
    return BarDrawing(
        bars=tuple(
            DrawnBar(
                label=bar.label,
                text=bar.text,
                known=bar.end is not None,
                start=bar.start,
                length=0.0 if bar.end is None else round(bar.end - bar.start, 4),
            )
            for bar in bars
        ),
        rows=tuple((bar.label, bar.text) for bar in bars),
    )


def draw_line(
    points: Sequence[Point],
    *,
    y_ticks: Sequence[tuple[float, str]],
    goal: tuple[float, str] | None = None,
    ends: tuple[str, str] | None = None,
) -> LineDrawing:
    """A line through `points`, in order; `y_ticks` and `goal` are (share, text).

    `ends` names the first and the last point where their labels are too long for that.
    """
    spots = tuple(Spot(_across(point.at), _up(point.share)) for point in points)
    return LineDrawing(
        width=WIDTH,
        height=LINE_HEIGHT,
        left=LEFT,
        right=RIGHT,
        path="".join(f"{'L' if n else 'M'}{s.x:.1f} {s.y:.1f}" for n, s in enumerate(spots)),
        points=spots,
        x_ticks=_ends([point.label for point in points] if ends is None else ends, points),
        y_ticks=tuple(
            Tick(text, y=_up(share), label_x=LEFT - 10, label_y=_up(share) + BASELINE)
            for share, text in y_ticks
        ),
        goal=None if goal is None else _goal(*goal, spots),
        rows=tuple((point.label, point.text) for point in points),
    )


def _goal(share: float, text: str, spots: Sequence[Spot]) -> Tick:
    """Its words hang below it, at the end where the line is further away from them."""
    y, words = _up(share), _up(share) + 6
    if spots and abs(spots[-1].y - words) > abs(spots[0].y - words):
        return Tick(text, y=y, label_x=RIGHT - 8, label_y=words, anchor="end")
    return Tick(text, y=y, label_x=LEFT + 8, label_y=words, anchor="start")


def _ends(names: Sequence[str], points: Sequence[Point]) -> tuple[Tick, ...]:
    if not points:
        return ()
    y = BOTTOM + 26
    first = Tick(names[0], x=_across(points[0].at), y=y, anchor="start")
    last = Tick(names[-1], x=_across(points[-1].at), y=y, anchor="end")
    return (first,) if len(points) == 1 else (first, last)


def _across(at: float) -> float:
    return LEFT + at * (RIGHT - LEFT)


def _up(share: float) -> float:
    return BOTTOM - share * (BOTTOM - TOP)
