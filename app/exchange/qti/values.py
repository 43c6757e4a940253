"""What QTI variables hold: nothing, one value or several, and how a file writes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.exchange.qti.intervals import read_decimal
from app.exchange.qti.tree import Node
from app.words import Sentence

# A text, a number, a truth, a pair without order, a pair with one.
Atom = str | Decimal | bool | frozenset[str] | tuple[str, ...]
NUMERIC = frozenset({"integer", "float"})


class Unscorable(Exception):
    """A scoring rule that is not read; `what` names the part, as the file spells it.

    A Sentence where the part has words of ours.
    """

    def __init__(self, what: str, *, line: int = 0) -> None:
        super().__init__(what)
        self.what = what
        self.line = line

    @property
    def sentence(self) -> Sentence:
        return Sentence("Its scoring rule with %(what)s is not read.", what=self.what)


@dataclass(frozen=True, slots=True)
class Value:
    """The contents of a variable. is_ordered: their order counts; else only which they are."""

    atoms: tuple[Atom, ...] = ()
    is_ordered: bool = False

    @property
    def is_null(self) -> bool:
        return not self.atoms

    @property
    def one(self) -> Atom | None:
        return self.atoms[0] if len(self.atoms) == 1 else None

    def number(self) -> Decimal | None:
        value = self.one
        return value if isinstance(value, Decimal) else None

    def is_same_as(self, other: "Value") -> bool:
        if self.is_ordered or other.is_ordered:
            return self.atoms == other.atoms
        return sorted(map(_sortable, self.atoms)) == sorted(map(_sortable, other.atoms))


NULL = Value()


def single(atom: Atom | None) -> Value:
    return NULL if atom is None else Value((atom,))


def truth(value: bool) -> Value:  # noqa: FBT001 - the value itself, no switch
    return Value((value,))


def read_atom(text: str, base: str) -> Atom | None:
    """Return a value as its base type has it, None when the text is none of that type."""
    words = text.split()
    if base in NUMERIC:
        return read_decimal(text)
    if base == "boolean":
        return text.strip() in {"true", "1"}
    if base == "pair":
        return frozenset(words)
    if base == "directedPair":
        return tuple(words)
    return text if base == "string" else text.strip()


def read_value(texts: Iterable[str], base: str, *, is_ordered: bool = False) -> Value:
    atoms = (read_atom(text, base) for text in texts)
    return Value(tuple(atom for atom in atoms if atom is not None), is_ordered)


@dataclass(frozen=True, slots=True)
class Worths:
    """What each value of a response is worth."""

    entries: tuple[tuple[str, Decimal, bool], ...]  # key, worth, does case count
    default: Decimal
    least: Decimal | None
    most: Decimal | None


@dataclass(frozen=True, slots=True)
class Declaration:
    """A response variable: its type, its right answer, what other answers are worth."""

    identifier: str
    cardinality: str
    base: str
    correct: tuple[str, ...]
    mapping: Worths | None
    has_areas: bool
    line: int

    @property
    def is_ordered(self) -> bool:
        return self.cardinality == "ordered"

    def value(self, texts: Iterable[str]) -> Value:
        return read_value(texts, self.base, is_ordered=self.is_ordered)

    def worth(self, given: Value) -> Decimal:
        """Return what a response is worth by the mapping, which mapResponse asks for."""
        if self.mapping is None:
            raise Unscorable(Sentence("mapResponse without a mapping"), line=self.line)
        distinct = tuple(dict.fromkeys(given.atoms))
        total = sum((self._worth_of(atom) for atom in distinct), Decimal(0))
        least, most = self.mapping.least, self.mapping.most
        total = total if least is None else max(least, total)
        return total if most is None else min(most, total)

    def _worth_of(self, atom: Atom) -> Decimal:
        mapping = self.mapping
        if mapping is None:
            return Decimal(0)
        for key, worth, case_counts in mapping.entries:
            if _is_same(read_atom(key, self.base), atom, case_counts=case_counts):
                return worth
        return mapping.default


def read_declaration(found: Node) -> Declaration:
    correct = found.child("correctResponse")
    mapping = found.child("mapping")
    values = correct.all("value") if correct is not None else ()
    base = found.get("baseType", "identifier")
    return Declaration(
        identifier=found.get("identifier"),
        cardinality=found.get("cardinality", "single"),
        base=base,
        correct=tuple(v.text() if base == "string" else v.words() for v in values),
        mapping=_mapping(mapping) if mapping is not None else None,
        has_areas=found.child("areaMapping") is not None,
        line=found.line,
    )


def _mapping(found: Node) -> Worths:
    entries = (
        (
            entry.attributes.get("mapKey", ""),
            read_decimal(entry.get("mappedValue")),
            entry.get("caseSensitive", "true") in {"true", "1"},
        )
        for entry in found.all("mapEntry")
    )
    return Worths(
        entries=tuple((k, worth, case) for k, worth, case in entries if worth is not None),
        default=read_decimal(found.get("defaultValue", "0")) or Decimal(0),
        least=read_decimal(found.get("lowerBound")),
        most=read_decimal(found.get("upperBound")),
    )


def _is_same(one: Atom | None, other: Atom, *, case_counts: bool) -> bool:
    if isinstance(one, str) and isinstance(other, str) and not case_counts:
        return one.casefold() == other.casefold()
    return one == other


def _sortable(atom: Atom) -> str:
    if isinstance(atom, frozenset):
        return repr(sorted(atom))
    return repr(atom)
