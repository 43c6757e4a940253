"""What authors wrote, made ready for the fields of an answer."""

import pytest

from app.services.learning.sheet import ShownPart
from app.web.prose import lettered, outgrow_select


def parts(*texts: str) -> list[ShownPart]:
    return [ShownPart(token=f"t{number}", text=text) for number, text in enumerate(texts)]


def test_choices_go_by_letters_in_the_order_they_are_shown() -> None:
    found = lettered(parts("Ask *again*", "Sign"))
    assert [(one["letter"], one["token"]) for one in found] == [("A", "t0"), ("B", "t1")]
    assert found[0]["text"] == "Ask <em>again</em>"


@pytest.mark.parametrize(
    ("texts", "outgrown"),
    [
        (("Public", "Internal"), False),
        (("Public", "Only for those who work on it"), True),
        (("[Nine words long](https://example.org/an/address/that/nobody/sees)",), False),
    ],
)
def test_a_select_is_outgrown_by_what_a_phone_would_cut(
    texts: tuple[str, ...], *, outgrown: bool
) -> None:
    assert outgrow_select(parts(*texts)) is outgrown
