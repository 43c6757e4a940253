"""How numbers are read as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.authoring import UnreadableAnswer
from app.authoring.formats.plain_number import read_number

READABLE = [
    ("12", None, "12"),
    (" 12 ", None, "12"),
    ("012", None, "12"),
    ("12.5", None, "12.5"),
    ("12,5", None, "12.5"),
    ("12.", None, "12"),
    (".5", None, "0.5"),
    ("0,125", None, "0.125"),
    ("1.250", None, "1.25"),
    ("1,200", None, "1200"),
    ("1 200", None, "1200"),
    ("1\u00a0200", None, "1200"),
    ("1\u202f200", None, "1200"),
    ("1'200", None, "1200"),
    ("1\u2019200", None, "1200"),
    ("1,200.50", None, "1200.5"),
    ("1.200,50", None, "1200.5"),
    ("1 200,50", None, "1200.5"),
    ("12,345,678", None, "12345678"),
    ("1.200.000", None, "1200000"),
    ("-5", None, "-5"),
    ("\u22125", None, "-5"),
    ("- 5", None, "-5"),
    ("+5", None, "5"),
    ("12 %", None, "12"),
    ("12%", "%", "12"),
    ("12 per cent", "%", "12"),
    ("12 %", "per cent", "12"),
    ("12 percent", "per cent", "12"),
    ("€12", None, "12"),
    ("€12", "euros", "12"),
    ("12 €", "euros", "12"),
    ("-€12", "€", "-12"),
    ("€-12", "€", "-12"),
    ("£1,200.50", "pounds", "1200.5"),
    ("12.5 hours", "hours", "12.5"),
    ("12.5 Hours.", "hours", "12.5"),
    ("1 hour", "hours", "1"),
    ("3 days", "working days", "3"),
    ("12 letters per week", "letters a week", "12"),
    ("12 letters/week", "letters a week", "12"),
    ("12 of 100", "of 100", "12"),
    ("１２", None, "12"),  # noqa: RUF001 - full-width digits
    ("١٢", None, "12"),
]
UNREADABLE = [
    ("", None),
    ("   ", None),
    ("twelve", None),
    ("about 12", None),
    ("12 or 13", None),
    ("12-15", None),
    ("1/2", None),
    ("1e3", None),
    ("12k", None),
    ("--5", None),
    ("1 2", None),
    ("1,20,300", None),
    ("1,2000", None),
    ("0,1,2", None),
    ("1.2.3", None),
    ("12 hours", None),
    ("12 hours", "minutes"),
    ("€12", "hours"),
    ("12 %", "hours"),
    ("12 $", "euros"),
    (".", None),
    ("nan", None),
    ("inf", None),
    ("1" * 61, None),
    ("<script>1</script>", None),
]


@pytest.mark.parametrize(("typed", "unit", "value"), READABLE)
def test_a_number_is_read(typed: str, unit: str | None, value: str) -> None:
    assert read_number(typed, unit=unit) == Decimal(value)


@pytest.mark.parametrize(("typed", "unit"), UNREADABLE)
def test_what_is_unclear_is_refused(typed: str, unit: str | None) -> None:
    with pytest.raises(UnreadableAnswer, match=r"^Type (a|one) number.*\.$"):
        read_number(typed, unit=unit)


def test_the_unit_is_named_when_another_was_typed() -> None:
    with pytest.raises(UnreadableAnswer, match="in this unit: working days") as refused:
        read_number("3 weeks", unit="working days")
    assert refused.value.sentence.count("%(unit)s") == 1
    assert refused.value.unit == "working days"


def test_a_unit_with_a_percent_sign_does_not_break_the_sentence() -> None:
    with pytest.raises(UnreadableAnswer, match="unit: % of cases"):
        read_number("many", unit="% of cases")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3))
def test_english_notation_is_read_back(value: Decimal) -> None:
    assert read_number(f"{value:,f}", unit=None) == value


@given(st.text(max_size=80), st.none() | st.text(min_size=1, max_size=20))
def test_any_text_is_a_number_or_unreadable(typed: str, unit: str | None) -> None:
    try:
        number = read_number(typed, unit=unit)
    except UnreadableAnswer:
        return
    assert number.is_finite()
