"""What stands side by side on a wide screen is stacked on a phone, and loses nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.agency import LivedIn
from tests.e2e.axe import find_faults, find_overflow
from tests.e2e.conftest import DESKTOP, PHONE, PRACTICE, Visits
from tests.e2e.site import Site, place
from tests.people import Person

pytestmark = pytest.mark.browser


def test_on_a_phone_the_skills_of_a_map_stand_along_a_line(
    open_practice: Callable[..., Page],
) -> None:
    page = open_practice(width=DESKTOP)
    page.goto(f"{PRACTICE}/map")
    drawn = page.locator(".map-node").count()
    expect(page.locator(".map-path")).to_be_hidden()
    page.set_viewport_size({"width": PHONE, "height": 640})
    expect(page.locator(".map-picture")).to_be_hidden()
    expect(page.locator(".map-stop")).to_have_count(drawn)
    expect(page.locator(".map-stop").first).to_be_visible()
    expect(page.locator(".map-stop[aria-current='step']")).to_have_count(1)
    assert [*find_overflow(page), *find_faults(page)] == []


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_matched_can_be_read_in_full_on_a_phone(
    open_practice: Callable[..., Page], site: Site, learner: Person, *, scripts: bool
) -> None:
    place(site, learner, "matching")
    page = open_practice(width=PHONE, scripts=scripts)
    select = page.locator(".match-select").first
    offered = [text.strip() for text in select.locator("option").all_inner_texts()[1:]]
    listed = [" · ".join(text.split(maxsplit=1)) for text in words(page.locator(".match-choice"))]
    assert offered == listed
    assert find_overflow(page) == []


def test_a_changed_line_has_the_width_of_a_phone(home_visits: Visits, lived: LivedIn) -> None:
    page = home_visits.page(lived.people["trainer"], width=PHONE)
    page.goto(f"/author/drafts/{lived.ids['draft_id'][0]}/review")
    line = page.locator(".difference:has(.difference-label)").first
    row, text = line.bounding_box(), line.locator(".difference-words").bounding_box()
    assert row is not None
    assert text is not None
    assert text["width"] > 0.9 * row["width"]
    assert [*find_overflow(page), *find_faults(page)] == []


def words(found: Locator) -> list[str]:
    return [" ".join(text.split()) for text in found.all_inner_texts()]
