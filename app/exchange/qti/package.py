"""QTI packages, single QTI files and Common Cartridges, read to entries in the file's order."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from app.exchange.package import Package
from app.exchange.qti.asi_file import read_asi
from app.exchange.qti.item import read_item
from app.exchange.qti.loading import Documents
from app.exchange.qti.manifest import Manifest, Resource, manifest_path
from app.exchange.qti.markup import Surroundings
from app.exchange.qti.tree import Node
from app.exchange.reader import Reader
from app.exchange.result import Entry, Fault, Place, Question, Refused, Unsupported
from app.exchange.xml_text import looks_like_xml, root_name
from app.words import Sentence

_ITEM_ROOTS = frozenset({"assessmentItem", "qti-assessment-item"})
_ASI_ROOT = "questestinterop"
_ROOTS = _ITEM_ROOTS | {_ASI_ROOT}
_PLANS = frozenset({"assessmentTest", "assessmentSection", "assessmentStimulus"})
_FULL = "non_cc_assessments"
_FULL_ENDING = ".xml.qti"
_XML = (".xml", ".qti")
_MOST_TRIED = 200
_OPENING = 4_000
_MOST_CHARACTERS = 10_000_000  # one passage may be read before very many questions
_SAYS_QTI = re.compile(r"<(?:\w+:)?(?:questestinterop|assessmentItem|qti-assessment-item)\b")
_KINDS = {
    "webcontent": Sentence("page or file"),
    "imswl": Sentence("web link"),
    "imsdt": Sentence("discussion"),
    "imsbasiclti": Sentence("link to another tool"),
    "assignment": Sentence("assignment"),
    "associatedcontent": Sentence("course material"),
    "idpf": Sentence("electronic book"),
}


class _Reading:
    """One package being read: every question once, everything else named."""

    def __init__(self, package: Package, manifest: Manifest | None) -> None:
        self.package = package
        self.manifest = manifest
        self.documents = Documents(package)
        self._read: set[str] = set()
        self._taken: dict[bytes, Place] = {}
        self._characters = 0
        self._passages: dict[str, Node | Fault | None] = {}
        self._in_folder = Counter(
            name.rpartition("/")[0] for name in package.names if name.lower().endswith(_XML)
        )
        self._full = {
            name.rpartition("/")[2].removesuffix(_FULL_ENDING): name
            for name in package.names
            if name.endswith(_FULL_ENDING) and name.rpartition("/")[0].endswith(_FULL)
        }

    def entries(self) -> Iterator[Entry]:
        if self.manifest is None:
            for name in question_files(self.package):
                yield from self.file(name)
            return
        for resource in self._questions_first():
            yield from self._resource(resource)
        left = [n for n in self.package.names if n.endswith(_FULL_ENDING) and n not in self._read]
        for name in left:
            yield from self.file(name)

    def _questions_first(self) -> Iterable[Resource]:
        if self.manifest is None:
            return ()
        return sorted(self.manifest.resources, key=lambda r: not self._holds_questions(r))

    def _holds_questions(self, resource: Resource) -> bool:
        return resource.is_questions or any(f.endswith(_FULL_ENDING) for f in resource.files[:1])

    def _resource(self, resource: Resource) -> Iterator[Entry]:
        place = Place(
            self.manifest.path if self.manifest else "",
            resource.line,
            Sentence("resource %(name)s", name=resource.identifier) if resource.identifier else "",
        )
        if self._holds_questions(resource):
            yield from (
                Fault(place, Sentence("The package names %(name)s, which is not in it.", name=name))
                for name in resource.missing
            )
            if not resource.files and not resource.missing:
                yield Fault(place, Sentence("The resource names no file."))
            for name in self._files(resource):
                yield from self.file(name)
        elif resource.is_around_questions:
            yield from self._plan(resource)
        elif resource.is_unknown_qti:
            said = Sentence(
                "Cairn reads QTI 1.2, 2.0 to 2.2 and 3.0, and this is %(kind)s.", kind=resource.kind
            )
            yield Fault(place, said)
        elif self.manifest is not None and self.manifest.is_cartridge and self._is_own(resource):
            yield _named(resource, place)

    def _is_own(self, resource: Resource) -> bool:
        """Say whether a resource stands by itself, and is no setting or picture of a question."""
        return self.manifest is not None and resource.identifier not in self.manifest.depended_on

    def _files(self, resource: Resource) -> tuple[str, ...]:
        """Return the files that hold a resource's questions; the full one where there are two."""
        if resource.identifier in self._full:
            return (self._full[resource.identifier],)
        written = tuple(name for name in resource.files if name.lower().endswith(_XML))
        if len(written) < 2:  # noqa: PLR2004
            return written
        return tuple(name for name in written if self._root(name) in _ROOTS) or written[:1]

    def _root(self, name: str) -> str:
        return root_name(self.package.read(name))

    def _plan(self, resource: Resource) -> Iterator[Entry]:
        """Read the items a test names that the manifest does not."""
        for name in resource.files:
            if not name.lower().endswith(_XML) or "test" not in resource.kind:
                continue
            root = self._load(name)
            if isinstance(root, Fault):
                yield root
                continue
            for reference in root.each("assessmentItemRef"):
                path = self.package.beside(name, reference.get("href"))
                if path is None:
                    where = Place(name, reference.line, reference.get("identifier"))
                    said = Sentence(
                        "The test names %(name)s, which is not in the package.",
                        name=reference.get("href"),
                    )
                    yield Fault(where, said)
                elif self.manifest is None or path not in self.manifest.question_files:
                    yield from self.file(path)

    def file(self, name: str) -> Iterator[Entry]:
        """Yield the questions of one file; nothing when they were read before."""
        if name in self._read:
            return
        self._read.add(name)
        root = self._load(name)
        if isinstance(root, Fault):
            yield root
            return
        for entry in self._questions(root, Surroundings(self.package, name, self._passage)):
            yield self._once(entry)

    def _questions(self, root: Node, at: Surroundings) -> Iterator[Entry]:
        if root.name == "assessmentItem":
            yield read_item(root, at, category=self._folder(at.file))
        elif root.name == _ASI_ROOT:
            yield from read_asi(root, at)
        elif root.name not in _PLANS:
            said = Sentence(
                "This is no QTI question: its first element is %(name)s.", name=root.name
            )
            yield Fault(Place(at.file, root.line), said)

    def _folder(self, name: str) -> str:
        """Return the folder a file shares with other questions, as its category."""
        folder = name.rpartition("/")[0]
        return folder.rpartition("/")[2] if self._in_folder[folder] > 1 else ""

    def _load(self, name: str) -> Node | Fault:
        try:
            return self.documents.load(name)
        except Refused as refusal:
            if not self.package.is_archive:
                raise
            return Fault(Place(name, refusal.line), refusal.sentence)

    def _passage(self, name: str) -> Node | None:
        if name not in self._passages:
            is_text = name.lower().endswith((".xml", ".html", ".xhtml"))
            self._passages = {name: self._load(name) if is_text else None}  # the last one only
        found = self._passages[name]
        return found if isinstance(found, Node) else None

    def _once(self, entry: Entry) -> Entry:
        """Return the entry, or where its question was taken before: cartridges hold copies."""
        if not isinstance(entry, Question):
            return entry
        self._characters += len(entry.item.text)
        if self._characters > _MOST_CHARACTERS:
            raise Refused("The questions hold more text than is read. Split the file.")
        before = self._taken.setdefault(sha256(repr(entry.item).encode()).digest(), entry.place)
        if before == entry.place:
            return entry
        said = Sentence(
            "The same question is taken from %(spot)s (%(element)s).",
            spot=before.spot,
            element=before.element,
        )
        return Unsupported(entry.place, entry.kind, entry.title, said)


