"""A reader of French meets French: on every page of everybody no English text is left."""

import re
from html import unescape
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.config import REPOSITORY
from tests.e2e.pages import ROLES, addresses
from tests.web.pseudo import Texts
from tests.web.translated import LEFT_ALONE, SIGNED_OUT, World, is_page, make_world, walk

FRENCH = REPOSITORY / "app" / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
VALUE = re.compile(r"%\(\w+\)[-#0-9.]*[a-z]")
LEAST = 2  # words: a single one may be a name, or the same in both languages


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    found = make_world(sqlite_template, tmp_path_factory.mktemp("french"))
    babel = found.app.extensions["babel"]
    babel.default_locale = "fr"
    babel.translation_directories[:] = [str(FRENCH.parents[2])]
    return found


@pytest.fixture(scope="module")
def english(world: World) -> re.Pattern[str]:
    """Any interface text in English that is another in French, with anything in its places."""
    with FRENCH.open("rb") as file:
        messages = [one for one in read_po(file, locale="fr") if one.id]
    written = world.known()
    texts = set[str]()
    for message in messages:
        one = (message.id,) if isinstance(message.id, str) else tuple(message.id or ())
        other = (message.string,) if isinstance(message.string, str) else message.string or ()
        texts |= {text for text in one if text not in other and not written.covers(text)}
    patterns = [
        ".+?".join(re.escape(part) for part in VALUE.split(text.replace("%%", "%")))
        for text in texts
        if len(VALUE.sub(" ", text).split()) >= LEAST
    ]
    return re.compile("|".join(sorted(patterns, key=len, reverse=True)))


@pytest.mark.parametrize("name", ["learner", "trainer", "hr", "oversight", "admin", SIGNED_OUT])
def test_no_page_shows_an_interface_text_in_english(
    world: World, english: re.Pattern[str], name: str
) -> None:
    starts = ["/", *addresses(world.lived, None)]
    starts += addresses(world.lived, ROLES[name]) if name in ROLES else []
    found: dict[str, str] = {}
    for path, answer in walk(
        world.client(name), [path for path in starts if not path.startswith(LEFT_ALONE)]
    ):
        if not is_page(answer):
            continue
        page = answer.get_data(as_text=True)
        assert '<html lang="fr" dir="ltr"' in page
        for _, text in Texts(page).found:
            if english.fullmatch(unescape(text).strip()):
                found.setdefault(text, path)
    assert found == {}
