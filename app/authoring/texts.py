"""One module read from texts that lie in no folder: the same parser and rules as the files."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath

from app.authoring.catalogue import Catalogue, Item, Module, Neighbour, Source
from app.authoring.item_file import read_item
from app.authoring.module_file import module_from
from app.authoring.problem import Problem
from app.authoring.rules import problems_of
from app.authoring.schema import ModuleSchema
from app.authoring.toml_file import check, parse

MODULE_FILE = "module.toml"
ITEMS_KEPT = 2048


def read_module(
    toml: str,
    items: Mapping[str, str],
    *,
    slug: str,
    programme: str,
    media: Collection[str],
    others: tuple[Neighbour, ...],
) -> Catalogue:
    """Return a catalogue of one module, with every problem of its texts.

    items: the text of each item by `<skill>/<item>.md`, the name it would have as a file.
    others: the modules it may build on.  What has a problem of its own is left out; without a
    readable module.toml there is no module.
    """
    read = {file: _read_item(text, file) for file, text in items.items()}
    problems = [p for found in read.values() if isinstance(found, tuple) for p in found]
    kept = tuple(found for found in read.values() if isinstance(found, Item))
    module = _read_module(toml, kept, slug=slug, programme=programme, media=tuple(sorted(media)))
    if isinstance(module, tuple):
        return Catalogue((), (), tuple(sorted({*problems, *module})))
    catalogue = Catalogue((), (module,), others=others)
    found = tuple(sorted({*problems, *problems_of(catalogue)}))
    return replace(catalogue, problems=found)


@lru_cache(maxsize=ITEMS_KEPT)  # a page checks every item of a module, of which one has changed
def _read_item(text: str, file: str) -> Item | tuple[Problem, ...]:
    return read_item(text, file=file, path=PurePosixPath(file))


def _read_module(
    toml: str, items: tuple[Item, ...], *, slug: str, programme: str, media: tuple[str, ...]
) -> Module | tuple[Problem, ...]:
    table = parse(toml, file=MODULE_FILE, first=1)
    if isinstance(table, Problem):
        return (table,)
    entry = check(table, ModuleSchema(), file=MODULE_FILE)
    if isinstance(entry, tuple):
        return entry
    source = Source(file=MODULE_FILE, lines=table.lines)
    return module_from(entry, source, slug=slug, programme=programme, items=items, media=media)
