"""A newcomer writes a module, a colleague reviews it, it is published, and a learner takes it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.models import Agency, Cohort, Module, Programme, Role
from tests.e2e.axe import find_faults
from tests.e2e.conftest import Visits
from tests.e2e.hands import Hand, Keyboard, Mouse
from tests.e2e.site import Site
from tests.people import Person, enrol, make_agency, make_user

pytestmark = pytest.mark.browser
SKILLS = ("Say who signs a letter", "Name the law behind a letter", "Say how to appeal")
OPTIONS = (
    ("The officer who signs it", "Right. Whoever signs a letter answers for it."),
    ("The tool that drafted it", "A tool cannot answer for anything it has drafted."),
    ("Nobody at all in the office", "Somebody signs, so somebody answers for the letter."),
    ("The person who receives it", "The person is told of the decision, they did not make it."),
)
IMPORTED = 20
EXPLANATION = "An officer signs each letter, and whoever signs it answers for all that it says."


@pytest.fixture
def staff(site: Site) -> tuple[Person, Person, Person]:
    """A newcomer, a colleague who reviews, and a learner, all of one agency."""

    def make(session: Session) -> tuple[Person, Person, Person]:
        agency = make_agency(session, at=now())
        roles = (Role.TRAINER, Role.TRAINER, Role.LEARNER)
        newcomer, colleague, learner = (
            make_user(session, agency, role, at=now()) for role in roles
        )
        return newcomer, colleague, learner

    return site.database.transact(make)


@pytest.mark.parametrize(
    ("hand_of", "scripts"),
    [(Keyboard, True), (Mouse, False)],
    ids=["keyboard", "without JavaScript"],
)
def test_a_newcomer_writes_a_module_that_a_learner_takes(
    visits: Visits,
    site: Site,
    staff: tuple[Person, Person, Person],
    hand_of: Callable[[Page], Hand],
    scripts: bool,  # noqa: FBT001 - a column of the table
) -> None:
    newcomer, colleague, learner = staff
    title = f"Letters people trust, {'with' if scripts else 'without'} scripts"
    writing = visits.page(newcomer, scripts=scripts)
    hand = hand_of(writing)

    begin_module(writing, hand, title)
    add_skills(writing, hand, scripts=scripts)
    import_questions(writing, hand, scripts=scripts)
    for skill in SKILLS:
        add_question(writing, hand, skill, scripts=scripts)
    hand_in(writing, hand, scripts=scripts)

    reading = visits.page(colleague, scripts=scripts)
    approve(reading, hand_of(reading), title, scripts=scripts)
    writing.reload()
    hand.press(writing.get_by_role("button", name="Publish"))
    expect(writing.get_by_text("Published. Learners see it from now on.")).to_be_visible()

    enrol_learner(site, learner, title)
    learning = visits.page(learner, scripts=scripts)
    take(learning, hand_of(learning), title)


def check(page: Page, *, scripts: bool) -> None:
    """Nothing for axe to find; it is a script itself, so it looks where scripts may run."""
    assert not scripts or find_faults(page) == []


def begin_module(page: Page, hand: Hand, title: str) -> None:
    page.goto("/author")
    hand.press(page.get_by_role("link", name="Workshop: write and change modules"))
    hand.press(page.get_by_role("link", name="Begin a new module"))
    hand.write(page.get_by_label("Title"), title)
    hand.press(page.get_by_role("button", name="Begin"))
    hand.press(page.get_by_role("link", name="About", exact=True))
    hand.write(page.get_by_label("Summary"), "How to send letters that people can rely on.")
    hand.write(page.get_by_label("Goal"), "After this module you can answer for a letter.")
    hand.select(page.get_by_label("Programme", exact=True), "new")
    hand.write(page.get_by_label("Title of the new programme"), title)
    hand.press(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Saved.")).to_be_visible()


def add_skills(page: Page, hand: Hand, *, scripts: bool) -> None:
    hand.press(page.get_by_role("link", name="Skills", exact=True))
    for skill in SKILLS:
        hand.write(page.get_by_label("Title of a new skill"), skill)
        hand.press(page.get_by_role("button", name="Add the skill"))
        expect(page.get_by_role("heading", name=skill)).to_be_visible()
    for number, skill in enumerate(SKILLS):
        hand.press(page.get_by_role("heading", name=skill).get_by_role("link"))
        hand.write(page.get_by_label("Summary"), f"You can {skill.lower()}.")
        if number:
            hand.choose(page.get_by_label(SKILLS[number - 1]))
        hand.write(page.get_by_label("Of ten new staff"), "3")
        hand.write(page.get_by_label("will have it after one good exercise"), "2.5")
        hand.write(page.get_by_label("Why do you think so?"), "Three of ten did so last year.")
        hand.press(page.get_by_role("button", name="Save"))
        expect(page.get_by_role("heading", name="Skills", exact=True)).to_be_visible()
    check(page, scripts=scripts)


def import_questions(page: Page, hand: Hand, *, scripts: bool) -> None:
    """Twenty questions from a file, looked at first, then added to the last skill."""
    hand.press(page.get_by_role("navigation", name="Back").get_by_role("link"))
    hand.press(page.get_by_role("link", name=re.compile("Import questions")))
    expect(page.get_by_role("heading", name="Import questions")).to_be_visible()
    page.locator("input[type='file']").set_input_files(
        {"name": "letters.gift", "mimeType": "text/plain", "buffer": gift().encode()}
    )
    hand.press(page.get_by_role("button", name="Look at the file"))
    expect(page.get_by_text(f"{IMPORTED} questions can be added.")).to_be_visible()
    check(page, scripts=scripts)
    hand.select(page.get_by_label("Skill"), "say-how-to-appeal")
    hand.press(page.get_by_role("button", name=f"Add {IMPORTED} questions"))
    expect(page.get_by_role("link", name="Appeal number 20")).to_be_visible()
    hand.press(page.get_by_role("link", name="Skills", exact=True))


def gift() -> str:
    """A question bank of somebody's, in the format that Moodle writes."""
    return "\n\n".join(
        f"::Appeal number {n}:: A letter refuses claim number {n}. What does it have to say? {{"
        "=How the person can appeal it#Right. Every refusal says how it can be appealed."
        "~Which tool drafted the letter#The tool is of no use to somebody who is refused."
        "~Who else was refused this week#Other people and their claims are none of its business."
        f"~Nothing more than the decision#Claim {n} ends here only if nobody can appeal."
        "####Whoever is refused must be able to appeal, so each refusal says how, where and until"
        " when that can be done.}"
        for n in range(1, IMPORTED + 1)
    )


