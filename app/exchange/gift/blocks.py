"""A GIFT file cut into the texts of its questions, each with its line.

An empty line ends a question, except inside its answers. Lines that start with // are comments;
`[id:...]` and `[tag:...]` in them belong to the question that follows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# What an escaped sign is held as until the text is cut: code points that are no characters.
ESCAPES = {"~": "\ufdd0", "=": "\ufdd1", "#": "\ufdd2", "{": "\ufdd3", "}": "\ufdd4", ":": "\ufdd5"}
NEW_LINE, BACKSLASH = "\ufdd6", "\ufdd7"
FAR = 200  # lines within which answers that hold an empty line must end
_HELD = re.compile("[\ufdd0-\ufdd7]")
_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_CATEGORY = re.compile(r"\s*+\$CATEGORY:(?P<path>.*)")
_NAME = r"((?:\\.|[^\]\\]){1,255}+)"  # bounded, or a comment full of openings is read once for each
_ID = re.compile(rf"\[id:{_NAME}\]")
_TAG = re.compile(rf"\[tag:{_NAME}\]")
_BACK = {held: sign for sign, held in ESCAPES.items()} | {NEW_LINE: "\n", BACKSLASH: "\\"}


@dataclass(frozen=True, slots=True)
class Block:
    """The text of one question, its escapes held. is_open: its answers never end."""

    text: str
    line: int
    category: str = ""
    id: str = ""
    tags: tuple[str, ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    path: str
    line: int


@dataclass
class _Pending:
    """The lines of the question being read."""

    lines: list[str] = field(default_factory=list)
    line: int = 0
    depth: int = 0
    comments: list[str] = field(default_factory=list)

    def add(self, text: str, number: int) -> None:
        if not self.lines:
            self.line = number
        self.lines.append(text)
        self.depth += text.count("{") - text.count("}")


def hold(text: str) -> str:
    """Return the text with each escaped sign held, so that the others can be cut at."""
    clean = _HELD.sub("\ufffd", text)
    return _ESCAPE.sub(_held, clean)


def release(text: str) -> str:
    """Return the text with the held signs as themselves."""
    return _HELD.sub(lambda found: _BACK[found[0]], text)


def blocks(text: str) -> Iterator[Block | Category]:
    """Yield questions and categories in the order of the file."""
    lines = hold(text).split("\n")
    pending, category, number = _Pending(), "", 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if line.lstrip().startswith("//"):
            pending.comments.append(line)
            continue
        found = None if pending.depth > 0 else _CATEGORY.match(line)
        ended = not line.strip() and (pending.depth <= 0 or _never_closes(lines, number))
        if found is None and not ended:
            pending.add(line, number)
            continue
        yield from _finished(pending, category)
        pending = _Pending()
        if found is not None:
            category = release(found["path"]).strip()
            yield Category(category, number)
    yield from _finished(pending, category)


def _finished(pending: _Pending, category: str) -> Iterator[Block]:
    if not pending.lines:
        return
    comments = release("\n".join(pending.comments))
    found = _ID.search(comments)
    yield Block(
        text="\n".join(pending.lines),
        line=pending.line,
        category=category,
        id=found[1].strip() if found else "",
        tags=tuple(tag.strip() for tag in _TAG.findall(comments)),
        is_open=pending.depth > 0,
    )


def _never_closes(lines: list[str], start: int) -> bool:
    """Say whether the next brace after an empty line opens: then the one before was forgotten."""
    for line in lines[start : start + FAR]:
        if line.lstrip().startswith(("//", "::", "$CATEGORY:")):
            return True
        for sign in line:
            if sign in "{}":
                return sign == "{"
    return True


def _held(found: "re.Match[str]") -> str:
    sign = found[1]
    if sign == "n":
        return NEW_LINE
    return BACKSLASH if sign == "\\" else ESCAPES[sign]
