"""Geometry for the charts of macros/charts.html: templates copy numbers out."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640
LABEL_WIDTH = 190
VALUE_WIDTH = 110
BAR_HEIGHT = 18
ROW_HEIGHT = 40
AXIS_HEIGHT = 26
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
    x: float
    y: float
    width: float
    height: float
    track_x: float
    track_width: float
    label_y: float
    value_x: float


@dataclass(frozen=True, slots=True)
class Tick:
    text: str
    x: float = 0.0
    y: float = 0.0
    y1: float = 0.0
    y2: float = 0.0
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class BarDrawing:
    width: float
    height: float
    bars: tuple[DrawnBar, ...]
    ticks: tuple[Tick, ...]
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


def draw_bars(bars: Sequence[Bar], *, ticks: Sequence[tuple[float, str]] = ()) -> BarDrawing:
    """Horizontal bars, one a row. `ticks` are (share, text) along the top."""
    track = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    head = AXIS_HEIGHT if ticks else 0
    height = head + ROW_HEIGHT * len(bars)
    return BarDrawing(
        width=WIDTH,
        height=height,
        bars=tuple(_bar(bar, head + ROW_HEIGHT * row, track) for row, bar in enumerate(bars)),
        ticks=tuple(
            Tick(text, x=LABEL_WIDTH + share * track, y1=head - 6, y2=height, label_y=head - 12)
            for share, text in ticks
        ),
        rows=tuple((bar.label, bar.text) for bar in bars),
    )


def _bar(bar: Bar, top: float, track: float) -> DrawnBar:
    middle = top + ROW_HEIGHT / 2
    return DrawnBar(
        label=bar.label,
        text=bar.text,
        x=LABEL_WIDTH + bar.start * track,
        y=middle - BAR_HEIGHT / 2,
        width=0 if bar.end is None else (bar.end - bar.start) * track,
        height=BAR_HEIGHT,
        track_x=LABEL_WIDTH,
        track_width=track,
        label_y=middle + BASELINE,
        value_x=WIDTH,
    )


def draw_line(
    points: Sequence[Point],
    *,
    y_ticks: Sequence[tuple[float, str]],
    goal: tuple[float, str] | None = None,
) -> LineDrawing:
    """A line through `points`, in order; `y_ticks` and `goal` are (share, text)."""
    spots = tuple(Spot(_across(point.at), _up(point.share)) for point in points)
    return LineDrawing(
        width=WIDTH,
        height=LINE_HEIGHT,
        left=LEFT,
        right=RIGHT,
        path="".join(f"{'L' if n else 'M'}{s.x:.1f} {s.y:.1f}" for n, s in enumerate(spots)),
        points=spots,
        x_ticks=_ends(points),
        y_ticks=tuple(
            Tick(text, y=_up(share), label_x=LEFT - 10, label_y=_up(share) + BASELINE)
            for share, text in y_ticks
        ),
        goal=None if goal is None else Tick(goal[1], y=_up(goal[0]), label_y=_up(goal[0]) - 6),
        rows=tuple((point.label, point.text) for point in points),
    )


def _ends(points: Sequence[Point]) -> tuple[Tick, ...]:
    if not points:
        return ()
    y = BOTTOM + 26
    first = Tick(points[0].label, x=_across(points[0].at), y=y, anchor="start")
    last = Tick(points[-1].label, x=_across(points[-1].at), y=y, anchor="end")
    return (first,) if len(points) == 1 else (first, last)


def _across(at: float) -> float:
    return LEFT + at * (RIGHT - LEFT)


def _up(share: float) -> float:
    return BOTTOM - share * (BOTTOM - TOP)
