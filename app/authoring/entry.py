from collections.abc import Mapping
from datetime import date


class MalformedDocument(ValueError):
    """A stored document that is not what this version writes."""


class Entry:
    """A mapping read by name and kind: what is absent or of another kind is refused by name."""

    __slots__ = ("_values",)

    def __init__(self, values: object) -> None:
        if not isinstance(values, Mapping):
            raise MalformedDocument(f"expected a table, got {type(values).__name__}")
        self._values = values

    def raw(self, name: str) -> object:
        """Return the value unread, to hand it on to another entry."""
        return self._get(name)

    def text(self, name: str) -> str:
        value = self._get(name)
        if not isinstance(value, str):
            raise self._unfit(name, "text", value)
        return value

    def text_or_none(self, name: str) -> str | None:
        return None if self._values.get(name) is None else self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._list(name)
        if not all(isinstance(value, str) for value in values):
            raise self._unfit(name, "a list of texts", values)
        return tuple(str(value) for value in values)

    def number(self, name: str) -> float:
        value = self._get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._unfit(name, "a number", value)
        return float(value)

    def whole(self, name: str) -> int:
        value = self._get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._unfit(name, "a whole number", value)
        return value

    def flag(self, name: str) -> bool:
        value = self._get(name)
        if not isinstance(value, bool):
            raise self._unfit(name, "true or false", value)
        return value

    def day(self, name: str) -> date:
        value = self._get(name)
        if not isinstance(value, date):
            raise self._unfit(name, "a date", value)
        return value

    def entry(self, name: str) -> "Entry":
        return Entry(self._get(name))

    def entries(self, name: str) -> tuple["Entry", ...]:
        return tuple(Entry(value) for value in self._list(name))

    def names(self) -> tuple[str, ...]:
        return tuple(str(name) for name in self._values)

    def has(self, name: str) -> bool:
        return name in self._values

    def _get(self, name: str) -> object:
        if name not in self._values:
            raise MalformedDocument(f"{name} is missing")
        value: object = self._values[name]
        return value

    def _list(self, name: str) -> list[object]:
        value = self._get(name)
        if not isinstance(value, list | tuple):
            raise self._unfit(name, "a list", value)
        return list(value)

    @staticmethod
    def _unfit(name: str, kind: str, value: object) -> MalformedDocument:
        return MalformedDocument(f"{name} must be {kind}, got {value!r}")
