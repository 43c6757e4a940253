"""A stranger's text file, decoded: UTF-8 or UTF-16, else the old Windows letters, and then said."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from app.exchange.package import Package
from app.exchange.result import Refused
from app.words import Sentence

GUESSED = Sentence(
    "The file is not UTF-8; it was read as Windows-1252. Check letters with accents."
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_ENDS = re.compile(r"\r\n?|\x85|\u2028|\u2029")
_KEPT_CONTROLS = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class TextFile:
    """losses: what is uncertain about every text of the file."""

    name: str
    text: str
    losses: tuple[Sentence, ...] = ()


def text_file(package: Package) -> TextFile:
    """Return the text of a package that is one file; raise Refused when it is no text."""
    if package.is_archive or len(package.names) != 1:
        raise Refused("This format is one text file, not an archive.")
    name = package.names[0]
    text, losses = _decoded(package.read(name))
    if not text.strip():
        raise Refused("The file is empty.")
    if any(unicodedata.category(s) == "Cc" and s not in _KEPT_CONTROLS for s in set(text)):
        raise Refused("The file is not a text file.")
    return TextFile(name, text, losses)


def opening_of(package: Package, *, longest: int = 65_536) -> str:
    """Return the first part of a lone text file, empty when it is something else."""
    if package.is_archive or len(package.names) != 1:
        return ""
    try:
        return text_file(package).text[:longest]
    except Refused:
        return ""


def _decoded(content: bytes) -> tuple[str, tuple[Sentence, ...]]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _in(encoding, content), ()
    try:
        return _tidy(content.decode("utf-8")), ()
    except UnicodeDecodeError:
        return _in("windows-1252", content), (GUESSED,)


def _in(encoding: str, content: bytes) -> str:
    try:
        return _tidy(content.decode(encoding))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Refused("The file is not a text file in UTF-8.", line=line) from error


def _tidy(text: str) -> str:
    return (
        _LINE_ENDS.sub("\n", text).replace("\x0c", "\n").replace("\x0b", "\n").removesuffix("\x1a")
    )
