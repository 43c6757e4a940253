"""The picture of a module's skills: what builds on what, and how far somebody is.

Skills are drawn in layers, each below everything it builds on. An arrow that passes a layer keeps a
lane of its own there, so that it never runs behind a skill. Templates only copy the numbers out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

NODE_WIDTH = 196
LANE_WIDTH = 28
GAP = 28
LAYER_GAP = 52
LINE_HEIGHT = 19
PADDING = 16
MARGIN = 6
RADIUS = 14
LETTERS_A_LINE = 22
SWEEPS = 4


@dataclass(frozen=True, slots=True)
class MapSkill:
    """A skill to draw. `state` is a word of the template macro mastery_word; `url` may be empty."""

    slug: str
    title: str
    prerequisites: tuple[str, ...]
    state: str
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Node:
    slug: str
    title: str
    state: str
    url: str
    current: bool
    prerequisites: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float
    radius: float
    lines: tuple[Line, ...]
    word_x: float
    word_y: float


@dataclass(frozen=True, slots=True)
class Edge:
    path: str
    state: str


@dataclass(frozen=True, slots=True)
class SkillMap:
    width: float
    height: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    @property
    def bottom(self) -> float:
        return self.top + self.height


def draw_skill_map(skills: Sequence[MapSkill]) -> SkillMap:
    """Where every skill and arrow goes. The prerequisites must not form a circle."""
    known = {skill.slug: skill for skill in skills}
    depths = _depths(known)
    chains = [
        _chain(before, skill.slug, depths)
        for skill in skills
        for before in skill.prerequisites
        if before in known
    ]
    layers = _ordered(_layers(depths, chains), chains)
    boxes, width, height = _placed(layers, known)
    return SkillMap(
        width=width,
        height=height,
        nodes=tuple(
            _node(known[slug], boxes[slug], known) for slug in _reading_order(layers, known)
        ),
        edges=tuple(Edge(_path([boxes[name] for name in c]), known[c[0]].state) for c in chains),
    )


def _depths(known: Mapping[str, MapSkill]) -> dict[str, int]:
    depths: dict[str, int] = {}

    def depth(slug: str) -> int:
        if slug not in depths:
            before = [name for name in known[slug].prerequisites if name in known]
            depths[slug] = 1 + max((depth(name) for name in before), default=-1)
        return depths[slug]

    for slug in known:
        depth(slug)
    return depths


def _chain(start: str, end: str, depths: Mapping[str, int]) -> list[str]:
    lanes = range(depths[start] + 1, depths[end])
    return [start, *(f"{start}>{end}@{layer}" for layer in lanes), end]


def _layers(depths: Mapping[str, int], chains: Sequence[Sequence[str]]) -> list[list[str]]:
    layers: list[list[str]] = [[] for _ in range(max(depths.values(), default=-1) + 1)]
    for slug, depth in depths.items():
        layers[depth].append(slug)
    for chain in chains:
        for step, lane in enumerate(chain[1:-1], start=1):
            layers[depths[chain[0]] + step].append(lane)
    return layers


def _ordered(layers: list[list[str]], chains: Sequence[Sequence[str]]) -> list[list[str]]:
    """Each layer sorted by where its neighbours are, down and up again: fewer crossings."""
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for chain in chains:
        for upper, lower in pairwise(chain):
            above.setdefault(lower, []).append(upper)
            below.setdefault(upper, []).append(lower)
    ordered = [list(layer) for layer in layers]
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        neighbours = above if down else below
        walk = range(1, len(ordered)) if down else range(len(ordered) - 2, -1, -1)
        for index in walk:
            place = _places(ordered[index - 1 if down else index + 1])
            here = _places(ordered[index])
            ordered[index].sort(key=lambda name: _pull(neighbours.get(name, ()), place, here[name]))
    return ordered


def _places(layer: Sequence[str]) -> dict[str, float]:
    return {name: (index + 0.5) / len(layer) for index, name in enumerate(layer)}


def _pull(neighbours: Sequence[str], place: Mapping[str, float], own: float) -> float:
    found = [place[name] for name in neighbours if name in place]
    return sum(found) / len(found) if found else own


def _placed(
    layers: Sequence[Sequence[str]], known: Mapping[str, MapSkill]
) -> tuple[dict[str, _Box], float, float]:
    widths = [_layer_width(layer, known) for layer in layers]
    widest = max(widths, default=0)
    boxes: dict[str, _Box] = {}
    top: float = MARGIN
    for layer, width in zip(layers, widths, strict=True):
        height = max(_height(known[name]) for name in layer if name in known)
        left = MARGIN + (widest - width) / 2
        for name in layer:
            own = NODE_WIDTH if name in known else LANE_WIDTH
            boxes[name] = _Box(left, top, own, height)
            left += own + GAP
        top += height + LAYER_GAP
    return boxes, widest + 2 * MARGIN, max(top - LAYER_GAP + MARGIN, 0)


def _layer_width(layer: Sequence[str], known: Mapping[str, MapSkill]) -> float:
    own = sum(NODE_WIDTH if name in known else LANE_WIDTH for name in layer)
    return own + GAP * (len(layer) - 1)


def _height(skill: MapSkill) -> float:
    return 2 * PADDING + LINE_HEIGHT * (len(_wrapped(skill.title)) + 1)


def _wrapped(title: str) -> list[str]:
    lines = [""]
    for word in title.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= LETTERS_A_LINE or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _reading_order(layers: Sequence[Sequence[str]], known: Mapping[str, MapSkill]) -> list[str]:
    return [name for layer in layers for name in layer if name in known]


def _node(skill: MapSkill, box: _Box, known: Mapping[str, MapSkill]) -> Node:
    texts = _wrapped(skill.title)
    first = box.top + (box.height - LINE_HEIGHT * (len(texts) + 1)) / 2 + 0.75 * LINE_HEIGHT
    return Node(
        slug=skill.slug,
        title=skill.title,
        state=skill.state,
        url=skill.url,
        current=skill.current,
        prerequisites=tuple(known[s].title for s in skill.prerequisites if s in known),
        x=box.left,
        y=box.top,
        width=box.width,
        height=box.height,
        radius=RADIUS,
        lines=tuple(Line(box.middle, first + LINE_HEIGHT * n, t) for n, t in enumerate(texts)),
        word_x=box.middle,
        word_y=first + LINE_HEIGHT * len(texts) + 2,
    )


def _path(boxes: Sequence[_Box]) -> str:
    parts = [f"M{boxes[0].middle:g} {boxes[0].bottom:g}"]
    for upper, lower in pairwise(boxes):
        bend = (upper.bottom + lower.top) / 2
        parts.append(
            f"C{upper.middle:g} {bend:g} {lower.middle:g} {bend:g} {lower.middle:g} {lower.top:g}"
        )
        if lower is not boxes[-1]:
            parts.append(f"V{lower.bottom:g}")
    return "".join(parts)
