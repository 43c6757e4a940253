"""The picture of a module's skills: what builds on what, and how far somebody is.

Skills are drawn in layers, each below everything it builds on. An arrow that passes a layer keeps a
lane of its own there, so that it never runs behind a skill. Templates only copy the numbers out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

NODE_WIDTH = 212
LANE_WIDTH = 28
GAP = 28
LAYER_GAP = 52
LINE_HEIGHT = 19
PADDING = 16
MARGIN = 6
RADIUS = 14
LETTERS_A_LINE = 22
SWEEPS = 4
LANE = ">"  # in the name of a lane, never in a slug


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
    boxes, width, height = _placed(layers, _straightened(layers, chains, known), known)
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
    return [start, *(f"{start}{LANE}{end}@{layer}" for layer in lanes), end]


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


def _straightened(
    layers: Sequence[Sequence[str]], chains: Sequence[Sequence[str]], known: Mapping[str, MapSkill]
) -> dict[str, float]:
    """The middle of every box, as near to its neighbours' as the order in its layer allows."""
    neighbours: dict[str, list[str]] = {}
    for chain in chains:
        for upper, lower in pairwise(chain):
            neighbours.setdefault(upper, []).append(lower)
            neighbours.setdefault(lower, []).append(upper)
    middles = {name: 0.0 for layer in layers for name in layer}
    for sweep in range(4 * SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = [_pull(_leaders(name, neighbours), middles, middles[name]) for name in layer]
            middles.update(zip(layer, _spread(layer, wanted, known), strict=True))
    return middles


def _leaders(name: str, neighbours: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Whom a box lines up with: a lane with those of its own arrow, which so runs straight."""
    found = neighbours.get(name, ())
    lanes = [other for other in found if LANE in other] if LANE in name else []
    return lanes or found


def _spread(
    layer: Sequence[str], wanted: Sequence[float], known: Mapping[str, MapSkill]
) -> list[float]:
    """The wanted middles, moved as little as keeps the boxes of a layer apart and in order.

    Less the room each needs, the middles must not fall from left to right: an isotonic regression,
    solved by pooling neighbours that are in each other's way.
    """
    offsets = [0.0]
    for left, right in pairwise(layer):
        offsets.append(offsets[-1] + (_width(left, known) + _width(right, known)) / 2 + GAP)
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        total, count = want - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            total, count = total + pools[-1][0], count + pools[-1][1]
            pools.pop()
        pools.append((total, count))
    flat = [total / count for total, count in pools for _ in range(count)]
    return [level + offset for level, offset in zip(flat, offsets, strict=True)]


def _placed(
    layers: Sequence[Sequence[str]], middles: Mapping[str, float], known: Mapping[str, MapSkill]
) -> tuple[dict[str, _Box], float, float]:
    lefts = {name: middle - _width(name, known) / 2 for name, middle in middles.items()}
    rights = [middle + _width(name, known) / 2 for name, middle in middles.items()]
    shift = MARGIN - min(lefts.values(), default=0)
    boxes: dict[str, _Box] = {}
    top: float = MARGIN
    for layer in layers:
        height = max(_height(known[name]) for name in layer if name in known)
        for name in layer:
            boxes[name] = _Box(round(lefts[name] + shift, 1), top, _width(name, known), height)
        top += height + LAYER_GAP
    width = max(rights, default=0) + shift + MARGIN
    return boxes, round(width), max(top - LAYER_GAP + MARGIN, 0)


def _width(name: str, known: Mapping[str, MapSkill]) -> float:
    return NODE_WIDTH if name in known else LANE_WIDTH


def _height(skill: MapSkill) -> float:
    return 2 * PADDING + LINE_HEIGHT * (len(_wrapped(skill.title)) + 1)


def _wrapped(title: str) -> list[str]:
    """The title in as few lines as fit, and those as even as can be."""
    fewest = len(_broken(title, LETTERS_A_LINE))
    even = next(n for n in range(1, LETTERS_A_LINE + 1) if len(_broken(title, n)) <= fewest)
    return _broken(title, even)


def _broken(title: str, letters: int) -> list[str]:
    lines = [""]
    for word in title.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= letters or not lines[-1]:
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
