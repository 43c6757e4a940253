"""A QTI 2 or 3 item opened up: its one interaction, its text, and answers tried on it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import islice

from app.exchange.drafting import Stem
from app.exchange.qti.markup import NotTaken, Place, Surroundings, rich
from app.exchange.qti.processing import Outcome, Processing
from app.exchange.qti.remarks import Shown, joined
from app.exchange.qti.tree import Node, node
from app.exchange.qti.values import Declaration, Unscorable
from app.exchange.rich_text import Rich
from app.words import Sentence

GAP = "_____"
AS_TEXT = "cairn-short-text"  # our own mark: a text stays a text, though it looks like a number
UNIT = "cairn-unit"  # our own mark too: the unit beside a number
_GAP_ALONE = re.compile(r"(?:^|\n)[ \t]*(?:\\?_){5}[ \t]*(?=\n|$)")
_MOST_FEEDBACK = 200
_OWNERS = ("simpleChoice", "hottext", "inlineChoice", "simpleAssociableChoice", "gapText")
_FEEDBACK = ("modalFeedback", "feedbackBlock", "feedbackInline")
_RIGHT = re.compile(r"(?:^|[^a-z])(?:correct|right)", re.IGNORECASE)
_WRONG = re.compile(r"incorrect|wrong|false", re.IGNORECASE)
HINT, EXPLANATION = "HINT", "EXPLANATION"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A text shown for some answers. owner: the choice it is written in, empty outside one."""

    node: Node
    owner: str
    is_set: bool  # a rule gives its outcome a value


class Asked:
    """One question: `interaction` asks it, `declared` is the variable its answer goes into."""

    def __init__(self, item: Node, interaction: Node, at: Surroundings) -> None:
        self.item = item
        self.at = at
        self.interaction = interaction
        self.processing = Processing(item)
        self.declared = self._declared()
        self.losses: list[Sentence] = []
        self.feedback = tuple(islice(self._feedback(), _MOST_FEEDBACK + 1))
        if len(self.feedback) > _MOST_FEEDBACK:
            raise self.refuse(
                Sentence("It has more than %(most)d feedback texts.", most=_MOST_FEEDBACK)
            )

    @cached_property
    def texts(self) -> tuple[Rich, ...]:
        return tuple(self.rich(feedback.node) for feedback in self.feedback)

    @property
    def kind(self) -> str:
        return self.interaction.name

    def rich(self, element: Node) -> Rich:
        return rich(element, self.at)

    def refuse(self, because: Sentence) -> NotTaken:
        return NotTaken(self.kind, because)

    def stem(self, why: Rich, *, placed: Place, passages: Iterable[Rich] = ()) -> Stem:
        """Return the item's text; `placed` says what stands where its interaction does."""
        body = self.item.child("itemBody")
        text = rich(body, self.at, placed) if body is not None else Rich()
        text = replace(text, page=_GAP_ALONE.sub("", text.page).strip())
        return Stem(
            title=self.item.get("title"),
            text=joined((*passages, text)),
            hints=tuple(self._aside(HINT)),
            why=joined((*self._aside(EXPLANATION), why)),
            losses=tuple(self.losses),
        )

    def _aside(self, outcome: str) -> list[Rich]:
        found = self.item.all("modalFeedback")
        return [self.rich(f) for f in found if f.get("outcomeIdentifier") == outcome]

    def owned(self, choice: str) -> Rich:
        """Return the feedback written within a choice."""
        return joined(
            t
            for t, f in zip(self.texts, self.feedback, strict=True)
            if choice and f.owner == choice
        )

    def score(self, *answer: str) -> Decimal:
        """Return what an answer scores; raise Unscorable where the rules are not read."""
        return self.processing.judge(self.declared.identifier, answer).score

    def score_or_none(self, *answer: str) -> Decimal | None:
        try:
            return self.score(*answer)
        except Unscorable as why:
            said = Sentence(
                "The scoring rule with %(what)s is not read; the answer named as right counts.",
                what=why.what,
            )
            if said not in self.losses:
                self.losses.append(said)
            return None

    def shown(self, *answer: str, is_right: bool) -> Shown:
        """Return which feedback an answer brings up."""
        try:
            outcome = self.processing.judge(self.declared.identifier, answer)
        except Unscorable:
            outcome = None
        return frozenset(
            place
            for place, feedback in enumerate(self.feedback)
            if _is_shown(feedback, outcome, answer, is_right=is_right)
        )

    def _declared(self) -> Declaration:
        found = self.processing.declaration(self.interaction)
        if found is None:
            raise self.refuse(Sentence("It names no declared response, so no answer is right."))
        return found

    def _feedback(self) -> Iterable[Feedback]:
        given = self._given()
        owners = {
            id(inner): choice.get("identifier")
            for choice in self.interaction.each(*_OWNERS)
            for inner in choice.each(*_FEEDBACK)
        }
        for found in self.item.each(*_FEEDBACK):
            outcome = found.get("outcomeIdentifier")
            if outcome not in {HINT, EXPLANATION}:
                named = {*given.get(outcome, ()), *(["*"] if _is_hidden_by(found) else [])}
                is_set = outcome in given and bool(named & {found.get("identifier"), "*"})
                yield Feedback(found, owners.get(id(found), ""), is_set)

    def _given(self) -> dict[str, set[str]]:
        """Return the values the rules may give each outcome; a response gives its choices."""
        choices = {c.get("identifier") for c in self.interaction.each(*_OWNERS)}
        given: dict[str, set[str]] = {}
        for rule in (found for top in self.processing.rules for found in top.walk()):
            if rule.name == "setOutcomeValue":
                values = given.setdefault(rule.get("identifier"), set())
                values |= {value.words() for value in rule.each("baseValue")}
                values |= choices if rule.first("variable") is not None else set()
        return given

    def note_unseen(self, shown: Iterable[Shown]) -> None:
        """Say that feedback is left out which none of the answers tried brings up."""
        left = len(self.feedback) - len(frozenset().union(*shown))
        if left:
            self.losses.append(
                Sentence(
                    "Feedback texts that no known answer brings up are left out: %(count)d.",
                    count=left,
                )
            )


def _is_hidden_by(feedback: Node) -> bool:
    return feedback.get("showHide", "show") == "hide"


def _is_shown(
    feedback: Feedback, outcome: Outcome | None, answer: tuple[str, ...], *, is_right: bool
) -> bool:
    """Say whether feedback is shown; by its name and place where no rule that is read says so."""
    if outcome is not None and feedback.is_set:
        return outcome.shows(feedback.node)
    name = feedback.node.get("identifier")
    if feedback.owner or name in answer:
        return (feedback.owner or name) in answer
    if _WRONG.search(name):
        return not is_right
    if _RIGHT.search(name):
        return is_right
    return _is_hidden_by(feedback.node)


def with_prompt(interaction: Node) -> Place:
    """Return what puts an interaction's prompt in its place, and nothing of its choices."""

    def placed(part: Node) -> tuple[Node | str, ...] | None:
        if part is not interaction:
            return None
        prompt = part.child("prompt")
        return (node("div", *prompt.parts),) if prompt is not None else ()

    return placed


def with_gap(interaction: Node) -> Place:
    """Return what puts a gap in the place of an interaction within a sentence."""

    def placed(part: Node) -> tuple[Node | str, ...] | None:
        if part.name == "span" and UNIT in part.get("class").split():
            return ()
        return (GAP,) if part is interaction else None

    return placed
