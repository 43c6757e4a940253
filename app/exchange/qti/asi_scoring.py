"""QTI 1.2 response processing carried out: conditions, scores and which feedback is displayed.

The specification leaves much open, so exporters differ.  Two readings are settled here.  Several
`varequal` for one single answer are alternatives, since all of them at once could never hold.  A
condition ends the run only where it says `continue="No"`, since exporters that add up parts of a
score leave the attribute out.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.exchange.qti.intervals import (
    EVERYTHING,
    NOTHING,
    Spans,
    both,
    either,
    from_,
    point,
    read_decimal,
    up_to,
)
from app.exchange.qti.tree import Node
from app.exchange.qti.values import Unscorable
from app.words import Sentence

Given = Mapping[str, tuple[str, ...]]
_MOST_RULES = 2_000
_MOST_STEPS = 60_000  # for all answers tried: each runs every condition
_SAYS_CORRECT = re.compile(r"^(?:correct|right|full)", re.IGNORECASE)
_FULL = Decimal(100)
_COMPARISONS = frozenset({"varequal", "varlt", "varlte", "vargt", "vargte"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer scores, and the idents of the feedback displayed."""

    score: Decimal
    shown: tuple[str, ...]


class Scoring:
    """The conditions of one item. ordered: the responses whose answers have an order."""

    def __init__(self, item: Node, *, several: frozenset[str], ordered: frozenset[str]) -> None:
        self.conditions = tuple(
            c for part in item.all("resprocessing") for c in part.each("respcondition")
        )
        self._size = sum(1 for condition in self.conditions for _ in condition.walk())
        if self._size > _MOST_RULES:
            raise Unscorable(Sentence("more rules than are read"))
        self._several = several
        self._ordered = ordered
        self._scores = any(condition.child("setvar") for condition in self.conditions)
        self._spelled_out = self._spellings()
        self._spent = 0

    def judge(self, given: Given) -> Verdict:
        self._spent += self._size
        if self._spent > _MOST_STEPS:
            raise Unscorable(Sentence("more rules than are read"))
        scores: dict[str, Decimal] = {}
        shown: list[str] = []
        try:
            for condition in self.conditions:
                if not self._holds(condition.child("conditionvar"), given):
                    continue
                for change in condition.all("setvar"):
                    _change(scores, change)
                if not self._scores and _says_correct(condition):
                    scores[""] = _FULL
                shown += [d.get("linkrefid") for d in condition.all("displayfeedback")]
                if condition.get("continue").lower() == "no":
                    break
        except ArithmeticError as error:
            raise Unscorable(Sentence("a sum too great to compute")) from error
        return Verdict(sum(scores.values(), Decimal(0)), tuple(dict.fromkeys(shown)))

    def named(self, respident: str) -> tuple[str, ...]:
        """Return every answer the conditions compare this response with, in their order."""
        found = (
            equal.text().strip()
            for condition in self.conditions
            for equal in condition.each("varequal")
            if equal.get("respident") == respident
        )
        return tuple(dict.fromkeys(found))

    def sets(self, respident: str) -> Iterator[tuple[str, ...]]:
        """Yield the answers each condition asks for together, those under `not` left out."""
        for condition in self.conditions:
            asked = condition.child("conditionvar")
            if asked is not None:
                yield tuple(dict.fromkeys(_asked(asked, respident)))

    def regions(self, respident: str) -> Iterator[Spans]:
        """Yield the numbers each condition speaks of."""
        for condition in self.conditions:
            asked = condition.child("conditionvar")
            if asked is not None:
                yield self._region_of_all(asked, respident)

    def _holds(self, asked: Node | None, given: Given) -> bool:
        return asked is not None and self._all(asked, given)

    def _all(self, asked: Node, given: Given) -> bool:
        """Say whether all conditions hold, alternatives for one single answer taken as one."""
        equals = asked.all("varequal")
        names = {equal.get("respident") for equal in equals}
        others = (child for child in asked.children if child.name != "varequal")
        return all(self._equals(equals, name, given) for name in names) and all(
            self._test(child, given) for child in others
        )

    def _equals(self, equals: tuple[Node, ...], name: str, given: Given) -> bool:
        wanted = [equal for equal in equals if equal.get("respident") == name]
        answers = given.get(name, ())
        if name in self._ordered:
            return tuple(equal.words() for equal in wanted) == answers
        found = (any(self._is_equal(equal, answer) for answer in answers) for equal in wanted)
        return all(found) if name in self._several else any(found)

    def _spellings(self) -> frozenset[str]:
        """Return the answers the file spells in several cases: there each spelling counts."""
        spelt: dict[tuple[str, str], set[str]] = {}
        for condition in self.conditions:
            for equal in condition.each("varequal"):
                text = equal.text().strip()
                spelt.setdefault((equal.get("respident"), text.casefold()), set()).add(text)
        return frozenset(folded for (_, folded), texts in spelt.items() if len(texts) > 1)

    def _is_equal(self, equal: Node, answer: str) -> bool:
        wanted, given = equal.text().strip(), answer.strip()
        one, other = read_decimal(wanted), read_decimal(given)
        if one is not None and other is not None:
            return one == other
        if equal.get("case").lower() == "yes" or wanted.casefold() in self._spelled_out:
            return wanted == given
        return wanted.casefold() == given.casefold()

    def _test(self, test: Node, given: Given) -> bool:
        known: dict[str, Callable[[], bool]] = {
            "and": lambda: self._all(test, given),
            "or": lambda: any(self._test(child, given) for child in test.children),
            "not": lambda: not self._all(test, given),
            "varequal": lambda: self._equals((test,), test.get("respident"), given),
            "other": lambda: True,
            "unanswered": lambda: not given.get(test.get("respident")),
            "qticomment": lambda: True,
        }
        if test.name in known:
            return known[test.name]()
        if test.name in _COMPARISONS:
            return any(_is_within(test, answer) for answer in given.get(test.get("respident"), ()))
        raise Unscorable(test.name, line=test.line)

    def _region_of_all(self, asked: Node, respident: str) -> Spans:
        spans: Spans = EVERYTHING
        points: Spans = NOTHING
        for child in asked.children:
            if child.name == "varequal" and asked.name != "or":
                points = either(points, _region(child, respident))
            elif child.name not in {"other", "qticomment"}:
                spans = both(spans, self._region(child, respident))
        return both(spans, points) if points else spans

    def _region(self, test: Node, respident: str) -> Spans:
        if test.name == "or":
            spans = NOTHING
            for child in test.children:
                spans = either(spans, self._region(child, respident))
            return spans
        if test.name == "and":
            return self._region_of_all(test, respident)
        return _region(test, respident)


