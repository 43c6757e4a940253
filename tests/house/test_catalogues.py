"""Every text people see is said in French and in Arabic, whole."""

import re

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from app.config import REPOSITORY
from tests.house.extracting import extract

FOLDER = REPOSITORY / "app" / "translations"
LANGUAGES = ("fr", "ar")
PLACEHOLDER = re.compile(r"%\(\w+\)[-#0-9.]*[a-z]|%%")
TAG = re.compile(r"</?[a-z]+[^>]*>")
ONE_OF_MANY = re.compile(r"%\((?:num|count)\)[ds]")

Key = tuple[str | None, str | tuple[str, ...]]


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> list[Key]:
    """What is marked in code and templates now, also where messages.pot is behind."""
    fresh = tmp_path_factory.mktemp("catalogues") / "messages.pot"
    extract(fresh)
    with fresh.open("rb") as file:
        return [key_of(message) for message in read_po(file) if message.id]


def said(language: str) -> dict[Key, tuple[str, ...]]:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {key_of(one): strings(one) for one in read_po(file, locale=language) if one.id}


def compiled(language: str) -> dict[Key, tuple[str, ...]]:
    with (FOLDER / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        return {key_of(one): strings(one) for one in read_mo(file) if one.id}


def key_of(message: Message) -> Key:
    whole = message.id
    return message.context, whole if isinstance(whole, str) else tuple(whole or ())


def strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def marks(text: str) -> list[str]:
    """What a text must keep in every language: values to put in, and tags."""
    return sorted(PLACEHOLDER.findall(text)) + sorted(TAG.findall(text))


def loses(key: Key, translation: tuple[str, ...]) -> bool:
    """Whether a form misses a mark; a form for one or two may say its number in words."""
    whole = key[1]
    if isinstance(whole, str):
        return marks(whole) != marks(translation[0])
    many = marks(ONE_OF_MANY.sub("", whole[1]))
    return any(marks(ONE_OF_MANY.sub("", form)) != many for form in translation)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_its_translation(wanted: list[Key], language: str) -> None:
    """Write what is listed into messages.po, then compile: `make messages`."""
    there = said(language)
    missing = [key for key in wanted if not all(there.get(key, ("",)))]
    assert not missing, "\n".join([f"{len(missing)} texts without {language}:", *map(str, missing)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_loses_a_value_or_a_tag(wanted: list[Key], language: str) -> None:
    there = said(language)
    assert [key for key in wanted if key in there and loses(key, there[key])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    written = {key: texts for key, texts in said(language).items() if all(texts)}
    assert compiled(language) == written
