"""imsmanifest.xml: what a content package or cartridge says it holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from app.exchange.package import Package
from app.exchange.qti.tree import Node
from app.exchange.result import Refused
from app.words import Sentence

MANIFEST = "imsmanifest.xml"
_MOST_NAMED = 10_000
_CARTRIDGE = re.compile(r"imscc|common cartridge", re.IGNORECASE)
_QTI = re.compile(r"^(?:imsqti|ims_?qti)", re.IGNORECASE)
_ITEM = re.compile(r"^imsqti_(?:item_)?xmlv(?:1p[12]|2p[012]|3p0)(?:p\d+)?(?:/|$)", re.IGNORECASE)
_BANK = re.compile(r"question-bank|assessment", re.IGNORECASE)
_AROUND = re.compile(
    r"_(?:test|section|outcomes|responseprocessing|rptemplate|stimulus|fragment|resprocessing)_",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a manifest; its files are paths within the package."""

    identifier: str
    kind: str
    title: str
    files: tuple[str, ...]
    missing: tuple[str, ...]
    depends_on: tuple[str, ...]
    line: int

    @property
    def is_questions(self) -> bool:
        return _ITEM.match(self.kind) is not None or (
            _QTI.match(self.kind) is not None
            and _BANK.search(self.kind) is not None
            and not self.is_around_questions
        )

    @property
    def is_around_questions(self) -> bool:
        """Say whether it is part of QTI that asks nothing itself: a test's plan, a passage."""
        return _QTI.match(self.kind) is not None and _AROUND.search(self.kind) is not None

    @property
    def is_unknown_qti(self) -> bool:
        return _QTI.match(self.kind) is not None


class Manifest:
    """A manifest found in a package."""

    def __init__(self, root: Node, path: str, package: Package) -> None:
        self.path = path
        self._package = package
        self._titles = dict(_titles(root))
        schema, version = root.first("schema"), root.first("schemaversion")
        said = (part.words() for part in (schema, version) if part is not None)
        self.schema = " ".join(said)
        named = sum(1 for _ in root.each("resource", "file"))
        if named > _MOST_NAMED:
            raise Refused(
                Sentence(
                    "%(file)s names more than %(most)d resources and files.",
                    file=path,
                    most=_MOST_NAMED,
                )
            )
        self.resources = tuple(self._resources(root))
        self.depended_on = frozenset(
            name
            for resource in self.resources
            if resource.is_questions
            for name in resource.depends_on
        )
        self.question_files = frozenset(
            name for resource in self.resources if resource.is_questions for name in resource.files
        )

    @property
    def is_cartridge(self) -> bool:
        kinds = [self.schema, *(resource.kind for resource in self.resources)]
        return any(_CARTRIDGE.search(kind) for kind in kinds)

    def _resources(self, root: Node) -> Iterator[Resource]:
        for group in root.each("resources"):
            for found in group.all("resource"):
                yield self._resource(found, base=group.get("base") + found.get("base"))

    def _resource(self, found: Node, *, base: str) -> Resource:
        named = [found.get("href"), *(file.get("href") for file in found.all("file"))]
        wanted = tuple(dict.fromkeys(name for name in named if name and "://" not in name))
        paths = {name: self._path(base + name) for name in wanted}
        identifier = found.get("identifier")
        return Resource(
            identifier=identifier,
            kind=found.get("type"),
            title=self._titles.get(identifier, ""),
            files=tuple(path for path in paths.values() if path is not None),
            missing=tuple(name for name, path in paths.items() if path is None),
            depends_on=tuple(d.get("identifierref") for d in found.all("dependency")),
            line=found.line,
        )

    def _path(self, reference: str) -> str | None:
        """Return the path of a file the manifest names, with or without percent signs."""
        plain = reference.partition("?")[0].partition("#")[0]
        return self._package.beside(self.path, plain) or self._package.beside(
            self.path, unquote(plain)
        )


def manifest_path(package: Package) -> str | None:
    """Return where the manifest is: at the root, or in the one folder that was packed."""
    found = [name for name in package.names if name.rpartition("/")[2].lower() == MANIFEST]
    return min(found, key=lambda name: (name.count("/"), name), default=None)


def _titles(root: Node) -> Iterator[tuple[str, str]]:
    """Yield what the table of contents calls each resource."""
    for item in root.each("item"):
        title = item.child("title")
        if title is not None and item.get("identifierref"):
            yield item.get("identifierref"), title.words()
