"""Marshmallow fields that take a TOML value as it is: no text read as a number, no 1 as true."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from marshmallow import fields

REQUIRED = {"required": "is missing", "null": "is empty"}


class Text(fields.String):
    """Text that says something."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if not value.strip():
            raise self.make_error("null")
        return value.strip()


class Flag(fields.Boolean):
    """`true` or `false`."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Number(fields.Float):
    """A finite number, kept as float: 12 and 12.0 are one value and one digest."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        if not math.isfinite(value) or abs(value) > 1e15:  # noqa: PLR2004 - beyond exact floats
            raise self.make_error("special")
        return float(value) + 0.0  # -0.0 becomes 0.0


class Day(fields.Field[date]):
    """A TOML date without time."""

    default_error_messages = {"invalid": "must be a date such as 2026-11-22, without quotes"}  # noqa: RUF012

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> date:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.make_error("invalid")
        return value


_MESSAGES = {
    Text: {"invalid": "must be text in quotes", "null": "is empty"},
    Flag: {"invalid": "must be true or false, without quotes"},
    Number: {
        "invalid": "must be a number, without quotes",
        "special": "must be a finite number of at most fifteen digits",
    },
    Day: {},
}


def wording(**kwargs: Any) -> Text:
    return Text(**_with_messages(Text, kwargs))


def flag(**kwargs: Any) -> Flag:
    return Flag(**_with_messages(Flag, kwargs))


def quantity(**kwargs: Any) -> Number:
    return Number(**_with_messages(Number, kwargs))


def day(**kwargs: Any) -> Day:
    return Day(**_with_messages(Day, kwargs))


def _with_messages(
    kind: type[Text | Flag | Number | Day], kwargs: dict[str, Any]
) -> dict[str, Any]:
    return {"required": True, "error_messages": REQUIRED | _MESSAGES[kind]} | kwargs
