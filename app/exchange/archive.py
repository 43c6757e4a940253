"""Cairn's own archive: the content folder in a zip, byte for byte, and back again."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import PurePosixPath

from app.authoring import read_raw
from app.authoring.item_file import read_item
from app.authoring.markdown import is_media_name
from app.exchange.package import Package
from app.exchange.reader import Reader
from app.exchange.result import Entry, Fault, Picture, Place, Question, Refused
from app.exchange.writing import pictures_of
from app.words import Sentence

_MODULE = re.compile(r"programmes/[^/]+/[^/]+/module\.toml")
_ITEM = re.compile(r"(?P<module>programmes/[^/]+/[^/]+)/[^/]+/(?P<slug>[^/.]+)\.md")
_TRANSLATED = re.compile(
    r"programmes/[^/]+(?:/[^/]+){0,2}/[^/]+\.[a-z]{2}(?:-[A-Z]{2})?\.(?:md|toml)"
)
_PROGRAMME = re.compile(r"programmes/[^/]+/programme\.toml")
_MEDIA = re.compile(r"programmes/[^/]+/[^/]+/media/(?P<name>[^/]+)")
_SYSTEM = re.compile(r"(?:.*/)?(?:__MACOSX/.*|\.DS_Store|Thumbs\.db)")
_PACKED_ON = (1980, 1, 1, 0, 0, 0)  # the same content is the same archive, whenever it is packed
_PLAIN_FILE = 0o100644 << 16


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the archive of content files, by their path from the content folder."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _PACKED_ON)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, files[path])
    return out.getvalue()


def files_of(package: Package) -> dict[str, bytes]:
    """Return the content files of an archive by their path; refuse one that holds anything else."""
    root = _root(package)
    files = {}
    for name in _names(package):
        path = name.removeprefix(root)
        if not name.startswith(root) or not is_content(path):
            raise Refused(Sentence("%(name)s is no part of a content folder.", name=name))
        files[path] = package.read(name)
    return files


def recognises(package: Package) -> bool:
    return package.is_archive and any(map(_MODULE.search, package.names))


def read(package: Package) -> Iterator[Entry]:
    """Yield each item of the archive, and each file that is no part of one."""
    root = _root(package)
    for name in _names(package):
        path = name.removeprefix(root)
        found = _ITEM.fullmatch(path)
        if found is not None and name.startswith(root):
            yield _item(package, name, root + found["module"], found["slug"])
        elif not name.startswith(root) or not is_content(path):
            yield Fault(Place(name), Sentence("This file is no part of a content folder."))


def _item(package: Package, name: str, module: str, slug: str) -> Entry:
    try:
        text = package.read(name).decode("utf-8-sig")
    except UnicodeDecodeError:
        return Fault(Place(name), Sentence("The file is not UTF-8 text."))
    raw = read_raw(text)
    if raw is None or not raw.format:
        path = PurePosixPath(name)
        problems = read_item(text, file=name, path=path)
        first = problems[0] if isinstance(problems, tuple) else None
        message = first.message if first else Sentence("The item has no format.")
        said = message if isinstance(message, Sentence) else Sentence(message)
        return Fault(Place(name, first.line if first else 1, slug), said)
    named = {f"{module}/media/{picture}": picture for picture in pictures_of(raw)}
    pictures = tuple(Picture(n, package.read(path)) for path, n in named.items() if path in package)
    absent = [n for path, n in named.items() if path not in package]
    losses = tuple(Sentence("The picture %(name)s is not in the archive.", name=n) for n in absent)
    category = raw.skills[0] if raw.skills else ""
    return Question(Place(name, 1, slug), raw.format, raw, pictures, category, (), losses)


def _root(package: Package) -> str:
    """Return what stands before `programmes/` in the paths: nothing, or the folder packed."""
    found = next((m for m in map(_MODULE.search, package.names) if m), None)
    if found is None:
        raise Refused("The archive holds no module.toml under programmes/<programme>/<module>/.")
    return found.string[: found.start()]


def _names(package: Package) -> list[str]:
    return [name for name in package.names if not _SYSTEM.fullmatch(name)]


def is_content(path: str) -> bool:
    media = _MEDIA.fullmatch(path)
    if media is not None:
        return is_media_name(media["name"])
    return any(known.fullmatch(path) for known in (_MODULE, _ITEM, _TRANSLATED, _PROGRAMME))


READER = Reader("cairn", "Cairn (zip)", recognises, read)