def _region(test: Node, respident: str) -> Spans:
    value = read_decimal(test.text())
    if test.get("respident") != respident or value is None:
        return NOTHING
    match test.name:
        case "varequal":
            return point(value)
        case "vargt" | "vargte":
            return from_(value, is_open=test.name == "vargt")
        case "varlt" | "varlte":
            return up_to(value, is_open=test.name == "varlt")
        case _:
            return NOTHING


def _is_within(test: Node, answer: str) -> bool:
    number = read_decimal(answer)
    return number is not None and any(
        span.holds(number) for span in _region(test, test.get("respident"))
    )


def _asked(test: Node, respident: str) -> Iterator[str]:
    for child in test.children:
        if child.name == "varequal" and child.get("respident") == respident:
            yield child.words()
        elif child.name in {"and", "or"}:
            yield from _asked(child, respident)


def _change(scores: dict[str, Decimal], change: Node) -> None:
    name = change.get("varname") or change.get("variablename")
    written = read_decimal(change.text())
    value = _FULL if written is None and "max" in change.text().lower() else written
    if value is None:
        said = Sentence("a score of “%(score)s”", score=change.words())
        raise Unscorable(said, line=change.line)
    before = scores.get(name, Decimal(0))
    match change.get("action", "Set").lower():
        case "add":
            scores[name] = before + value
        case "subtract":
            scores[name] = before - value
        case "multiply":
            scores[name] = before * value
        case "divide":
            scores[name] = before / value
        case _:
            scores[name] = value


def _says_correct(condition: Node) -> bool:
    shown = (d.get("linkrefid") for d in condition.all("displayfeedback"))
    return any(map(_SAYS_CORRECT.match, (condition.get("title"), *shown)))
