"""A QTI 1.2 file: its assessments, sections and banks gone through for items."""

from collections.abc import Iterator, Mapping

from app.exchange.qti.asi_question import read_asi_item
from app.exchange.qti.markup import NotTaken, Surroundings
from app.exchange.qti.materials import material
from app.exchange.qti.tree import Node
from app.exchange.result import Entry, Fault, Place
from app.exchange.rich_text import Rich, TooMuch

_GROUPS = frozenset({"questestinterop", "assessment", "section", "objectbank"})
_NAMELESS = frozenset({"", "root_section", "main"})
_STIMULUS = "parent_stimulus_item_ident"


def read_asi(root: Node, at: Surroundings) -> Iterator[Entry]:
    stimuli = {item.get("ident"): item for item in root.each("item")}
    found = 0
    for item, passages, category in _items(root, at, stimuli, (), ""):
        found += 1
        yield read_asi_item(item, at, passages=passages, category=category)
    if not found:
        title = next((a.get("title") for a in root.each("assessment", "objectbank")), "")
        said = f"{title or 'The file'} holds no questions."
        yield Fault(Place(at.file, root.line), said)


def _items(
    group: Node,
    at: Surroundings,
    stimuli: Mapping[str, Node],
    passages: tuple[Rich, ...],
    category: str,
) -> Iterator[tuple[Node, tuple[Rich, ...], str]]:
    passages = (*passages, *_shared(group, at, stimuli))
    category = _title(group) or category
    for child in group.children:
        if child.name == "item":
            yield child, (*passages, *_shared(child, at, stimuli)), category
        elif child.name in _GROUPS:
            yield from _items(child, at, stimuli, passages, category)


def _shared(part: Node, at: Surroundings, stimuli: Mapping[str, Node]) -> Iterator[Rich]:
    """Yield the passages that are read before the questions of a section or an item."""
    stimulus = stimuli.get(part.get(_STIMULUS))
    presented = stimulus.child("presentation") if stimulus is not None else None
    if part.name == "section":
        presented = presented or part.child("presentation_material")
    if presented is not None:
        try:
            yield material((presented,), at)
        except (NotTaken, TooMuch):
            return


def _title(group: Node) -> str:
    title = group.get("title") if group.name in _GROUPS else ""
    for field in group.each("qtimetadatafield") if group.name == "objectbank" else ():
        label, entry = field.child("fieldlabel"), field.child("fieldentry")
        if label is not None and entry is not None and label.words() == "bank_title":
            return entry.words()
    return "" if title.lower() in _NAMELESS else title
