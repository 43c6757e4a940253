"""Marshmallow fields that take a TOML value as it is: no text read as a number, no 1 as true.

A field is required unless it is given a default.  All messages wait for the name of the key, which
is known where a file is checked.
"""

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from marshmallow import Schema, ValidationError, fields, missing

from app.words import Sentence

GREATEST = 1e15  # beyond it a float no longer holds every whole number

T = TypeVar("T")

Check = Callable[[Any], Any]

MISSING, EMPTY = Sentence("The key %(key)s is missing."), Sentence("The key %(key)s is empty.")
NO_TABLE = Sentence("%(key)s must be a table.")
_REQUIRED = {"required": MISSING, "null": EMPTY}
_TABLE = {"type": NO_TABLE}


def wording(*checks: Check, default: object = missing) -> fields.String:
    """Return a field for text that says something."""
    return fields.String(
        required=default is missing,
        load_default=default,
        pre_load=_read_text,
        validate=checks,
        error_messages={**_REQUIRED},
    )


def flag(*, default: object = missing) -> fields.Boolean:
    return fields.Boolean(
        required=default is missing,
        load_default=default,
        pre_load=_read_flag,
        error_messages={**_REQUIRED},
    )


def quantity(*checks: Check, default: object = missing) -> fields.Float:
    """Return a field for a finite number, kept as float: 12 and 12.0 have one digest."""
    return fields.Float(
        required=default is missing,
        load_default=default,
        pre_load=_read_number,
        validate=checks,
        error_messages={**_REQUIRED},
    )


def year() -> fields.Integer:
    return fields.Integer(
        strict=True,
        required=True,
        pre_load=_read_year,
        error_messages={**_REQUIRED},
    )


def day() -> fields.Raw:
    return fields.Raw(required=True, pre_load=_read_day, error_messages={**_REQUIRED})


def list_of(inner: fields.Field[T], *checks: Check, default: object = missing) -> fields.List[T]:
    return fields.List(
        inner,
        required=default is missing,
        load_default=default,
        validate=checks,
        error_messages={
            **_REQUIRED,
            "invalid": Sentence("%(key)s must be a list in square brackets."),
        },
    )


def rows(schema: type[Schema], *checks: Check, default: object = missing) -> fields.List[object]:
    return list_of(fields.Nested(schema, error_messages={**_TABLE}), *checks, default=default)


def table(schema: type[Schema]) -> fields.Nested:
    return fields.Nested(schema, required=True, error_messages={**_REQUIRED, **_TABLE})


def _read_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValidationError(Sentence("%(key)s must be text in quotes."))
    if not value.strip():
        raise ValidationError(EMPTY)
    return value.strip()


def _read_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValidationError(Sentence("%(key)s must be true or false, without quotes."))
    return value


def _read_number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValidationError(Sentence("%(key)s must be a number, without quotes."))
    if not math.isfinite(value) or abs(value) > GREATEST:
        raise ValidationError(
            Sentence("%(key)s must be a finite number of at most fifteen digits.")
        )
    return float(value) + 0.0  # -0.0 becomes 0.0, so that equal numbers have equal digests


def _read_year(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValidationError(Sentence("%(key)s must be a year such as 2025, without quotes."))
    return value


def _read_day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValidationError(
            Sentence("%(key)s must be a date such as 2026-11-22, without quotes.")
        )
    return value
