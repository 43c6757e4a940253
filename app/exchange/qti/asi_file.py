"""A QTI 1.2 file: its assessments, sections and banks gone through for items."""

from collections.abc import Iterator, Mapping

from app.exchange.qti.asi_item import kind_of
from app.exchange.qti.asi_question import read_asi_item
from app.exchange.qti.markup import NotTaken, Surroundings, item_named
from app.exchange.qti.materials import material
from app.exchange.qti.tree import Node
from app.exchange.result import Entry, Fault, Place, Unsupported
from app.exchange.rich_text import Rich, TooMuch
from app.words import Sentence

_GROUPS = frozenset({"questestinterop", "assessment", "section", "objectbank"})
_NAMELESS = frozenset({"", "root_section", "main"})
_STIMULUS = "parent_stimulus_item_ident"


def read_asi(root: Node, at: Surroundings) -> Iterator[Entry]:
    stimuli = {item.get("ident"): item for item in root.each("item")}
    read: dict[int, Rich | NotTaken | TooMuch] = {}  # each passage once, however often it is asked
    found = 0
    for item, passages, category in _items(root, stimuli, (), ""):
        found += 1
        yield _entry(item, at, [_passage(p, at, read) for p in passages], category)
    if not found:
        title = next((a.get("title") for a in root.each("assessment", "objectbank")), "")
        said = Sentence("%(name)s holds no questions.", name=title or at.file)
        yield Fault(Place(at.file, root.line), said)


def _entry(
    item: Node, at: Surroundings, passages: list[Rich | NotTaken | TooMuch], category: str
) -> Entry:
    for passage in passages:
        if not isinstance(passage, Rich):
            place = Place(at.file, item.line, item_named(item))
            said = Sentence("The passage before it cannot be kept. %(why)s", why=passage.sentence)
            return Unsupported(place, kind_of(item), item.get("title"), said)
    texts = tuple(passage for passage in passages if isinstance(passage, Rich))
    return read_asi_item(item, at, passages=texts, category=category)


def _passage(
    found: Node, at: Surroundings, read: dict[int, Rich | NotTaken | TooMuch]
) -> Rich | NotTaken | TooMuch:
    if id(found) not in read:
        try:
            read[id(found)] = material((found,), at)
        except (NotTaken, TooMuch) as why:
            read[id(found)] = why
    return read[id(found)]


def _items(
    group: Node,
    stimuli: Mapping[str, Node],
    passages: tuple[Node, ...],
    category: str,
) -> Iterator[tuple[Node, tuple[Node, ...], str]]:
    passages = (*passages, *_shared(group, stimuli))
    category = _title(group) or category
    for child in group.children:
        if child.name == "item":
            yield child, (*passages, *_shared(child, stimuli)), category
        elif child.name in _GROUPS:
            yield from _items(child, stimuli, passages, category)


def _shared(part: Node, stimuli: Mapping[str, Node]) -> tuple[Node, ...]:
    """Return the passage that is read before the questions of a section or an item."""
    stimulus = stimuli.get(part.get(_STIMULUS))
    presented = stimulus.child("presentation") if stimulus is not None else None
    if part.name == "section":
        presented = presented or part.child("presentation_material")
    return (presented,) if presented is not None else ()


def _title(group: Node) -> str:
    title = group.get("title") if group.name in _GROUPS else ""
    for field in group.each("qtimetadatafield") if group.name == "objectbank" else ():
        label, entry = field.child("fieldlabel"), field.child("fieldentry")
        if label is not None and entry is not None and label.words() == "bank_title":
            return entry.words()
    return "" if title.lower() in _NAMELESS else title
