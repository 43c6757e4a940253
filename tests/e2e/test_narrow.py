"""What stands side by side on a wide screen is stacked on a phone, and loses nothing."""

import pytest

from tests.e2e.agency import LivedIn
from tests.e2e.axe import find_faults, find_overflow
from tests.e2e.conftest import PHONE, Visits

pytestmark = pytest.mark.browser


def test_a_changed_line_has_the_width_of_a_phone(home_visits: Visits, lived: LivedIn) -> None:
    page = home_visits.page(lived.people["trainer"], width=PHONE)
    page.goto(f"/author/drafts/{lived.ids['draft_id'][0]}/review")
    line = page.locator(".difference:has(.difference-label)").first
    row, text = line.bounding_box(), line.locator(".difference-words").bounding_box()
    assert row is not None
    assert text is not None
    assert text["width"] > 0.9 * row["width"]
    assert [*find_overflow(page), *find_faults(page)] == []
