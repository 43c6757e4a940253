"""`python -m tests.exchange.table`: what becomes of every fixture, one file a row.

Rows are packages as people hand them over: a file by itself, a zip, or an unpacked folder with a
manifest. Licences and notes are no question files; JSON beside GIFT is the parse expected of it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from app.exchange import Package, Read, Refused, entries_of
from tests.exchange.fixtures import FIXTURES

FOLDERS = ("gift", "qti", "common-cartridge")
_NOTES = ("LICENSE", "NOTICE", "README.md")


def packages() -> Iterator[Path]:
    """Yield each thing of the fixtures that somebody might import."""
    for folder in FOLDERS:
        yield from _within(FIXTURES / folder)


def _within(folder: Path) -> Iterator[Path]:
    if (folder / "imsmanifest.xml").is_file():
        yield folder
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            yield from _within(path)
        elif path.name not in _NOTES and path.suffix != ".json":
            yield path


def read(path: Path) -> Read:
    try:
        return entries_of(Package.of_path(path))
    except Refused as refusal:
        raise AssertionError(f"{path} was refused unread: {refusal.sentence}") from refusal


def row(path: Path) -> str:
    found = read(path)
    name = path.relative_to(FIXTURES).as_posix()
    counts = f"{len(found.questions):4} {len(found.unsupported):4} {len(found.faults):4}"
    said = found.faults[0].sentence if found.faults else ""
    return f"{name:58.58} {found.format:17} {counts}  {said}".rstrip()


def main() -> int:
    if not FIXTURES.is_dir():
        sys.stderr.write("The fixtures are not beside the repository.\n")
        return 2
    sys.stdout.write(f"{'file':58} {'format':17} read  not  bad  why\n")
    for path in packages():
        sys.stdout.write(f"{row(path)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
