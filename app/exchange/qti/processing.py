"""Response processing carried out: what an item would score for an answer, and say about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from app.exchange.qti.expressions import Variables, evaluate, is_true
from app.exchange.qti.intervals import read_decimal
from app.exchange.qti.tree import Node, node
from app.exchange.qti.values import (
    NULL,
    Declaration,
    Unscorable,
    Value,
    read_declaration,
    read_value,
    single,
)
from app.words import Sentence

SCORE = "SCORE"
_MOST_RULES = 2_000
_MOST_STEPS = 60_000  # for all answers tried: each runs every rule


class _Exit(Exception):
    """exitResponse: nothing after it counts."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer scores and every outcome variable it leaves behind."""

    score: Decimal
    values: Mapping[str, Value]

    def shows(self, feedback: Node) -> bool:
        """Say whether a modalFeedback, feedbackBlock or feedbackInline is to be seen."""
        held = self.values.get(feedback.get("outcomeIdentifier"), NULL)
        found = feedback.get("identifier") in held.atoms
        return found != (feedback.get("showHide", "show") == "hide")


class Processing:
    """An item's declarations and rules."""

    def __init__(self, item: Node) -> None:
        self.declarations = {
            declared.identifier: declared
            for declared in map(read_declaration, item.all("responseDeclaration"))
        }
        self._outcomes = {d.get("identifier"): d for d in item.all("outcomeDeclaration")}
        found = item.child("responseProcessing")
        self.has_rules = found is not None
        self.rules = _rules(found, self.declarations)
        self._size = sum(1 for rule in self.rules for _ in rule.walk())
        if self._size > _MOST_RULES:
            self.rules = (node("more rules than are read"),)
        self._spent = 0
        self._judged: dict[tuple[str, ...], Outcome] = {}
        self.score_name = next((n for n in self._outcomes if n.upper() == SCORE), SCORE)

    def declaration(self, interaction: Node) -> Declaration | None:
        return self.declarations.get(interaction.get("responseIdentifier"))

    def judge(self, identifier: str, texts: Iterable[str]) -> Outcome:
        """Return the outcome of an answer to one variable; raise Unscorable where none is known."""
        answer = (identifier, *texts)
        if answer not in self._judged:
            self._judged[answer] = self._judge(identifier, answer[1:])
        return self._judged[answer]

    def _judge(self, identifier: str, texts: tuple[str, ...]) -> Outcome:
        self._spent += self._size
        if self._spent > _MOST_STEPS:
            raise Unscorable(Sentence("more rules than are read"))
        given = {identifier: self.declarations[identifier].value(texts)}
        at = Variables(self.declarations, given, dict(map(self._started, self._outcomes.values())))
        try:
            self._run(self.rules, at)
        except _Exit:
            pass
        except ArithmeticError as error:
            raise Unscorable(Sentence("a sum too great to compute")) from error
        return Outcome(at.outcomes.get(self.score_name, NULL).number() or Decimal(0), at.outcomes)

    def _started(self, declared: Node) -> tuple[str, Value]:
        default = declared.child("defaultValue")
        texts = [v.text() for v in default.all("value")] if default is not None else []
        base = declared.get("baseType", "identifier")
        if not texts and base in {"integer", "float"}:
            texts = ["0"]
        return declared.get("identifier"), read_value(texts, base)

    def _run(self, rules: Iterable[Node], at: Variables) -> None:
        for rule in rules:
            run = self._kinds.get(rule.name)
            if run is None:
                raise Unscorable(rule.name, line=rule.line)
            run(rule, at)

    @cached_property
    def _kinds(self) -> Mapping[str, Callable[[Node, Variables], None]]:
        return {
            "responseCondition": self._condition,
            "responseProcessingFragment": lambda rule, at: self._run(rule.children, at),
            "setOutcomeValue": self._set,
            "lookupOutcomeValue": self._look_up,
            "exitResponse": self._exit,
        }

    def _condition(self, rule: Node, at: Variables) -> None:
        for branch in rule.children:
            body = branch.children
            if branch.name == "responseElse":
                return self._run(body, at)
            if body and is_true(body[0], at):
                return self._run(body[1:], at)
        return None

    def _set(self, rule: Node, at: Variables) -> None:
        if len(rule.children) != 1:
            raise Unscorable(Sentence("setOutcomeValue without a value"), line=rule.line)
        at.outcomes[rule.get("identifier")] = evaluate(rule.children[0], at)

    def _look_up(self, rule: Node, at: Variables) -> None:
        name = rule.get("identifier")
        table = self._outcomes[name].first("matchTable") if name in self._outcomes else None
        if table is None or not rule.children:
            raise Unscorable(rule.name, line=rule.line)
        source = evaluate(rule.children[0], at).number()
        for entry in table.all("matchTableEntry"):
            if read_decimal(entry.get("sourceValue")) == source:
                at.outcomes[name] = single(read_decimal(entry.get("targetValue")))
                return
        at.outcomes[name] = single(read_decimal(table.get("defaultValue", "0")))

    @staticmethod
    def _exit(_: Node, __: Variables) -> None:
        raise _Exit


def _rules(found: Node | None, declarations: Mapping[str, Declaration]) -> tuple[Node, ...]:
    """Return the rules: the file's own, a standard template's, or what its declarations imply."""
    if found is not None and found.children:
        return found.children
    names = list(declarations)
    if len(names) != 1:
        return ()
    template = (found.get("template") or found.get("templateLocation")) if found else ""
    called = template.rpartition("/")[2].lower().removesuffix(".xml")
    declared = declarations[names[0]]
    if "point" in called or declared.has_areas:
        return (node("mapResponsePoint"),)
    by_map = "map" in called or (not called and not declared.correct and declared.mapping)
    return (_map_response(names[0]),) if by_map else (_match_correct(names[0]),)


def _match_correct(name: str) -> Node:
    right = node("match", node("variable", identifier=name), node("correct", identifier=name))
    full = node("baseValue", "1", baseType="float")
    branch = node("responseIf", right, node("setOutcomeValue", full, identifier=SCORE))
    return node("responseCondition", branch)


def _map_response(name: str) -> Node:
    return node("setOutcomeValue", node("mapResponse", identifier=name), identifier=SCORE)
