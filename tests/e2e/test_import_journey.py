"""A trainer brings questions from another system: with and without JavaScript, on a phone too."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.clock import now
from app.models import Role
from tests import workshop
from tests.e2e.axe import find_faults, find_overflow
from tests.e2e.conftest import DESKTOP, PHONE, Visits
from tests.e2e.site import Site
from tests.people import make_agency, make_user

pytestmark = pytest.mark.browser
GIFT = """::The name below::Who answers for a letter?{
=The officer#Right, the one who signs. ~The tool#A tool cannot answer. ~%50%Nobody}

::In your own words::Why does it matter who signs a letter?{}
"""


def look(page: Page) -> list[str]:
    """What is wrong with the page; axe itself needs JavaScript."""
    return [*find_overflow(page), *find_faults(page)]


@pytest.mark.parametrize(("scripts", "width"), [(True, DESKTOP), (True, PHONE), (False, PHONE)])
def test_questions_are_looked_at_then_added(
    site: Site, visits: Visits, tmp_path: Path, *, scripts: bool, width: int
) -> None:
    trainer = site.database.transact(
        lambda s: make_user(s, make_agency(s, at=now()), Role.TRAINER, at=now())
    )
    draft = site.database.transact(lambda s: workshop.begin(s, trainer, title="Letters", at=now()))
    file = tmp_path / "letters.gift"
    file.write_text(GIFT, encoding="utf-8")
    page = visits.page(trainer, scripts=scripts, width=width)
    page.goto(f"/author/drafts/{draft.id}")
    page.get_by_role("link", name="Import questions").click()
    faults = look(page) if scripts else []
    page.get_by_label("Question file").set_input_files(file)
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_role("heading", name="What is in letters.gift")).to_be_visible()
    expect(page.get_by_text("letters.gift:4 (question 2)")).to_be_visible()
    faults += look(page) if scripts else []
    page.get_by_role("button", name="Add 1 question").click()
    expect(page.get_by_text("Added 1 item.")).to_be_visible()
    expect(page.get_by_role("link", name="The name below").first).to_be_visible()
    assert faults == []
