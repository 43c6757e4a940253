"""The mark of what was last published: it spares a start the reading of content nobody changed."""

import hashlib
from pathlib import Path

from app.config import REPOSITORY, Config
from app.db import current_session
from app.services.catalogue import publishing


class Mark:
    """A digest kept in the data folder; wrong or missing, it costs a second and harms nothing.

    It covers the content files, the code that reads them, and what the database says is taught: so
    it is out of date after an edit, an update of Cairn, or the restoring of a backup.
    """

    def __init__(self, config: Config) -> None:
        self._path = config.home / "published.sha256"
        self._folders = (
            config.content,
            REPOSITORY / "app" / "authoring",
            REPOSITORY / "app" / "services",
        )

    def is_current(self) -> bool:
        """Whether publishing again would change nothing."""
        try:
            return self._path.read_text() == self._digest()
        except OSError:
            return False

    def renew(self) -> None:
        """Take note of what stands published now."""
        self._path.write_text(self._digest())

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for folder in self._folders:
            for path in sorted(folder.rglob("*.*")):
                if path.is_file() and path.suffix != ".pyc":
                    digest.update(_named(path, folder))
        for revision in publishing.published_revisions(current_session()):
            digest.update(revision.encode())
        return digest.hexdigest()


def _named(path: Path, folder: Path) -> bytes:
    content = hashlib.sha256(path.read_bytes()).digest()
    return str(path.relative_to(folder)).encode() + b"\0" + content
