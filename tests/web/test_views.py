"""Numbers and durations as people read them."""

import pytest
from flask import Flask
from flask_babel import force_locale

from app.web.views import minutes, number


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0.2, "1 minute"),
        (59.4, "59 minutes"),
        (62, "1 hour"),
        (84, "1 hour 25 minutes"),
        (121, "2 hours"),
    ],
)
def test_nobody_is_told_to_the_minute_what_takes_hours(app: Flask, count: float, said: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert minutes(count) == said


def test_hours_and_minutes_are_joined_as_arabic_joins_them(app: Flask) -> None:
    with app.test_request_context(), force_locale("ar"):
        assert minutes(85) == "ساعة واحدة و25 دقيقة"


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [(-0.0004, None, "0"), (-0.12, None, "-0.12"), (8964, None, "8,964"), (0.73, 3, "0.730")],
)
def test_what_is_nearly_nothing_has_no_sign(
    app: Flask, value: float, places: int | None, said: str
) -> None:
    with app.test_request_context(), force_locale("en"):
        assert number(value, places) == said


def test_a_minus_stays_before_its_number_among_arabic_words(app: Flask) -> None:
    with app.test_request_context(), force_locale("ar"):
        assert number(-0.12) == "\N{LEFT-TO-RIGHT MARK}-0.12"
        assert number(0.12) == "0.12"
