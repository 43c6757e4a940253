"""The Pareto front of mastery against minutes as a picture, drawn from the figures of the bench.

No library: one SVG of text, lines and dots, readable by ear (title and description) and without
colour. Every dot has its name, as the page about the engine says it, in a column of its own: names
beside the dots would lie on each other, as most ways of choosing end close together.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from app.web.info import POLICIES

WIDTH, HEIGHT = 940, 560
LEFT, RIGHT, TOP, BOTTOM = 58, 560, 66, 62
NAMES = 600
ROW = 34.0
OURS, LIMIT = "cairn", "oracle"


class Point(NamedTuple):
    """What a way of choosing reached: its mean over the worlds, and its worst world."""

    policy: str
    minutes: float
    known: float
    worst_minutes: float
    worst_known: float

    @property
    def name(self) -> str:
        """The name as people read it."""
        return str(POLICIES[self.policy][0]) if self.policy in POLICIES else self.policy


class Scale(NamedTuple):
    """The axes: minutes from 0 to most, mastery from least to 1."""

    most: float
    least: float

    def x(self, minutes: float) -> float:
        return LEFT + (RIGHT - LEFT) * minutes / self.most

    def y(self, known: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - known) / (1.0 - self.least)


def draw(found: Mapping[str, Any]) -> str:
    """The picture: each policy's mean over the worlds as a dot, its worst world as a ring."""
    points = sorted(
        (
            Point(policy, mean["minutes"], mean["known"], *_worst(found["cells"][policy]))
            for policy, mean in found["mean"].items()
        ),
        key=lambda it: (-it.known, it.minutes),
    )
    scale = _scale(points)
    said = f"{found['learners']} simulated learners in each of {len(found['worlds'])} worlds"
    ours_last = sorted(points, key=lambda it: it.policy == OURS)
    rows = dict(zip(points, _rows([scale.y(it.known) for it in points]), strict=True))
    return "\n".join(
        [
            _OPENS,
            '<title id="front-title">True mastery against minutes, by way of choosing</title>',
            f'<desc id="front-desc">{said}. {escape(_in_words(points))}</desc>',
            _STYLE,
            f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>',
            _words(LEFT, 26, "What is truly known in the end, and the time it took", "head"),
            *_frame(scale),
            *_front(points, scale),
            *(line for it in ours_last for line in _mark(it, scale, rows[it])),
            "</svg>",
            "",
        ]
    )


_OPENS = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
    'aria-labelledby="front-title front-desc" font-family="system-ui, sans-serif">'
)
_STYLE = """<style>
.ground{fill:#fff}.head{font-size:18px;fill:#0b0c0c;font-weight:600}.axis{stroke:#dfe1e3}
.tick{font-size:14px;fill:#484949}.name{font-size:15px;fill:#0b0c0c}.told{fill:#484949}
.dot{fill:#1d70b8}.ring{fill:none;stroke:#1d70b8}.lead{stroke:#8b9196;stroke-width:.8;fill:none}
.worst{stroke:#b1b4b6;stroke-dasharray:2 4}.front{fill:none;stroke:#0b0c0c;stroke-width:1.5}
.ours .dot{fill:#00703c}.ours .ring,.ours .lead,.ours .worst{stroke:#00703c;stroke-width:2}
.ours .name{font-weight:700;fill:#00703c}
</style>"""


def _words(x: float, y: float, text: str, style: str, *, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{style}" {place}>{escape(text)}</text>'


def _worst(cells: Mapping[str, Mapping[str, float]]) -> tuple[float, float]:
    worst = min(cells.values(), key=lambda cell: cell["known"])
    return worst["minutes"], worst["known"]


def _in_words(points: list[Point]) -> str:
    return " ".join(f"{it.name}: {it.known:.2f} in {it.minutes:.0f} minutes." for it in points)


def _scale(points: list[Point]) -> Scale:
    longest = max(max(it.minutes, it.worst_minutes) for it in points)
    lowest = min(it.worst_known for it in points)
    return Scale(most=50.0 * (int(longest / 50.0) + 1), least=min(0.8, int(lowest * 5.0) / 5.0))


def _rows(wanted: list[float]) -> list[float]:
    """Where the names stand: each as near to its dot's height as the others leave room.

    wanted: from the top down.
    """
    rows: list[float] = []
    for y in wanted:
        rows.append(max(y, rows[-1] + ROW) if rows else y)
    lowest: float = HEIGHT - BOTTOM
    for place in range(len(rows) - 1, -1, -1):
        rows[place] = min(rows[place], lowest)
        lowest = rows[place] - ROW
    return rows


def _frame(scale: Scale) -> Iterator[str]:
    foot = HEIGHT - BOTTOM
    for tenth in range(round(scale.least * 10), 11, 2):
        y = scale.y(tenth / 10)
        yield f'<line class="axis" x1="{LEFT}" x2="{RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield _words(LEFT - 8, y + 5, f"{tenth * 10}%", "tick", anchor="end")
    for minutes in range(0, int(scale.most) + 1, 50):
        yield _words(scale.x(minutes), foot + 22, str(minutes), "tick", anchor="middle")
    yield _words(RIGHT, foot + 44, "minutes", "tick", anchor="end")
    yield _words(LEFT, foot + 44, "Dot: mean of the worlds. Ring: worst world.", "tick")
    yield _words(LEFT - 8, TOP - 18, "truly known", "tick")


def _front(points: list[Point], scale: Scale) -> Iterator[str]:
    """A line through the policies that none beats on both axes, the oracle left out."""
    best, line = -1.0, []
    for it in sorted(points, key=lambda it: it.minutes):
        if it.known > best and it.policy != LIMIT:
            best = it.known
            line.append(f"{scale.x(it.minutes):.1f},{scale.y(it.known):.1f}")
    yield f'<polyline class="front" points="{" ".join(line)}"/>'


def _mark(it: Point, scale: Scale, row: float) -> Iterator[str]:
    """A dot with its ring, and the line that leads to its name."""
    x, y = scale.x(it.minutes), scale.y(it.known)
    wx, wy = scale.x(it.worst_minutes), scale.y(it.worst_known)
    figures = f"{it.known:.0%} in {it.minutes:.0f} min"
    yield f'<g class="{"ours" if it.policy == OURS else "rival"}">'
    yield f'<line class="worst" x1="{x:.1f}" y1="{y:.1f}" x2="{wx:.1f}" y2="{wy:.1f}"/>'
    yield f'<circle class="ring" cx="{wx:.1f}" cy="{wy:.1f}" r="4"/>'
    middle = row - 5.0  # of the name, which stands on the row
    ends = f"{x:.1f},{y:.1f} {RIGHT + 8},{middle:.1f} {NAMES - 6},{middle:.1f}"
    yield f'<polyline class="lead" points="{ends}"/>'
    yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    yield _words(NAMES, row, it.name, "name")
    yield _words(NAMES, row + 15, figures, "tick told")
    yield "</g>"
