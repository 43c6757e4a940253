"""English now, every text marked: in a made-up language nothing English is left on any page."""

import io
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import schema
from app.exchange import items_from
from app.web import errors
from tests.e2e.pages import ROLES, addresses
from tests.e2e.site import place
from tests.people import MODULE_SLUG, csrf_of
from tests.web.faulty import FILES, own_words
from tests.web.foreign import Page, titles
from tests.web.pseudo import Known, has_letters, unmarked
from tests.web.translated import (
    LEFT_ALONE,
    SIGNED_OUT,
    Reader,
    World,
    english,
    is_page,
    local,
    make_world,
    walk,
)

FORMATS = (
    "single-choice",
    "multiple-choice",
    "number",
    "short-text",
    "ordering",
    "matching",
    "explanation",
    "worked-case",
)
HTMX = {"HX-Request": "true"}
CSV = """email,name,department
nobody@7.example,7,7
7,7,7
,7,7
7@7.example,7,7,7
{email},7,7
{email},7,7
{enrolled},7,7
{other},,7
"""
TOO_MANY_LINES = "email\n" + "7@7.example\n" * 5002


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(sqlite_template, tmp_path_factory.mktemp("translated"))


@pytest.fixture(scope="module")
def known(world: World) -> Known:
    """What people and authors wrote. The tests write figures only, alike in every language."""
    return world.known()


def starts(world: World, name: str) -> list[str]:
    """Where somebody begins to walk: all their own pages, and what everybody may see."""
    found = ["/", *addresses(world.lived, None)]
    if name in ROLES:
        found += addresses(world.lived, ROLES[name])
    found += world.extra.get(name, [])
    return [path for path in found if not path.startswith(LEFT_ALONE)]


def listed(found: Mapping[str, str]) -> str:
    return "\n".join(f"{where}: {what}" for what, where in found.items())


def english_of_every_page(world: World, known: Known) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in [*world.people, SIGNED_OUT]:
        for path, answer in walk(world.client(name), starts(world, name)):
            for text_found in english(answer, known):
                found.setdefault(text_found, f"{path} ({name})")
    return found


def sendings(client: FlaskClient, paths: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Every form of every page in each way it may be sent, once."""
    pages = [
        (path, answer.get_data(as_text=True))
        for path, answer in walk(client, paths)
        if is_page(answer)
    ]
    sent = set()
    for path, page in pages:
        for form in Reader(page).forms:
            for action, fields in form.sendings():
                target = local(path, action)
                told = tuple(one for name, one in fields.items() if name != "csrf_token")
                if target and (target, told) not in sent:
                    sent.add((target, told))
                    yield target, fields


def test_no_page_of_anybody_holds_english(world: World, known: Known) -> None:
    found = english_of_every_page(world, known)
    assert not found, listed(found)


def test_no_answer_to_a_form_holds_english(world: World, known: Known) -> None:
    """Every form as it stands, with nothing written and with too much; then every page again."""
    found: dict[str, str] = {}
    for name in world.people:
        client = world.client(name)
        for target, fields in sendings(client, starts(world, name)):
            for headers in ({}, HTMX) if "/learn/" in target else ({},):
                answer = client.post(target, data=fields, headers=headers, follow_redirects=True)
                for text_found in english(answer, known):
                    found.setdefault(text_found, f"{target} ({name})")
    # The forms have made drafts, whose names the audit log shows.
    found |= english_of_every_page(world, world.known())
    assert not found, listed(found)


def test_every_title_of_content_says_which_language_it_is_in(world: World) -> None:
    """Pages are in the made-up language here, and no content is.

    HR's frozen figures keep no language, nor has a draft one whose text cannot be read.
    """
    with world.database.reader() as session:
        known = frozenset(title for title in titles(session) if has_letters(title))
    found: dict[str, str] = {}
    for name in sorted(set(world.people) - {"hr"}):
        for path, answer in walk(world.client(name), starts(world, name)):
            if is_page(answer) and not path.startswith(tuple(world.extra["trainer"])):
                for title in Page(answer.get_data(as_text=True), known).found:
                    found.setdefault(title, f"{path} ({name})")
    assert not found, listed(found)


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_of_item_speaks_the_readers_language(
    world: World, known: Known, form: str
) -> None:
    """Before the answer, with a hint, when the answer cannot be read, and after it."""
    client, found = world.client("learner"), []
    serving, right = place(world.lived.site, world.people["learner"], form)
    token = csrf_of(client, f"/learn/modules/{MODULE_SLUG}")
    for act, fields in (
        ("hint", {"hint": "1"}),
        ("answer", {}),
        ("answer", {"typed": "7 7 7"}),
        ("answer", {"typed": "7" * 400}),
        ("answer", right),
    ):
        for headers in (HTMX, {}):
            answer = client.post(
                f"/learn/servings/{serving.id}/{act}",
                data={"csrf_token": token, **fields},
                headers=headers,
                follow_redirects=True,
            )
            found += english(answer, known)
    assert found == []


def test_every_reason_for_a_choice_is_told_in_the_readers_language(
    world: World, known: Known
) -> None:
    client = world.client("learner")
    found = {
        text_found: rule
        for rule in world.open_one_of_each_rule()
        for text_found in english(client.get(f"/learn/modules/{MODULE_SLUG}"), known)
    }
    assert not found, listed(found)


def test_every_line_of_a_file_is_judged_in_the_readers_language(world: World, known: Known) -> None:
    client, path = world.client("hr"), f"/hr/cohorts/{world.lived.ids['cohort_id'][0]}/csv"
    token, found = csrf_of(client, path), []
    lines = CSV.format(
        email=world.people["learner who has not begun"].email,
        enrolled=world.people["learner"].email,
        other=world.people["trainer"].email,
    )
    for lines_sent in (lines, "", "7\n", "email,email\n", 'email\n"7', TOO_MANY_LINES):
        sent = {"csrf_token": token, "step": "check", "text": lines_sent}
        found += english(client.post(path, data=sent), known)
    assert found == []


def test_what_is_wrong_with_a_file_of_others_is_told_in_the_readers_language(
    world: World, known: Known
) -> None:
    """Its faults, what is not taken and what is not kept; titles and kinds are the file's own."""
    client, path = (
        world.client("trainer"),
        f"/author/drafts/{world.lived.ids['draft_id'][0]}/import",
    )
    token = csrf_of(client, path)
    found: dict[str, str] = {}
    for name, content in FILES:
        also = known.and_also(own_words(items_from(name, content)))
        sent = {"csrf_token": token, "file": (io.BytesIO(content), name)}
        answer = client.post(path, data=sent, content_type="multipart/form-data")
        for text_found in english(answer, also):
            found.setdefault(text_found, f"{name}: {content[:40]!r}")
    assert not found, listed(found)


@pytest.mark.parametrize("status", sorted(errors.PAGES))
def test_every_way_to_fail_is_told_in_the_readers_language(
    world: World, known: Known, status: int
) -> None:
    for stale in (False, True):
        with world.app.test_request_context("/cookies"):
            page = errors._page(HTTPStatus(status), reference="12345678", stale=stale, unsure=stale)
            assert unmarked(page.get_data(as_text=True), known) == []


def test_health_is_told_in_the_readers_language(world: World, known: Known) -> None:
    client, found = world.client("admin"), []
    for version in ("9999", "0001", schema.head()):
        world.set_version(version)
        found += english(client.get("/readyz", headers={"Accept": "text/html"}), known)
    assert found == []
