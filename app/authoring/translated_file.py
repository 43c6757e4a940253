"""A translation, read from the file beside its original and held against it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from app.authoring.body import Section, cut
from app.authoring.catalogue import Item, Module, Programme, Source, Translation
from app.authoring.document import in_languages
from app.authoring.entry import Entry
from app.authoring.file_rules import FRONT_MATTER, TRANSLATION_MATCHES
from app.authoring.problem import Problem
from app.authoring.rules.markup import markup_of
from app.authoring.toml_file import Table, check, parse, split_front_matter
from app.authoring.translated_schema import BY_FORMAT, ModuleWords, ProgrammeWords
from app.authoring.translated_words import Words, shape_of, words_digest, words_of

NAME = re.compile(r"(?P<original>[^.]+)\.(?P<language>[a-z]{2})\.(?P<kind>md|toml)")
_HEADING = re.compile(r"^(#{2,6})[ \t]", re.MULTILINE)
_UNLIKE = "The translation does not match {original}: {what}."

Problems = tuple[Problem, ...]


def language_of(path: PurePath) -> str | None:
    """Return the language a file name ends with; None for an original."""
    found = NAME.fullmatch(path.name)
    return found["language"] if found else None


def original_of(path: PurePath) -> PurePath:
    """Return the path of the file a translation belongs to."""
    found = NAME.fullmatch(path.name)
    return path if found is None else path.with_name(f"{found['original']}.{found['kind']}")


def read_item_words(text: str, *, file: str, language: str, item: Item) -> Translation | Problems:
    """Return the translation of an item, or every problem that keeps it from being one."""
    front = split_front_matter(text)
    if front is None:
        said = "The file must open with TOML between two lines of +++."
        return (FRONT_MATTER.broken(file, 1, said),)
    sections = cut(front.body, first=front.body_first)
    table = parse(front.toml, file=file, first=front.first)
    if isinstance(table, Problem):
        return (table,)
    entry = check(table, BY_FORMAT[item.document.format.value](), file=file)
    if isinstance(entry, tuple):
        return entry
    source = Source(file=file, lines=table.lines, sections=sections)
    unlike = _unlike_sections(item.source.sections, sections)
    words = _item_words(entry, sections, item)
    original = words_of(item.document.to_document())
    unlike = unlike or _unlike_shapes(shape_of(original), shape_of(words))
    if unlike:
        said = _UNLIKE.format(original=PurePath(item.source.file).name, what=unlike)
        return (TRANSLATION_MATCHES.broken(file, 1, said),)
    return Translation(language, entry.text("of"), words, source)


def read_module_words(
    table: Table, *, file: str, language: str, module: Module
) -> Translation | Problems:
    entry = check(table, ModuleWords(), file=file)
    if isinstance(entry, tuple):
        return entry
    slugs = [row.text("slug") for row in entry.entries("skills")]
    if slugs != [skill.slug for skill in module.skills]:
        what = "it must name the same skills in the same order"
        said = _UNLIKE.format(original="module.toml", what=what)
        return (TRANSLATION_MATCHES.broken(file, table.lines.of("skills"), said),)
    words = words_of({name: entry.raw(name) for name in entry.names()})
    return Translation(language, entry.text("of"), words, Source(file=file, lines=table.lines))


def read_programme_words(table: Table, *, file: str, language: str) -> Translation | Problems:
    entry = check(table, ProgrammeWords(), file=file)
    if isinstance(entry, tuple):
        return entry
    words = words_of({name: entry.raw(name) for name in entry.names()})
    return Translation(language, entry.text("of"), words, Source(file=file, lines=table.lines))


def with_translations(item: Item, translations: tuple[Translation, ...]) -> Item:
    """Return the item in more languages; what was translated from other words is left aside."""
    now = digest_of(item)
    words = {one.language: one.words for one in translations if one.of == now}
    document = in_languages(item.document, words)
    return replace(item, document=document, translations=translations)


def digest_of(original: Item | Module | Programme) -> str:
    """Return the name of the words a translation is made from, now."""
    return words_digest(_as_document(original))


def is_fresh(original: Item | Module | Programme, translation: Translation) -> bool:
    return translation.of == digest_of(original)


def _as_document(original: Item | Module | Programme) -> Mapping[str, object]:
    if isinstance(original, Item):
        return original.document.to_document()
    found: dict[str, object] = {"title": original.title, "summary": original.summary}
    if isinstance(original, Module):
        found["goal"] = original.goal
        found["skills"] = [
            {"title": skill.title, "summary": skill.summary, "because": skill.because}
            for skill in original.skills
        ]
    return found


def _item_words(entry: Entry, sections: tuple[Section, ...], item: Item) -> Words:
    values = {name: entry.raw(name) for name in entry.names() if name != "of"}
    if "extra" in values:
        values["extra"] = [{"text": text} for text in entry.texts("extra")]
    if item.lesson is not None:
        return words_of(values | {"text": sections[0].text})
    texts = {section.title: section.text for section in sections}
    hints = [section.text for section in sections if section.title == "Hint"]
    body = {"question": sections[0].text, "hints": hints, "explanation": texts["Explanation"]}
    return words_of(values | body)


def _unlike_sections(original: tuple[Section, ...], new: tuple[Section, ...]) -> str:
    """Return in which way the bodies differ; empty when they are alike."""
    titles, new_titles = [s.title for s in original], [s.title for s in new]
    if titles != new_titles:
        wanted = ", ".join(f"# {title}" for title in titles[1:]) or "none"
        return f"its sections must be {wanted}, in this order and with these English names"
    for before, after in zip(original, new, strict=True):
        named = f"# {after.title}" if after.title else "the text"
        if not after.text:
            return f"{named} says nothing"
        if _HEADING.findall(before.text) != _HEADING.findall(after.text):
            return f"{named} must have the same headings"
        if _images(before) != _images(after):
            return f"{named} must show the same images"
    return ""


def _images(section: Section) -> list[str]:
    return [image.address for image in markup_of(section.text).images]


def _unlike_shapes(original: dict[str, object], new: dict[str, object]) -> str:
    for name in sorted(original.keys() | new.keys()):
        if original.get(name) == new.get(name):
            continue
        before, after = original.get(name), new.get(name)
        if isinstance(before, list) and isinstance(after, list) and len(before) != len(after):
            return f"there must be {len(before)} {name}, got {len(after)}"
        return f"{name} must hold the same parts"
    return ""
