"""A language in which every marked text shows: ⟦marked⟧. What stands outside was never marked."""

import re
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

from babel.dates import get_month_names
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = "eo"  # real, so that dates must follow it; two plural forms
OPEN, CLOSE = "⟦", "⟧"
SEGMENT = re.compile(r"<[^>]*>|[^<]+")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%%")
MONTHS = "|".join(
    re.escape(name)
    for width in ("wide", "abbreviated")
    for name in get_month_names(width, locale=LOCALE).values()
)
DATE = re.compile(rf"\b\d{{1,2}} ({MONTHS})(?: \d{{4}})?")
# What is the same in every language: the name, addresses, references, codes, passwords.
SAME = re.compile(
    r"Cairn|\S*@\S*|[A-Z]|[0-9a-f]{8}(?:-[0-9a-f-]{27})?|[A-Z2-7]{4}-[A-Z2-7]{4}"
    r"|-?[0-9.]+e[-+][0-9]+|[0-9a-f]{32}\.(?:png|jpg|webp|svg)|[a-z2-7]{12}|[a-z2-9]{4}(?:-[a-z2-9]{4}){3}|[0-9.,]+\s(?:kB|MB|GB|TB)"
)
BETWEEN = re.compile(r", | \N{EN DASH} |: | · | / | → | \(")
EDGES = " \n\t.,:;\N{EN DASH}·/→()±%+-0123456789\N{NO-BREAK SPACE}“”%€£"
SPOKEN = frozenset(
    {
        "title",
        "alt",
        "placeholder",
        "aria-label",
        "aria-description",
        "aria-roledescription",
        "aria-valuetext",
        "label",
        "data-label",
        "data-status",
        "data-sent",
        "data-lost",
        "data-again",
    }
)
BUTTONS = frozenset({"submit", "button", "reset"})
# Codes, and what the reader or somebody before them has typed.
NOT_READ = frozenset({"script", "style", "code", "pre", "textarea"})
# Of these, text goes on in the same sentence.
INLINE = frozenset({"a", "abbr", "code", "del", "em", "ins", "span", "strong"})
VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})


def write_catalogue(template: Path, folder: Path) -> None:
    """Translate every message of the template into the pseudo-language."""
    with template.open("rb") as file:
        found = read_po(file, charset="utf-8")
    catalogue = Catalog(locale=LOCALE)
    for message in found:
        if message.id:
            whole = message.id if isinstance(message.id, str) else tuple(message.id)
            string = mark(whole) if isinstance(whole, str) else tuple(mark(one) for one in whole)
            catalogue.add(message.id, string, context=message.context)
    place = folder / LOCALE / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)


def mark(text: str) -> str:
    """The text in brackets, each piece between tags for itself; placeholders and tags stay."""
    return "".join(
        piece
        if piece.startswith("<") or not has_letters(PLACEHOLDER.sub("", piece))
        else f"{OPEN}{piece}{CLOSE}"
        for piece in SEGMENT.findall(text)
    )


def has_letters(text: str) -> bool:
    return any(character.isalpha() for character in text)


def outside_brackets(text: str) -> str:
    """What no translation wrote. A bracket without its partner stays, as a text cut in two."""
    depth, kept = 0, []
    for character in text:
        depth += character == OPEN
        if depth == 0:
            kept.append(character)
        depth -= character == CLOSE and depth > 0
    return "".join(kept) if depth == 0 else text


class Texts(HTMLParser):
    """Everything a page tells people, read or read aloud, with the place where it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._path: list[str] = []
        self._begun = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            if name in SPOKEN or name.startswith("data-i18n"):
                self.found.append((f"{tag}[{name}]", value))
        if tag == "input" and given.get("type") in BUTTONS:
            self.found.append(("input[value]", given.get("value", "")))
        if tag not in VOID:
            self._path.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self._tell(self._begun)
        while self._path and tag in self._path and self._path.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """A sentence that holds an element goes on after it, up to the end of its block."""
        if NOT_READ & set(self._path):
            return
        text = self._begun + data
        if text.count(OPEN) > text.count(CLOSE):
            self._begun = text
        else:
            self._tell(text)

    def _tell(self, text: str) -> None:
        self._begun = ""
        if has_letters(text):
            self.found.append(("/".join(self._path[-2:]), " ".join(text.split())))


class Known:
    """What comes from the database: names and what authors and people wrote."""

    def __init__(self, texts: set[str]) -> None:
        self._texts = frozenset(" ".join(text.split()) for text in texts)
        self._lines = "\n".join(self._texts)
        self.covers = lru_cache(maxsize=None)(self._covers)

    def and_also(self, texts: set[str]) -> "Known":
        return Known({*self._texts, *texts})

    def _covers(self, text: str) -> bool:
        if not has_letters(text) or text in self._texts or SAME.fullmatch(text):
            return True
        bare = DATE.sub("", text).strip(EDGES)
        if not has_letters(bare) or bare in self._texts or SAME.fullmatch(bare):
            return True
        return any(
            self.covers(text[: cut.start()]) and self.covers(text[cut.end() :])
            for cut in BETWEEN.finditer(text)
        )

    def holds(self, part: str) -> bool:
        """Whether this is a part of such a text: a title is broken into the lines of a drawing."""
        return part.removesuffix("…") in self._lines


def unmarked(page: str, known: Known) -> list[str]:
    """The texts of a page that no translation and nobody's writing accounts for."""
    return [
        f"{place}: {text}"
        for place, text in Texts(page).found
        if not known.covers(" ".join(outside_brackets(text).split()))
        and not (place.endswith("/text") and known.holds(text))
    ]
