"""The expressions of response processing, evaluated: no loop, no pattern, no code of a stranger's.

What is not here is refused by name (Unscorable): better no question than one with a wrong key.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from app.exchange.qti.intervals import read_decimal
from app.exchange.qti.tree import Node
from app.exchange.qti.values import (
    NULL,
    Declaration,
    Unscorable,
    Value,
    read_atom,
    single,
    truth,
)
from app.words import Sentence


class Variables:
    """A response as given, the outcomes so far, and what the item declares."""

    def __init__(
        self,
        declarations: Mapping[str, Declaration],
        given: Mapping[str, Value],
        outcomes: dict[str, Value],
    ) -> None:
        self.declarations = declarations
        self.given = given
        self.outcomes = outcomes

    def value(self, name: str) -> Value:
        return self.given.get(name) or self.outcomes.get(name, NULL)

    def declaration(self, name: str, *, line: int) -> Declaration:
        if name not in self.declarations:
            raise Unscorable(
                Sentence("a response %(name)s that is not declared", name=name), line=line
            )
        return self.declarations[name]


def evaluate(expression: Node, at: Variables) -> Value:
    """Return the value of an expression; raise Unscorable for one that is not known here."""
    known = _OPERATORS.get(expression.name)
    if known is None:
        raise Unscorable(expression.name, line=expression.line)
    return known(expression, at)


def is_true(expression: Node, at: Variables) -> bool:
    return evaluate(expression, at).one is True


def _values(expression: Node, at: Variables) -> list[Value]:
    return [evaluate(child, at) for child in expression.children]


def _two(expression: Node, at: Variables) -> tuple[Value, Value]:
    values = _values(expression, at)
    if len(values) != 2:  # noqa: PLR2004
        said = Sentence("%(name)s without two values", name=expression.name)
        raise Unscorable(said, line=expression.line)
    return values[0], values[1]


def _base_value(expression: Node, _: Variables) -> Value:
    return single(read_atom(expression.text(), expression.get("baseType", "string")))


def _variable(expression: Node, at: Variables) -> Value:
    return at.value(expression.get("identifier"))


def _correct(expression: Node, at: Variables) -> Value:
    declared = at.declaration(expression.get("identifier"), line=expression.line)
    return declared.value(declared.correct)


def _map_response(expression: Node, at: Variables) -> Value:
    declared = at.declaration(expression.get("identifier"), line=expression.line)
    return single(declared.worth(at.value(declared.identifier)))


def _null(_: Node, __: Variables) -> Value:
    return NULL


def _is_null(expression: Node, at: Variables) -> Value:
    return truth(all(value.is_null for value in _values(expression, at)))


def _multiple(expression: Node, at: Variables) -> Value:
    return Value(tuple(atom for value in _values(expression, at) for atom in value.atoms))


def _ordered(expression: Node, at: Variables) -> Value:
    return Value(_multiple(expression, at).atoms, is_ordered=True)


def _container_size(expression: Node, at: Variables) -> Value:
    return single(Decimal(sum(len(value.atoms) for value in _values(expression, at))))


def _index(expression: Node, at: Variables) -> Value:
    values, place = _values(expression, at), read_decimal(expression.get("n"))
    if place is None or not values or not 1 <= place <= len(values[0].atoms):
        return NULL
    return single(values[0].atoms[int(place) - 1])


def _delete(expression: Node, at: Variables) -> Value:
    one, many = _two(expression, at)
    return Value(tuple(a for a in many.atoms if a not in one.atoms), many.is_ordered)


def _match(expression: Node, at: Variables) -> Value:
    one, other = _two(expression, at)
    return NULL if one.is_null or other.is_null else truth(one.is_same_as(other))


def _member(expression: Node, at: Variables) -> Value:
    one, many = _two(expression, at)
    return NULL if one.is_null or many.is_null else truth(one.atoms[0] in many.atoms)


def _contains(expression: Node, at: Variables) -> Value:
    whole, part = _two(expression, at)
    if whole.is_null or part.is_null:
        return NULL
    left = list(whole.atoms)
    for atom in part.atoms:
        if atom not in left:
            return truth(False)
        left.remove(atom)
    return truth(True)


def _string_match(expression: Node, at: Variables) -> Value:
    if expression.get("substring") in {"true", "1"}:
        said = Sentence("stringMatch on a part of the text")
        raise Unscorable(said, line=expression.line)
    one, other = (value.one for value in _two(expression, at))
    if not isinstance(one, str) or not isinstance(other, str):
        return NULL
    if expression.get("caseSensitive", "true") in {"false", "0"}:
        one, other = one.casefold(), other.casefold()
    return truth(one == other)


def _and(expression: Node, at: Variables) -> Value:
    return truth(all(is_true(child, at) for child in expression.children))


def _or(expression: Node, at: Variables) -> Value:
    return truth(any(is_true(child, at) for child in expression.children))


def _not(expression: Node, at: Variables) -> Value:
    values = _values(expression, at)
    return NULL if not values or values[0].is_null else truth(values[0].one is not True)


def _any_n(expression: Node, at: Variables) -> Value:
    least, most = read_decimal(expression.get("min")), read_decimal(expression.get("max"))
    if least is None or most is None:
        raise Unscorable(Sentence("anyN without numbers"), line=expression.line)
    return truth(least <= sum(is_true(child, at) for child in expression.children) <= most)


def _compared(compare: Callable[[Decimal, Decimal], bool]) -> Callable[[Node, Variables], Value]:
    def operator(expression: Node, at: Variables) -> Value:
        one, other = (value.number() for value in _two(expression, at))
        return NULL if one is None or other is None else truth(compare(one, other))

    return operator


def _equal(expression: Node, at: Variables) -> Value:
    given, wanted = (value.number() for value in _two(expression, at))
    if given is None or wanted is None:
        return NULL
    below, above = tolerance(expression, wanted)
    low, high = wanted - below, wanted + above
    at_low = expression.get("includeLowerBound", "true") in {"true", "1"}
    at_high = expression.get("includeUpperBound", "true") in {"true", "1"}
    if below == above == 0:
        return truth(given == wanted)
    return truth(
        (low < given or (at_low and low == given)) and (given < high or (at_high and given == high))
    )


def tolerance(expression: Node, wanted: Decimal) -> tuple[Decimal, Decimal]:
    """Return how far below and above an `equal` lets an answer be."""
    mode = expression.get("toleranceMode", "exact")
    if mode == "exact":
        return Decimal(0), Decimal(0)
    parts = [read_decimal(part) for part in expression.get("tolerance").split()]
    if mode not in {"absolute", "relative"} or not parts or None in parts:
        said = Sentence("a tolerance of “%(tolerance)s”", tolerance=expression.get("tolerance"))
        raise Unscorable(said, line=expression.line)
    below, above = (abs(part) for part in (parts[0], parts[-1]) if part is not None)
    scale = abs(wanted) / 100 if mode == "relative" else Decimal(1)
    return below * scale, above * scale


def rounding_half(expression: Node, wanted: Decimal) -> Decimal:
    """Return half a unit of the last place that `equalRounded` looks at."""
    figures = read_decimal(expression.get("figures"))
    if figures is None or not 0 <= figures <= 15:  # noqa: PLR2004 - a float's digits
        raise Unscorable(Sentence("equalRounded without figures"), line=expression.line)
    places = int(figures)
    if expression.get("roundingMode", "significantFigures") == "significantFigures":
        places = places - 1 - (wanted.adjusted() if wanted else 0)
    return Decimal(5).scaleb(-places - 1)


def _equal_rounded(expression: Node, at: Variables) -> Value:
    given, wanted = (value.number() for value in _two(expression, at))
    if given is None or wanted is None:
        return NULL
    unit = rounding_half(expression, wanted) * 2
    return truth(_in_units(given, unit) == _in_units(wanted, unit))


def _in_units(number: Decimal, unit: Decimal) -> Decimal:
    return (number / unit).to_integral_value(ROUND_HALF_UP)


def _sum(expression: Node, at: Variables) -> Value:
    atoms = _multiple(expression, at).atoms
    return single(sum((a for a in atoms if isinstance(a, Decimal)), Decimal(0)))


def _product(expression: Node, at: Variables) -> Value:
    total = Decimal(1)
    for atom in _multiple(expression, at).atoms:
        total *= atom if isinstance(atom, Decimal) else Decimal(0)
    return single(total)


def _subtract(expression: Node, at: Variables) -> Value:
    one, other = (value.number() for value in _two(expression, at))
    return NULL if one is None or other is None else single(one - other)


def _divide(expression: Node, at: Variables) -> Value:
    one, other = (value.number() for value in _two(expression, at))
    return NULL if one is None or not other else single(one / other)


def _picked(pick: Callable[[list[Decimal]], Decimal]) -> Callable[[Node, Variables], Value]:
    def operator(expression: Node, at: Variables) -> Value:
        numbers = [a for a in _multiple(expression, at).atoms if isinstance(a, Decimal)]
        return single(pick(numbers)) if numbers else NULL

    return operator


def _same(expression: Node, at: Variables) -> Value:
    values = _values(expression, at)
    return values[0] if values else NULL


_OPERATORS: Mapping[str, Callable[[Node, Variables], Value]] = {
    "baseValue": _base_value,
    "variable": _variable,
    "correct": _correct,
    "mapResponse": _map_response,
    "null": _null,
    "isNull": _is_null,
    "multiple": _multiple,
    "ordered": _ordered,
    "containerSize": _container_size,
    "index": _index,
    "delete": _delete,
    "match": _match,
    "member": _member,
    "contains": _contains,
    "stringMatch": _string_match,
    "and": _and,
    "or": _or,
    "not": _not,
    "anyN": _any_n,
    "gt": _compared(lambda one, other: one > other),
    "gte": _compared(lambda one, other: one >= other),
    "lt": _compared(lambda one, other: one < other),
    "lte": _compared(lambda one, other: one <= other),
    "equal": _equal,
    "equalRounded": _equal_rounded,
    "sum": _sum,
    "product": _product,
    "subtract": _subtract,
    "divide": _divide,
    "min": _picked(min),
    "max": _picked(max),
    "integerToFloat": _same,
}
