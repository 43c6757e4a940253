"""A catalogue folder, read to programmes and modules with every problem found on the way."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from marshmallow import Schema

from app.authoring.catalogue import (
    Catalogue,
    Item,
    Module,
    Programme,
    Source,
    Status,
    Translation,
)
from app.authoring.entry import Entry
from app.authoring.file_rules import FILES_PRESENT, READABLE_TEXT
from app.authoring.item_file import read_item
from app.authoring.module_file import module_from, programme_from
from app.authoring.problem import Problem, Severity
from app.authoring.raw_item import read_raw
from app.authoring.rules import problems_of
from app.authoring.schema import ModuleSchema, ProgrammeSchema
from app.authoring.toml_file import Table, check, parse
from app.authoring.translated_file import (
    language_of,
    original_of,
    read_item_words,
    read_module_words,
    read_programme_words,
    with_translations,
)

_ITEM = re.compile(r"programmes/[^/]+/[^/]+/[^/]+/[^/]+\.md")


def read_catalogue(folder: Path) -> Catalogue:
    """Return all content under the folder, with the problems of each file and between files.

    What has a problem of its own is left out of the catalogue.  Raises FileNotFoundError when
    the folder is missing.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}.")
    reader = _Reader(folder)
    for path in _folders(folder / "programmes"):
        reader.read_programme(path)
    reader.read_strays()
    catalogue = Catalogue(tuple(reader.programmes), tuple(reader.modules))
    problems = {reader.weighed(p) for p in (*reader.problems, *problems_of(catalogue))}
    return Catalogue(catalogue.programmes, catalogue.modules, tuple(sorted(problems)))


class _Reader:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.programmes: list[Programme] = []
        self.modules: list[Module] = []
        self.problems: list[Problem] = []
        self.drafts: set[str] = set()

    def weighed(self, problem: Problem) -> Problem:
        """Return the problem, as a warning in a draft item: what is unfinished stops nobody."""
        if problem.file not in self.drafts:
            return problem
        return replace(problem, severity=Severity.WARNING)

    def read_programme(self, folder: Path) -> None:
        found = self._table(folder / "programme.toml", ProgrammeSchema())
        if found is not None:
            programme = programme_from(*found, slug=folder.name)
            words = tuple(self._programme_words(folder))
            self.programmes.append(replace(programme, translations=words))
        for inner in _folders(folder):
            self._read_module(inner)

    def _read_module(self, folder: Path) -> None:
        found = self._table(folder / "module.toml", ModuleSchema())
        items = []
        for path in sorted(folder.glob("*/*.md")):
            if language_of(path) is not None:
                continue
            text = self._text(path)
            item = None if text is None else read_item(text, file=self._name(path), path=path)
            if text is not None and _is_draft(text):
                self.drafts.add(self._name(path))
            if isinstance(item, tuple):
                self.problems += item
            elif item is not None:
                items.append(with_translations(item, tuple(self._item_words(item, path))))
        if found is not None:
            entry, source = found
            module = module_from(
                entry,
                source,
                slug=folder.name,
                programme=folder.parent.name,
                items=tuple(items),
                media=tuple(sorted(path.name for path in folder.glob("media/*"))),
            )
            words = tuple(self._module_words(module, folder))
            self.modules.append(replace(module, translations=words))

    def _item_words(self, item: Item, path: Path) -> Iterator[Translation]:
        for beside in sorted(path.parent.glob(f"{path.stem}.*.md")):
            language, text = language_of(beside), self._text(beside)
            if language is not None and text is not None:
                found = read_item_words(text, file=self._name(beside), language=language, item=item)
                yield from self._sound(found)

    def _module_words(self, module: Module, folder: Path) -> Iterator[Translation]:
        for language, file, table in self._tables(folder, "module"):
            yield from self._sound(
                read_module_words(table, file=file, language=language, module=module)
            )

    def _programme_words(self, folder: Path) -> Iterator[Translation]:
        for language, file, table in self._tables(folder, "programme"):
            yield from self._sound(read_programme_words(table, file=file, language=language))

    def _sound(self, found: Translation | tuple[Problem, ...]) -> Iterator[Translation]:
        if isinstance(found, tuple):
            self.problems += found
        else:
            yield found

    def _tables(self, folder: Path, name: str) -> Iterator[tuple[str, str, Table]]:
        """Yield language, file and values of each translation of a TOML file."""
        for path in sorted(folder.glob(f"{name}.*.toml")):
            language, text = language_of(path), self._text(path)
            if language is None or text is None:
                continue
            table = parse(text, file=self._name(path), first=1)
            if isinstance(table, Problem):
                self.problems.append(table)
            else:
                yield language, self._name(path), table

    def _table(self, path: Path, schema: Schema) -> tuple[Entry, Source] | None:
        text, file = self._text(path), self._name(path)
        if text is None:
            return None
        table = parse(text, file=file, first=1)
        if isinstance(table, Problem):
            self.problems.append(table)
            return None
        checked = check(table, schema, file=file)
        if isinstance(checked, tuple):
            self.problems += checked
            return None
        return checked, Source(file=file, lines=table.lines)

    def _text(self, path: Path) -> str | None:
        try:
            return path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            said = f"The file is not UTF-8 text: {error.reason}."
            line = error.object[: error.start].count(b"\n") + 1
            self.problems.append(READABLE_TEXT.broken(self._name(path), line, said))
        except FileNotFoundError:
            said = "The file is missing."
            self.problems.append(FILES_PRESENT.broken(self._name(path), 1, said))
        except OSError as error:
            said = f"The file cannot be read: {error.strerror}."
            self.problems.append(READABLE_TEXT.broken(self._name(path), 1, said))
        return None

    def read_strays(self) -> None:
        """Note each item that lies where nobody looks for it."""
        for path in sorted(self.root.rglob("*.md")):
            file = self._name(path)
            if not _ITEM.fullmatch(file):
                said = "An item lies in programmes/<programme>/<module>/<skill>/."
                self.problems.append(FILES_PRESENT.broken(file, 1, said))
            elif not (path.parent / original_of(path).name).is_file():
                said = f"It translates {original_of(path).name}, which is not there."
                self.problems.append(FILES_PRESENT.broken(file, 1, said))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def _is_draft(text: str) -> bool:
    raw = read_raw(text)
    return raw is not None and raw.status == Status.DRAFT


def _folders(parent: Path) -> Iterable[Path]:
    if not parent.is_dir():
        return []
    return sorted(path for path in parent.iterdir() if path.is_dir() and path.name[0] != ".")
