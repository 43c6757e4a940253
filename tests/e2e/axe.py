"""What axe finds wrong with a page, and whether the page fits."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ONLY_FAULTS = {"resultTypes": ["violations"]}


def find_faults(page: Page) -> list[str]:
    """Every violation on the page as it stands, with the elements concerned."""
    found = Axe().run(page, options=ONLY_FAULTS).response["violations"]
    return [
        f"{page.url}: {fault['id']} at {', '.join(str(node['target']) for node in fault['nodes'])}"
        for fault in found
    ]


def find_overflow(page: Page) -> list[str]:
    """A complaint when the page must be scrolled sideways."""
    width, room = page.evaluate(
        "() => [document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
    )
    return [f"{page.url}: {width} px wide in {room} px"] if width > room else []
