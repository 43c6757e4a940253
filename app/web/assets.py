"""Static files, served before Flask wakes up: joined and compressed once, kept for ever."""

import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

from app.config import Config
from app.web.headers import OF_DOCUMENTS, carried_by

A_DAY = 24 * 60 * 60
# app.js imports this one by its plain address; every other address changes with its file.
PLAIN = "/govuk-frontend.js"
IMPORT = re.compile(rb'^@import url\("([^"]+)"\) layer\((\w+)\);$', re.MULTILINE)
COMMENT = re.compile(rb"^[ \t]*/\*.*?\*/|/\*[^\n]*?\*/$", re.DOTALL | re.MULTILINE)
INDENTATION = re.compile(rb"\s*\n\s*")
SPACING = re.compile(rb"\s*([{};,])\s*")


def init_app(app: Flask, config: Config) -> None:
    """Serve the static folder; what is sent of it is kept in the data folder."""
    folder = Path(app.static_folder or "")
    app.wsgi_app = StaticFiles(  # type: ignore[method-assign]
        app.wsgi_app, kept=config.home / "static", carried=carried_by(config)
    )
    app.wsgi_app.add_files(str(folder), prefix=f"{app.static_url_path}/")


class StaticFiles(WhiteNoise):  # type: ignore[misc]
    """WhiteNoise, with what is sent kept elsewhere: the package itself may be read-only."""

    def __init__(self, application: object, *, kept: Path, carried: Mapping[str, str]) -> None:
        self._kept = kept
        self._carried = carried
        super().__init__(
            application, max_age=A_DAY, immutable_file_test=lambda _, url: not url.endswith(PLAIN)
        )

    def get_static_file(
        self,
        path: str,
        url: str,
        stat_cache: Mapping[str, os.stat_result] | None = None,  # noqa: ARG002 - WhiteNoise's own
    ) -> StaticFile:
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        document = Path(path).suffix not in {".css", ".js"}
        for name, value in self._carried.items():
            if document or name not in OF_DOCUMENTS:
                headers[name] = value
        sent = lean(Path(path))
        plain, packed = kept(sent, into=self._kept), compressed(sent, into=self._kept)
        return StaticFile(str(plain), headers.items(), encodings={"gzip": str(packed)})


def whole(file: Path) -> bytes:
    """A file as it was written; a stylesheet with what it imports where it imports it.

    Styles are written in pieces of one idea each. A browser that followed the imports would ask for
    every piece, and show nothing until the last had come.
    """
    content = file.read_bytes()
    return IMPORT.sub(partial(_piece, file.parent), content) if file.suffix == ".css" else content


def _piece(folder: Path, imported: re.Match[bytes]) -> bytes:
    rules = (folder / imported[1].decode()).read_bytes()
    return b"@layer %b {\n%b}" % (imported[2], rules)


def lean(file: Path) -> bytes:
    """What a browser needs of a file: ours go without comments and without needless space.

    They are a seventh of what is sent. What others made is sent as they made it.
    """
    content = whole(file)
    if "vendor" in file.parts or file.suffix not in {".css", ".js"}:
        return content
    bare = COMMENT.sub(b"", content)
    return SPACING.sub(rb"\1", bare) if file.suffix == ".css" else INDENTATION.sub(b"\n", bare)


def kept(content: bytes, *, into: Path) -> Path:
    """A file that holds this content and is named after it; made when it is not there yet."""
    file = into / hashlib.sha256(content).hexdigest()
    return _written(file, content) if not file.exists() else file


def compressed(content: bytes, *, into: Path) -> Path:
    """The same content, compressed; done once for ever, as it takes longer than all else here."""
    file = into / f"{hashlib.sha256(content).hexdigest()}.gz"
    return _written(file, gzip.compress(content, mtime=0)) if not file.exists() else file


def _written(file: Path, content: bytes) -> Path:
    """Workers start together: each writes a file of its own, and the last to rename wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as draft:
        draft.write(content)
    return Path(draft.name).replace(file)
