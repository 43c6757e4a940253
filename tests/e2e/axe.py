"""What axe finds wrong with a page, and whether the page fits."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
RUN = """async () => (await axe.run({resultTypes: ['violations']})).violations
  .map(fault => `${fault.id} at ${fault.nodes.map(node => node.target).join(', ')}`)"""


def find_faults(page: Page) -> list[str]:
    """Every violation on the page as it stands, with the elements concerned."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    return [f"{page.url}: {fault}" for fault in page.evaluate(RUN)]


def find_overflow(page: Page) -> list[str]:
    """A complaint when the page must be scrolled sideways."""
    width, room = page.evaluate(
        "() => [document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
    )
    return [f"{page.url}: {width} px wide in {room} px"] if width > room else []
