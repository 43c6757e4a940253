"""Rules on translations: made from today's words, and as sound as the original."""

from collections.abc import Iterator
from dataclasses import replace

from app.authoring.catalogue import Catalogue, Item, Module, Programme, Translation
from app.authoring.document import in_language, in_languages
from app.authoring.rules.finding import Finding
from app.authoring.translated_file import digest_of

# The rules on words that hold in any language; how hard a text is to read is counted in English.
ON_WORDS = frozenset(
    {
        "answers-differ",
        "explanation-long-enough",
        "feedback-says-why",
        "headings-from-two",
        "images-exist",
        "images-have-words",
        "no-all-or-none",
        "no-raw-html",
        "options-differ",
        "right-option-length",
        "right-option-seldom-longest",
        "safe-links",
        "short-sentences",
    }
)


def translations_are_fresh(catalogue: Catalogue) -> Iterator[Finding]:
    everything: tuple[Item | Module | Programme, ...] = (
        *catalogue.programmes,
        *catalogue.modules,
        *catalogue.items,
    )
    for original in everything:
        wanted = digest_of(original) if original.translations else ""
        for translation in original.translations:
            if translation.of != wanted:
                yield Finding(translation.source.file, 1, _said(translation, wanted))


def read_in(catalogue: Catalogue, language: str) -> Catalogue:
    """Return what of the catalogue is there in this language, at the places of the translations."""
    return Catalogue((), tuple(_module_in(module, language) for module in catalogue.modules))


def languages_of(catalogue: Catalogue) -> tuple[str, ...]:
    """Return every language something is translated into."""
    found = {one.language for item in catalogue.items for one in item.translations}
    return tuple(sorted(found))


def _module_in(module: Module, language: str) -> Module:
    own = next((one for one in module.translations if one.language == language), None)
    items = tuple(
        replace(
            item,
            document=in_language(in_languages(item.document, {language: one.words}), language),
            source=one.source,
            translations=(),
        )
        for item in module.items
        for one in item.translations
        if one.language == language
    )
    source = module.source if own is None else own.source
    return replace(module, items=items, source=source, translations=())


def _said(translation: Translation, wanted: str) -> str:
    if not translation.of:
        return f'Nobody has said which words it was made from: of = "{wanted}".'
    return f'The original has changed since. Mend it, then write: of = "{wanted}".'
