"""An item's Markdown body, cut at its top-level headings."""

import re
from dataclasses import dataclass

_HEADING = re.compile(r"^#[ \t]+(?P<title>.*?)[ \t]*#*$")
_FENCE = re.compile(r"^ {0,3}(?P<mark>```+|~~~+)")


@dataclass(frozen=True, slots=True)
class Section:
    """Text under one `# Heading`; the opening section has an empty title.

    heading: the line of the heading.  line: the first line of the text, past any blank ones.
    """

    title: str
    text: str
    heading: int
    line: int


def cut(body: str, *, first: int) -> tuple[Section, ...]:
    """Return the sections of a body that starts at line `first` of its file."""
    sections: list[Section] = []
    title, start, lines, fence = "", first, list[str](), ""
    for number, line in enumerate(body.split("\n"), start=first):
        fence = fence_after(line, fence)
        heading = None if fence else _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        sections.append(_section(title, lines, start))
        title, start, lines = heading["title"], number + 1, []
    sections.append(_section(title, lines, start))
    return tuple(sections)


def inner(text: str) -> str:
    """Return a text that is one section: its top headings lowered, its open code fence closed."""
    lines, fence = list[str](), ""
    for line in text.strip().split("\n"):
        fence = fence_after(line, fence)
        lines.append(f"#{line}" if not fence and _HEADING.match(line) else line)
    return "\n".join([*lines, fence] if fence else lines)


def _section(title: str, lines: list[str], start: int) -> Section:
    blank = next((n for n, line in enumerate(lines) if line.strip()), 0)
    heading = start - 1 if title else start
    return Section(title, "\n".join(lines).strip(), heading=heading, line=start + blank)


def fence_after(line: str, fence: str) -> str:
    """Return the mark of the code fence that is open after the line, empty outside code."""
    found = _FENCE.match(line)
    if found is None:
        return fence
    if not fence:
        return found["mark"]
    return "" if line.strip().startswith(fence) and not line.strip().strip(fence[0]) else fence
