"""Noting in a translation's file which words it was made from, once somebody has read both."""

import re
from pathlib import Path

from app.authoring.catalogue import Catalogue, Item, Module, Programme
from app.authoring.translated_file import digest_of

_OF = re.compile(r'^of = "[^"]*"\n', re.MULTILINE)
_FENCE = "+++\n"


def mark_fresh(folder: Path, catalogue: Catalogue, word: str) -> None:
    """Write into each translation whose file name holds the word that it fits its original now."""
    originals: tuple[Item | Module | Programme, ...] = (
        *catalogue.programmes,
        *catalogue.modules,
        *catalogue.items,
    )
    for original in originals:
        for translation in original.translations:
            if word in translation.source.file:
                _write(folder / translation.source.file, digest_of(original))


def _write(path: Path, digest: str) -> None:
    text = _OF.sub("", path.read_text(encoding="utf-8-sig"), count=1)
    fence = _FENCE if text.startswith(_FENCE) else ""
    path.write_text(f'{fence}of = "{digest}"\n{text.removeprefix(fence)}', encoding="utf-8")
