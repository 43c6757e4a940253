"""Static files, served before Flask wakes up: compressed once, kept by browsers for ever."""

import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

from app.config import Config
from app.web.headers import carried_by

A_DAY = 24 * 60 * 60
# app.js imports this one by its plain address; every other address changes with its file.
PLAIN = "/govuk-frontend.js"
COMMENT = re.compile(rb"^[ \t]*/\*.*?\*/|/\*[^\n]*?\*/$", re.DOTALL | re.MULTILINE)
INDENTATION = re.compile(rb"\s*\n\s*")
SPACING = re.compile(rb"\s*([{};,])\s*")


def init_app(app: Flask, config: Config) -> None:
    """Serve the static folder, and keep its compressed copies in the data folder."""
    folder = Path(app.static_folder or "")
    app.wsgi_app = StaticFiles(  # type: ignore[method-assign]
        app.wsgi_app, kept=config.home / "static", carried=carried_by(config)
    )
    app.wsgi_app.add_files(str(folder), prefix=f"{app.static_url_path}/")


class StaticFiles(WhiteNoise):  # type: ignore[misc]
    """WhiteNoise, with the compressed copies elsewhere: the package itself may be read-only."""

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
        for name, value in self._carried.items():
            headers[name] = value
        packed = compressed(Path(path), into=self._kept)
        return StaticFile(path, headers.items(), encodings={"gzip": str(packed)})


def lean(file: Path) -> bytes:
    """What a browser needs of a file: ours go without comments and without needless space.

    They are a seventh of what is sent. What others made is sent as they made it.
    """
    content = file.read_bytes()
    if "vendor" in file.parts or file.suffix not in {".css", ".js"}:
        return content
    bare = COMMENT.sub(b"", content)
    return SPACING.sub(rb"\1", bare) if file.suffix == ".css" else INDENTATION.sub(b"\n", bare)


def compressed(file: Path, *, into: Path) -> Path:
    """The compressed copy of a file, named after its content; made when it is not there yet."""
    content = lean(file)
    packed = into / f"{hashlib.sha256(content).hexdigest()}.gz"
    if not packed.exists():
        into.mkdir(parents=True, exist_ok=True)
        # Workers start together: each writes its own file, and the last to rename wins.
        with tempfile.NamedTemporaryFile(dir=into, delete=False) as draft:
            draft.write(gzip.compress(content, mtime=0))
        Path(draft.name).replace(packed)
    return packed
