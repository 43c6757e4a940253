"""What every template may call: dates in words, addresses of static files, GOV.UK's components."""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TypedDict

from babel.units import format_unit
from flask import Flask, current_app, url_for
from flask_babel import (
    format_date,
    format_datetime,
    format_decimal,
    format_percent,
    format_time,
    get_locale,
    gettext,
    ngettext,
)
from jinja2 import Environment, PackageLoader, PrefixLoader, Undefined
from jinja2.ext import Extension
from wtforms import Field, SelectFieldBase

from app.web import assets
from app.web.said import in_words

LIBRARY = "govuk_frontend_jinja"
MINUTES_AN_HOUR = 60
STEP = 5  # minutes
MOST_DECIMALS = 3
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
HASH_LENGTH = 12
SIZES = {
    "digital-terabyte": 10**12,
    "digital-gigabyte": 10**9,
    "digital-megabyte": 10**6,
    "digital-kilobyte": 10**3,
}
INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Text(TypedDict):
    text: str


class ErrorText(TypedDict):
    text: str
    visuallyHiddenText: str


class ChoiceItem(TypedDict):
    value: str
    text: str
    selected: bool
    checked: bool
    hint: Text | None


def init_app(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(Unindented)
    app.jinja_env.globals.update(
        get_locale=get_locale,
        govuk=Components(app.jinja_env),
        static_url=static_url,
        field_choices=field_choices,
        text_or_none=text_or_none,
        error_or_none=error_or_none,
    )
    app.jinja_env.filters.update(
        date=long_date,
        short_date=short_date,
        time=clock_time,
        moment=moment,
        minutes=minutes,
        number=number,
        percent=percent,
        size=size,
        in_words=in_words,
    )


class Unindented(Extension):
    """Leaves out the indentation that only a template's author needs: a tenth of every page."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's own
        return INDENTATION.sub("", source)


class Components:
    """GOV.UK Frontend's macros by name: `govuk.error_summary({...})`.

    They ask for options nobody gave, so they need an environment where that is no mistake; our own
    templates keep the strict one.
    """

    def __init__(self, environment: Environment) -> None:
        library = PrefixLoader({LIBRARY: PackageLoader(LIBRARY, "templates")})
        self._environment = environment.overlay(loader=library, undefined=Undefined)
        self._macros: dict[str, Callable[..., str]] = {}

    def __getattr__(self, name: str) -> Callable[..., str]:
        if name not in self._macros:
            path = f"{LIBRARY}/components/{name.replace('_', '-')}/macro.html"
            module = self._environment.get_template(path).module
            macro = "govuk" + "".join(word.capitalize() for word in name.split("_"))
            self._macros[name] = getattr(module, macro)
        return self._macros[name]


def static_url(filename: str) -> str:
    """The address of a static file, which changes when the file does: it may be kept for ever."""
    version = _version(current_app.static_folder or "", filename)
    return url_for("static", filename=filename, v=version)


@cache
def _version(folder: str, filename: str) -> str:
    content = assets.whole(Path(folder) / filename)
    return hashlib.sha256(content).hexdigest()[:HASH_LENGTH]


def text_or_none(text: str) -> Text | None:
    """GOV.UK's shape for an optional text."""
    return {"text": text} if text else None


def error_or_none(field: Field) -> ErrorText | None:
    """GOV.UK's shape for what is wrong with a field; the hidden word is read aloud before it."""
    if not field.errors:
        return None
    return {"text": str(field.errors[0]), "visuallyHiddenText": gettext("Error")}


def field_choices(
    field: SelectFieldBase, hints: Mapping[str, str] | None = None
) -> list[ChoiceItem]:
    """The choices of a select, radio or checkbox field, as GOV.UK's components want them."""
    return [
        {
            "value": str(value),
            "text": str(label),
            "selected": selected,
            "checked": selected,
            "hint": text_or_none((hints or {}).get(str(value), "")),
        }
        for value, label, selected, *_ in field.iter_choices()
    ]


def long_date(day: date | datetime) -> str:
    """22 November 2026."""
    return str(format_date(day, "d MMMM y"))


def short_date(day: date | datetime) -> str:
    """22 Nov: for the axis of a chart, never for a sentence."""
    return str(format_date(day, "d MMM"))


def clock_time(at: datetime) -> str:
    """14:05."""
    return str(format_time(at, "HH:mm"))


def moment(at: datetime) -> str:
    """22 November 2026, 14:05."""
    return str(format_datetime(at, "d MMMM y, HH:mm"))


def minutes(count: float) -> str:
    """About how long: whole minutes, from an hour on in steps of five; nobody knows it better."""
    whole = max(1, round(count))
    if whole > MINUTES_AN_HOUR:
        whole = STEP * round(whole / STEP)
    hours, rest = divmod(whole, MINUTES_AN_HOUR)
    in_minutes = str(ngettext("%(num)d minute", "%(num)d minutes", rest))
    if hours == 0:
        return in_minutes
    in_hours = str(ngettext("%(num)d hour", "%(num)d hours", hours))
    if rest == 0:
        return in_hours
    return str(gettext("%(hours)s %(minutes)s", hours=in_hours, minutes=in_minutes))


def number(value: float, places: int | None = None) -> str:
    """1,234.5 as the reader's language writes it; `places` keeps a column of decimals in line."""
    if places is not None:
        return str(format_decimal(value, format=f"#,##0.{'0' * places}"))
    rounded = round(value, MOST_DECIMALS) or 0  # what is nearly 0 has no sign
    # Beside words that run from right to left a minus would go over to the other side.
    mark = LEFT_TO_RIGHT if rounded < 0 and get_locale().text_direction == "rtl" else ""
    return f"{mark}{format_decimal(rounded)}"


def percent(share: float) -> str:
    """A share in [0, 1] as a whole percentage. Mastery is no percentage: say it in words."""
    return str(format_percent(round(share * 100) / 100))


def size(count: int) -> str:
    """How much a file or a disk holds, in the unit that keeps the number short."""
    for unit, bytes_each in SIZES.items():
        if count >= bytes_each:
            return format_unit(round(count / bytes_each, 1), unit, "short", locale=get_locale())
    return str(ngettext("%(num)d byte", "%(num)d bytes", count))