def _named(resource: Resource, place: Place) -> Unsupported:
    kind = next((said for start, said in _KINDS.items() if resource.kind.startswith(start)), "")
    title = resource.title or next(iter(resource.files), "")
    return Unsupported(place, kind or resource.kind, title, Sentence("It is not a question."))


def question_files(package: Package) -> tuple[str, ...]:
    """Return the files of a package without a manifest that are QTI by their first element."""
    named = [name for name in package.names if name.lower().endswith(_XML)][:_MOST_TRIED]
    tried = named if package.is_archive else package.names
    return tuple(name for name in tried if _is_question_file(package.read(name)))


def _is_question_file(content: bytes) -> bool:
    """Say whether content is QTI; broken XML that names QTI is, so that its fault gets a line."""
    root = root_name(content)
    opening = content[:_OPENING].decode("latin-1")
    is_broken = not root and looks_like_xml(content)
    return root in _ROOTS or (is_broken and _SAYS_QTI.search(opening) is not None)


def _manifest(package: Package) -> Manifest | None:
    path = manifest_path(package) if package.is_archive else None
    return Manifest(Documents(package).load(path), path, package) if path is not None else None


def _is_cartridge(package: Package) -> bool:
    try:
        manifest = _manifest(package)
    except Refused:
        return False  # the reader of QTI packages says what is wrong with the manifest
    return manifest is not None and manifest.is_cartridge


def _is_qti(package: Package) -> bool:
    has_manifest = package.is_archive and manifest_path(package) is not None
    return has_manifest or bool(question_files(package))


def _read(package: Package) -> Iterator[Entry]:
    manifest = _manifest(package)
    if manifest is not None and not manifest.resources and not question_files(package):
        raise Refused(_no_questions(manifest))
    if manifest is not None and not manifest.resources:
        manifest = None
    count = 0
    for count, entry in enumerate(_Reading(package, manifest).entries(), start=1):  # noqa: B007
        yield entry
    if count == 0:
        raise Refused(Sentence("%(name)s holds no questions.", name=package.name))


def _no_questions(manifest: Manifest) -> Sentence:
    said = Sentence(
        "%(file)s lists no questions that Cairn reads (QTI 1.2, 2.0 to 2.2 and 3.0, Common"
        " Cartridge 1.0 to 1.3).",
        file=manifest.path,
    )
    if not manifest.schema:
        return said
    schema = Sentence("It says it is %(schema)s.", schema=manifest.schema)
    return Sentence("%(first)s %(then)s", first=said, then=schema)


CARTRIDGE = Reader("common-cartridge", "IMS Common Cartridge", _is_cartridge, _read)
QTI = Reader("qti", "QTI 1.2, 2.1, 2.2, 3.0", _is_qti, _read)
