"""The Pareto front of mastery against minutes as a picture, drawn from the figures of the bench.

No library: one SVG of text, lines and dots, readable in light and dark, by ear (title and
description) and without colour (every dot has its name).
"""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 62, 24, 46, 56
OURS = "cairn"


def draw(found: Mapping[str, Any]) -> str:
    """The picture: each policy's mean over the worlds as a dot, its worst world as a ring."""
    points = {
        policy: (mean["minutes"], mean["known"], *_worst(found["cells"][policy]))
        for policy, mean in found["mean"].items()
    }
    longest = max(max(it[0], it[2]) for it in points.values())
    most = 50.0 * (int(longest / 50.0) + 1)
    body = [*_frame(most), *_front(points, most)]
    taken = [(_x(it[0], most) - 5, _x(it[0], most) + 5, _y(it[1]) + 4) for it in points.values()]
    for policy, point in sorted(points.items(), key=lambda it: (it[0] != OURS, -it[1][1])):
        body += _dot(policy, point, most, taken)
    said = f"{found['learners']} simulated learners in each of {len(found['worlds'])} worlds"
    return "\n".join(
        [
            _OPENS,
            '<title id="front-title">True mastery against minutes, by policy</title>',
            f'<desc id="front-desc">{said}. {escape(_in_words(points))}</desc>',
            _STYLE,
            f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>',
            _words(LEFT, 24, "True mastery against minutes: dot, mean; ring, worst world", "head"),
            *body,
            "</svg>",
            "",
        ]
    )


_OPENS = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
    'aria-labelledby="front-title front-desc" font-family="system-ui, sans-serif">'
)
_STYLE = """<style>
.ground{fill:#fff}.head{font-size:15px;fill:#0b0c0c;font-weight:600}.axis{stroke:#b1b4b6}
.tick,.name{font-size:12px;fill:#484949}.dot{fill:#5694ca}.ring{fill:none;stroke:#5694ca}
.link{stroke:#b1b4b6;stroke-dasharray:2 3}.front{fill:none;stroke:#0b0c0c;stroke-width:1.5}
.ours .dot{fill:#00703c}.ours .ring{stroke:#00703c;stroke-width:2}
.ours .name{font-weight:700;fill:#00703c}
</style>"""


def _words(x: float, y: float, text: str, style: str, *, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{style}" {place}>{escape(text)}</text>'


def _worst(cells: Mapping[str, Mapping[str, float]]) -> tuple[float, float]:
    worst = min(cells.values(), key=lambda cell: cell["known"])
    return worst["minutes"], worst["known"]


def _in_words(points: Mapping[str, tuple[float, ...]]) -> str:
    ranked = sorted(points.items(), key=lambda it: -it[1][1])
    return " ".join(f"{name}: {it[1]:.2f} in {it[0]:.0f} minutes." for name, it in ranked)


def _x(minutes: float, most: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * minutes / most


def _y(known: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * known


def _frame(most: float) -> Iterator[str]:
    foot = HEIGHT - BOTTOM
    for tenth in range(0, 11, 2):
        y = _y(tenth / 10)
        yield f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield _words(LEFT - 8, y + 4, f"{tenth / 10:.1f}", "tick", anchor="end")
    for minutes in range(0, int(most) + 1, 50):
        x = _x(minutes, most)
        yield _words(x, foot + 18, str(minutes), "tick", anchor="middle")
    yield _words(WIDTH - RIGHT, HEIGHT - 12, "minutes to the stop", "tick", anchor="end")
    yield _words(8, TOP - 6, "true mastery", "tick")


def _front(points: Mapping[str, tuple[float, ...]], most: float) -> Iterator[str]:
    """A line through the policies that none beats on both axes, the oracle left out."""
    ranked = sorted((it[0], it[1]) for name, it in points.items() if name != "oracle")
    best, line = -1.0, []
    for minutes, known in ranked:
        if known > best:
            best = known
            line.append(f"{_x(minutes, most):.1f},{_y(known):.1f}")
    yield f'<polyline class="front" points="{" ".join(line)}"/>'


def _dot(
    policy: str, point: tuple[float, ...], most: float, taken: list[tuple[float, float, float]]
) -> Iterator[str]:
    minutes, known, worst_minutes, worst_known = point
    x, y, wx, wy = _x(minutes, most), _y(known), _x(worst_minutes, most), _y(worst_known)
    left, label = _room(policy, x, y + 4.0, taken)
    yield f'<g class="{"ours" if policy == OURS else "rival"}">'
    yield f'<line class="link" x1="{x:.1f}" y1="{y:.1f}" x2="{wx:.1f}" y2="{wy:.1f}"/>'
    yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    yield f'<circle class="ring" cx="{wx:.1f}" cy="{wy:.1f}" r="4"/>'
    yield _words(x - 9 if left else x + 9, label, policy, "name", anchor="end" if left else "start")
    yield "</g>"


def _room(
    policy: str, x: float, y: float, taken: list[tuple[float, float, float]]
) -> tuple[bool, float]:
    """Where a name finds room: right of its dot or left of it, else further down."""
    wide = 6.6 * len(policy)
    for down in range(0, 200, 4):
        for left in (False, True):
            first = x - 7.0 - wide if left else x + 7.0
            apart = all(
                abs(y + down - other) >= 13.0 or first > end or first + wide < start
                for start, end, other in taken
            )
            if apart and first + wide < WIDTH - RIGHT:
                taken.append((first, first + wide, y + down))
                return left, y + down
    return False, y
