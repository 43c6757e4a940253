"""One item of QTI 1.2: a question, or its kind named with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from app.exchange.drafting import Stem
from app.exchange.qti.asi_scoring import Scoring
from app.exchange.qti.markup import NotTaken, Surroundings
from app.exchange.qti.materials import material, question_text
from app.exchange.qti.remarks import Shown, joined
from app.exchange.qti.tree import Node
from app.exchange.qti.values import Unscorable
from app.exchange.rich_text import Rich
from app.words import Sentence

RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")
_MOST_FEEDBACK, _MOST_RESPONSES = 200, 50
_KIND_FIELDS = ("question_type", "cc_profile", "interaction_type", "qmd_itemtype")


@dataclass(frozen=True, slots=True)
class Response:
    """One thing to answer: its ident, its kind, whether several or ordered answers are given."""

    ident: str
    node: Node
    cardinality: str

    @property
    def labels(self) -> dict[str, Node]:
        return {label.get("ident"): label for label in self.node.each("response_label")}


class AsiItem:
    """An item opened up: what it asks, how it scores, what it says about answers."""

    def __init__(self, item: Node, at: Surroundings, passages: tuple[Rich, ...], kind: str) -> None:
        self.item = item
        self.kind = kind
        self.at = at
        self.passages = passages
        self.losses: list[Sentence] = []
        if len(self._feedback) > _MOST_FEEDBACK or len(_responses(item)) > _MOST_RESPONSES:
            raise Unscorable(Sentence("more parts than are read"))
        self.responses = tuple(_response(found) for found in _responses(item))
        self.scoring = Scoring(
            item,
            several=frozenset(r.ident for r in self.responses if r.cardinality == "multiple"),
            ordered=frozenset(r.ident for r in self.responses if r.cardinality == "ordered"),
        )
        self._places = {f.get("ident"): n for n, f in enumerate(self._feedback)}

    def refuse(self, because: Sentence) -> NotTaken:
        return NotTaken(self.kind, because)

    def text(self, *parts: Node) -> Rich:
        return material(parts, self.at)

    def question(self, *, prompts: bool) -> Rich:
        found = self.item.child("presentation")
        return question_text(found, self.at, prompts=prompts) if found is not None else Rich()

    def stem(self, why: Rich, *, prompts: bool = True, also: tuple[Rich, ...] = ()) -> Stem:
        return Stem(
            title=_own_title(self.item.get("title")),
            text=joined((*self.passages, self.question(prompts=prompts), *also)),
            hints=tuple(self.text(h) for f in self._feedback for h in f.each("hintmaterial")),
            why=joined((why, *(self.text(s) for f in self._feedback for s in f.each("solution")))),
            losses=tuple(self.losses),
        )

    @cached_property
    def _feedback(self) -> tuple[Node, ...]:
        return self.item.all("itemfeedback")

    @cached_property
    def texts(self) -> tuple[Rich, ...]:
        """Return the feedback of the item, what solutions and hints say aside."""
        return tuple(
            self.text(
                *(part for part in feedback.children if part.name not in {"solution", "hint"})
            )
            for feedback in self._feedback
        )

    def shown(self, given: Mapping[str, tuple[str, ...]]) -> Shown:
        named = self.scoring.judge(given).shown
        return frozenset(self._places[name] for name in named if name in self._places)


def kind_of(item: Node) -> str:
    """Return the kind in the file's words, else the element that is answered."""
    fields: dict[str, str] = {}
    for part in item.all("itemmetadata"):
        for field in part.each("qtimetadatafield"):
            label, entry = field.child("fieldlabel"), field.child("fieldentry")
            if label is not None and entry is not None:
                fields.setdefault(label.words(), entry.words())
    named = next((fields[name] for name in _KIND_FIELDS if fields.get(name)), "")
    answered = _responses(item)
    return named or (answered[0].name if answered else "item")


def _responses(item: Node) -> tuple[Node, ...]:
    presentation = item.child("presentation")
    return tuple(presentation.each(*RESPONSES)) if presentation is not None else ()


def _response(found: Node) -> Response:
    return Response(
        ident=found.get("ident"),
        node=found,
        cardinality=found.get("rcardinality", "single").lower(),
    )


def _own_title(title: str) -> str:
    """Return a title somebody gave; exporters call every question Question."""
    return "" if title.lower() in {"question", "untitled"} else title
