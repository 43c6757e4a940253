"""A stranger's file, archive or folder, opened with care: nothing is written, all is counted.

A lone file is a package of one. Readers ask for files by their path and get bytes; where they come
from they need not know.
"""

import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Self

from app.exchange import limits
from app.exchange.result import Refused
from app.words import Sentence

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_CHUNK = 64 * 1024
_NESTED = (".zip", ".imscc", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz", ".mbz")
_ENCRYPTED = 0x1


class Package:
    """Files by path. `is_archive` tells a zip or folder from a file given by itself."""

    def __init__(self, name: str, files: "Files", *, is_archive: bool) -> None:
        self.name = name
        self.is_archive = is_archive
        self._files = files

    @classmethod
    def of_content(cls, name: str, content: bytes) -> Self:
        """Return the package of an uploaded file: a zip by its first bytes, else a lone file."""
        if content.startswith((_ZIP, _EMPTY_ZIP)):
            return cls(name, _Zipped(content), is_archive=True)
        if len(content) > limits.FILE_BYTES:
            raise Refused(_too_large(limits.FILE_BYTES))
        return cls(name, _Held({name: content}), is_archive=False)

    @classmethod
    def of_path(cls, path: Path) -> Self:
        """Return the package of a file or folder on this machine."""
        if path.is_dir():
            return cls(path.name, _Folder(path), is_archive=True)
        if path.stat().st_size > limits.ARCHIVE_BYTES:
            raise Refused(_too_large(limits.ARCHIVE_BYTES))
        return cls.of_content(path.name, path.read_bytes())

    @property
    def names(self) -> tuple[str, ...]:
        """Return the path of every file, sorted."""
        return self._files.names

    def __contains__(self, name: str) -> bool:
        return name in self._files.names

    def read(self, name: str) -> bytes:
        """Return a file's bytes; raise KeyError when there is none, Refused when it is too much."""
        if name not in self._files.names:
            raise KeyError(name)
        return self._files.read(name)

    def beside(self, name: str, reference: str) -> str | None:
        """Return the path a relative reference in file `name` leads to, None when to none here."""
        steps: list[str] = []
        for step in (*PurePosixPath(name).parent.parts, *PurePosixPath(reference).parts):
            if step == "..":
                if not steps:
                    return None
                steps.pop()
            elif step != ".":
                steps.append(step)
        path = "/".join(steps)
        return path if path in self else None


class Files:
    """Where a package's files come from."""

    names: tuple[str, ...] = ()

    def read(self, name: str) -> bytes:
        raise NotImplementedError


class _Held(Files):
    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents
        self.names = tuple(sorted(contents))

    def read(self, name: str) -> bytes:
        return self._contents[name]


class _Folder(Files):
    def __init__(self, root: Path) -> None:
        self._root = root
        found = []
        for path in root.rglob("*"):
            if path.is_file() and not path.is_symlink():
                found.append(path.relative_to(root).as_posix())
            if len(found) > limits.FOLDER_FILES:
                raise Refused(
                    Sentence("The folder holds more than %(most)d files.", most=limits.FOLDER_FILES)
                )
        self.names = tuple(sorted(found))

    def read(self, name: str) -> bytes:
        path = self._root / name
        if path.stat().st_size > limits.FILE_BYTES:
            raise Refused(larger(name, limits.FILE_BYTES))
        return path.read_bytes()


# ValueError: its table of contents points before its own beginning.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


class _Zipped(Files):
    """A zip's files, inflated one at a time and counted; what the headers say is not believed."""

    def __init__(self, content: bytes) -> None:
        if len(content) > limits.ARCHIVE_BYTES:
            most = _megabytes(limits.ARCHIVE_BYTES)
            raise Refused(Sentence("The archive is larger than %(most)d MB.", most=most))
        self._zip = _opened(content)
        self._inflated = 0
        self._members = {member.filename: member for member in _members(self._zip)}
        self.names = tuple(sorted(self._members))

    def read(self, name: str) -> bytes:
        member = self._members[name]
        parts: list[bytes] = []
        size = 0
        try:
            with self._zip.open(member) as stream:
                while part := stream.read(_CHUNK):
                    size += len(part)
                    self._count(name, size, len(part), member.compress_size)
                    parts.append(part)
        except _DAMAGED as error:
            raise Refused(Sentence("The archive is damaged at %(name)s.", name=name)) from error
        return b"".join(parts)

    def _count(self, name: str, size: int, more: int, packed: int) -> None:
        self._inflated += more
        if size > limits.FILE_BYTES:
            raise Refused(
                Sentence(
                    "%(name)s in the archive is larger than %(most)d MB.",
                    name=name,
                    most=_megabytes(limits.FILE_BYTES),
                )
            )
        if size > limits.RATIO_SPARED_BYTES and size > packed * limits.INFLATE_RATIO:
            raise Refused(
                Sentence(
                    "%(name)s in the archive inflates more than %(most)d times.",
                    name=name,
                    most=limits.INFLATE_RATIO,
                )
            )
        if self._inflated > limits.INFLATED_BYTES:
            raise Refused(_inflates())


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise Refused("The archive is damaged: it cannot be read as a zip file.") from error


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of an archive; refuse it whole when any of its entries is dangerous."""
    members = archive.infolist()
    if len(members) > limits.ARCHIVE_FILES:
        raise Refused(
            Sentence("The archive holds more than %(most)d files.", most=limits.ARCHIVE_FILES)
        )
    if sum(member.file_size for member in members) > limits.INFLATED_BYTES:
        raise Refused(_inflates())
    files = [member for member in members if not member.is_dir()]
    for member in files:
        _check_name(member.filename)
        _check_kind(member)
    folded = {unicodedata.normalize("NFKC", member.filename).casefold() for member in files}
    if len(folded) < len(files):
        raise Refused("Two files of the archive have the same name.")
    return files


def _check_name(name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    odd = "\x00" in name or any(unicodedata.category(sign) == "Cc" for sign in name)
    drive = len(name) > 1 and name[1] == ":"
    if path.is_absolute() or ".." in path.parts or drive or odd:
        raise Refused(
            Sentence("The archive holds a file that points outside it: %(name)s.", name=repr(name))
        )


def _check_kind(member: zipfile.ZipInfo) -> None:
    name = member.filename
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        raise Refused(
            Sentence(
                "The archive holds something that is no plain file: %(name)s.", name=repr(name)
            )
        )
    if member.flag_bits & _ENCRYPTED:
        raise Refused("The archive is locked with a password. Unpack it and pack it again without.")
    if name.lower().endswith(_NESTED):
        raise Refused(
            Sentence(
                "The archive holds another archive, %(name)s. Import that one by itself.",
                name=repr(name),
            )
        )


def larger(name: str, most: int) -> Sentence:
    return Sentence("%(name)s is larger than %(most)d MB.", name=name, most=_megabytes(most))


def _too_large(most: int) -> Sentence:
    return Sentence("The file is larger than %(most)d MB.", most=_megabytes(most))


def _inflates() -> Sentence:
    most = _megabytes(limits.INFLATED_BYTES)
    return Sentence("The archive inflates to more than %(most)d MB.", most=most)


def _megabytes(count: int) -> int:
    return count // limits.MEGABYTE
