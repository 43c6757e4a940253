"""A small sound catalogue on disk, for tests to break."""

from pathlib import Path

import pytest
from hypothesis import settings

from app.authoring import Catalogue, Problem, read_catalogue

# A slow machine is no failed property.
settings.register_profile("content", deadline=None)
settings.load_profile("content")

PROGRAMME = """id = "aaaaaaaaaaaa"
title = "Good records"
summary = "How records are kept."
status = "active"
modules = ["keeping-records"]
"""

MODULE = """id = "aaaaaaaaaaab"
title = "Keeping records"
summary = "What to keep and for how long."
goal = "You can keep a record."
status = "active"
language = "en"
as_of = 2026-11-22

[[sources]]
title = "Records management code"
publisher = "Archive"
year = 2025
url = "https://example.org/code"

[[skills]]
id = "aaaaaaaaaaac"
slug = "filing"
title = "File a record"
summary = "You can file a record where others find it."
prerequisites = []
parameters = { prior = 0.3, learn = 0.2, guess = 0.25, slip = 0.1, forget = 0.0 }
because = "Three in ten can."
frameworks = { "digcomp-2.2" = ["1.3"] }

[[skills]]
id = "aaaaaaaaaaad"
slug = "keeping"
title = "Decide how long to keep"
summary = "You can decide how long a record is kept."
prerequisites = ["filing"]
parameters = { prior = 0.2, learn = 0.2, guess = 0.25, slip = 0.1, forget = 0.0 }
because = "Two in ten can."
"""

LESSON_TEXT = "\n\n".join(["The office keeps each record in one place. It is easy to find."] * 15)

BODY = """
A citizen asks for her record. What do you do?

# Hint
Think of where records lie.

# Hint
The record lies in one place only.

# Explanation
A record is kept in one place, so that everybody finds the same one and nobody keeps a copy.
"""

SINGLE = """
[[options]]
text = "Throw it away"
correct = false
feedback = "Then nobody can find it again."

[[options]]
text = "File it once"
correct = true
feedback = "One place is enough for all."

[[options]]
text = "Copy it to all"
correct = false
feedback = "Copies soon differ from each other."
"""
MULTIPLE = (
    SINGLE
    + """
[[options]]
text = "Name it clearly"
correct = true
feedback = "A clear name helps to find it."
"""
)
NUMBER = """
[answer]
value = 12.0
tolerance = 0.5
unit = "months"
right = "One year is twelve months long."
otherwise = "Count the months of one year."

[[mistakes]]
value = 120
feedback = "You multiplied by ten on the way."
"""
SHORT_TEXT = """
[answer]
accepted = ["archive", "the archives"]
right = "Old records go to the archive."
otherwise = "Think of the place for old records."

[[mistakes]]
accepted = ["bin"]
feedback = "What is in the bin cannot be found."
"""
ORDERING = """
[[steps]]
text = "Open the letter"
feedback = "Nothing can be read before that."

[[steps]]
text = "Read the letter"
feedback = "You cannot name what you have not read."

[[steps]]
text = "Name the file"
feedback = "The name says what the letter is about."

[[steps]]
text = "Store the file"
feedback = "It is stored under its new name."
"""
MATCHING = """
extra = ["A key"]

[[pairs]]
left = "Letter"
right = "Envelope"
feedback = "A letter comes in an envelope."

[[pairs]]
left = "Record"
right = "Folder"
feedback = "A record lies in a folder."

[[pairs]]
left = "Book"
right = "Shelf"
feedback = "A book stands on a shelf."

[[pairs]]
left = "Map"
right = "Drawer"
feedback = "A map lies flat in a drawer."
"""

EXERCISES = {
    "single": ("single-choice", SINGLE),
    "single-again": ("single-choice", SINGLE),
    "multiple": ("multiple-choice", MULTIPLE),
    "number": ("number", NUMBER),
    "short": ("short-text", SHORT_TEXT),
    "short-again": ("short-text", SHORT_TEXT),
    "ordering": ("ordering", ORDERING),
    "matching": ("matching", MATCHING),
    "transfer": ("matching", MATCHING),
}


class Folder:
    """A catalogue folder; paths are given from the module's folder unless they say otherwise."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.programme = root / "programmes" / "good-records"
        self.module = self.programme / "keeping-records"

    def write(self, name: str, text: str) -> Path:
        path = self.module / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def edit(self, name: str, old: str, new: str) -> Path:
        text = (self.module / name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        return self.write(name, text.replace(old, new, 1))

    def append(self, name: str, text: str) -> None:
        path = self.module / name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    def move(self, name: str, to: str) -> None:
        target = self.module / to
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.module / name).rename(target)

    def remove(self, name: str) -> None:
        (self.module / name).unlink()

    def read(self) -> Catalogue:
        return read_catalogue(self.root)

    def problems(self, rule: str) -> list[Problem]:
        return [problem for problem in self.read().problems if problem.rule == rule]

    def line_of(self, name: str, text: str) -> int:
        lines = (self.module / name).read_text(encoding="utf-8").split("\n")
        return next(n for n, line in enumerate(lines, start=1) if text in line)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A catalogue that breaks no rule."""
    made = Folder(tmp_path / "content")
    made.write("module.toml", MODULE)
    (made.programme / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    for mark, skill in (("b", "filing"), ("c", "keeping")):
        for n, format_ in enumerate(("explanation", "worked-case")):
            front = _front("lesson", format_, skill, f"{mark}{'abc'[n]}")
            made.write(
                f"{skill}/{skill}-{format_}.md", f"+++\n{front}+++\n{LESSON_TEXT} {mark}{n}\n"
            )
        for n, (name, (format_, answer)) in enumerate(EXERCISES.items()):
            front = _front("exercise", format_, skill, f"{mark}{'defghijkl'[n]}")
            front += "transfer = true\n" if name == "transfer" else ""
            made.write(
                f"{skill}/{skill}-{name}.md",
                f"+++\n{front}{answer}+++\n{BODY.rstrip()} ({mark}{n})\n",
            )
    return made


def _front(kind: str, format_: str, skill: str, mark: str) -> str:
    return (
        f'id = "{mark * 6}"\nkind = "{kind}"\nformat = "{format_}"\nstatus = "active"\n'
        f'title = "A record"\nskills = ["{skill}"]\n'
    )