def add_question(page: Page, hand: Hand, skill: str, *, scripts: bool) -> None:
    hand.press(page.get_by_role("navigation", name="Back").get_by_role("link"))
    hand.press(page.locator("p.actions").get_by_role("link", name="Add an item"))
    hand.write(page.get_by_label("Title"), f"A letter goes out: {skill.lower()}")
    hand.select(page.get_by_label("Skill"), re.sub("[^a-z]+", "-", skill.lower()))
    hand.choose(page.get_by_label("Single choice"))
    hand.press(page.get_by_role("button", name="Go on"))
    question = f"{skill}: a tool has drafted a letter. Who answers for it?"
    hand.write(page.get_by_label("Situation and question"), question)
    for number, (text, feedback) in enumerate(OPTIONS, start=1):
        row = page.get_by_role("group", name=f"Option {number}", exact=True)
        hand.write(row.get_by_label("What it says"), text)
        hand.write(row.get_by_label("Feedback"), feedback)
    hand.choose(page.get_by_label("Option 1 is the right one"))
    hand.write(page.get_by_label("Explanation", exact=True), EXPLANATION)
    if scripts:
        # What is typed is kept and shown as a learner will see it, before anybody presses Save.
        preview = page.locator("#preview")
        expect(preview.get_by_text(question)).to_be_visible()
        expect(preview.get_by_text("Saved at")).to_be_visible()
    hand.press(page.get_by_role("button", name="Save and preview"))
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page.locator("#preview").get_by_text(question)).to_be_visible()
    expect(page.get_by_label("Explanation", exact=True)).to_have_value(EXPLANATION)


def hand_in(page: Page, hand: Hand, *, scripts: bool) -> None:
    hand.press(page.get_by_role("navigation", name="Back").get_by_role("link"))
    expect(page.get_by_role("heading", name="Items", exact=True)).to_be_visible()
    check(page, scripts=scripts)
    hand.press(page.get_by_role("link", name="Up to “Where it stands”"))
    hand.press(page.get_by_role("button", name="Hand in for review"))
    expect(page.get_by_text("Handed in. A second person can now review it.")).to_be_visible()


def approve(page: Page, hand: Hand, title: str, *, scripts: bool) -> None:
    page.goto("/author/drafts")
    hand.press(page.get_by_role("link", name=title))
    hand.press(page.get_by_role("link", name="Review it"))
    expect(page.get_by_role("heading", name="Review", exact=True)).to_be_visible()
    check(page, scripts=scripts)
    hand.press(page.get_by_role("link", name="Go to your decision"))
    hand.choose(page.get_by_label("Approve: it may be published as it stands"))
    hand.press(page.get_by_role("button", name="Send the decision"))
    expect(page.get_by_text("Approved.")).to_be_visible()


def enrol_learner(site: Site, learner: Person, title: str) -> None:
    """What an HR officer does: a cohort of the new programme with the learner in it."""

    def work(session: Session) -> None:
        programme = session.scalars(select(Programme).where(Programme.title == title)).one()
        module = session.scalars(select(Module).where(Module.title == title)).one()
        assert programme.agency_id == module.agency_id == learner.agency_id
        cohort = Cohort(
            id=learner.id,
            agency_id=session.get_one(Agency, learner.agency_id).id,
            programme_id=programme.id,
            name="Newcomers",
            trainer_id=None,
            created_at=now(),
        )
        session.add(cohort)
        session.flush()
        enrol(session, cohort, learner, at=now())

    site.database.transact(work)


def take(page: Page, hand: Hand, title: str) -> None:
    page.goto("/learn")
    hand.press(page.get_by_role("link", name="Start"))
    hand.press(page.get_by_role("button", name="Start"))
    expect(page.get_by_text("Choose one answer")).to_be_visible()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    hand.choose(page.get_by_label("The officer who signs it"))
    hand.press(page.get_by_role("button", name="Check my answer"))
    expect(page.get_by_role("heading", name="Right", exact=True)).to_be_visible()
    expect(page.get_by_text(EXPLANATION)).to_be_visible()
