"""How much a browser that has never been here must fetch, counted on the wire."""

import pytest
from playwright.sync_api import Page

from tests.e2e.agency import LivedIn
from tests.e2e.conftest import PRACTICE, Visits

pytestmark = pytest.mark.browser
BUDGET = 60_000


def transferred(page: Page, path: str) -> int:
    """Bytes of all answers, compressed as they came, with their headers."""
    sizes: list[int] = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(path, wait_until="networkidle")
    return sum(sizes)


def test_the_first_page_of_the_demonstration_is_light(home_visits: Visits) -> None:
    assert 1_000 < transferred(home_visits.page(), "/") <= BUDGET


def test_the_practice_page_is_light(home_visits: Visits, lived: LivedIn) -> None:
    page = home_visits.page(lived.people["learner"])
    assert 1_000 < transferred(page, PRACTICE) <= BUDGET
