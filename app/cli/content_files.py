"""Files written into a content folder: all of them, or none."""

from collections.abc import Mapping
from pathlib import Path

from app.refusal import CannotGoOn


def write_all(files: Mapping[str, bytes], *, folder: Path) -> None:
    """Write new files into a folder; when one cannot be written, none is left behind.

    A file that is there already with the same content stays; with other content it is refused.
    """
    new = {
        path: content for path, content in files.items() if not _is_there(folder / path, content)
    }
    written: list[Path] = []
    made: list[Path] = []
    try:
        for path, content in new.items():
            made += _make_folder((folder / path).parent)
            with (folder / path).open("xb") as file:
                written.append(folder / path)
                file.write(content)
    except OSError as error:
        for file_ in written:
            file_.unlink(missing_ok=True)
        for place in reversed(made):
            place.rmdir()
        raise CannotGoOn(f"The files cannot be written: {error.strerror}.") from error


def _is_there(path: Path, content: bytes) -> bool:
    if not path.exists():
        return False
    if path.read_bytes() != content:
        raise CannotGoOn(f"{path} is there already and says something else. Nothing was written.")
    return True


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder with its parents, and return those that are new, the outermost first."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir()
    return list(reversed(missing))
