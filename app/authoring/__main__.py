"""`python -m app.authoring [FOLDER]`: print every problem of the content, one a line."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from app.authoring.files import read_catalogue
from app.authoring.freshness import mark_fresh

SOUND, BROKEN, MISSING = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when the content is sound, 1 when it has errors, 2 when the folder is missing."""
    asked = _parser().parse_args(arguments)
    try:
        catalogue = read_catalogue(asked.folder)
        if asked.fresh:
            mark_fresh(asked.folder, catalogue, asked.fresh)
            catalogue = read_catalogue(asked.folder)
    except FileNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    shown = [p for p in catalogue.problems if asked.only in p.file or asked.only in p.message]
    for problem in shown:
        sys.stdout.write(f"{problem}\n")
    items = sum(len(module.items) for module in catalogue.modules)
    sys.stdout.write(
        f"{_count(len(catalogue.programmes), 'programme')},"
        f" {_count(len(catalogue.modules), 'module')}, {_count(items, 'item')} read:"
        f" {_count(len(catalogue.errors), 'error')},"
        f" {_count(len(catalogue.warnings), 'warning')}.\n"
    )
    return BROKEN if catalogue.errors else SOUND


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.authoring", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("content"))
    parser.add_argument(
        "--only",
        default="",
        metavar="WORD",
        help="show only problems that name this, such as a skill",
    )
    parser.add_argument(
        "--fresh",
        default="",
        metavar="WORD",
        help="note that every translation whose file names this fits the words there are now",
    )
    return parser


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


if __name__ == "__main__":
    sys.exit(main())
