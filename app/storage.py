"""What the database lies on: the file system of its folder, and the version of SQLite."""

from pathlib import Path

from app.refusal import CannotGoOn

MOUNTS = Path("/proc/mounts")
# SQLite's locks and shared memory do not hold across a network: two writers would both write.
NETWORK = frozenset(
    {
        "afs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.davfs",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
    }
)
UNKNOWN = "unknown"
# A commit that overlaps a checkpoint may corrupt the file in these versions; see app/db.py.
FIRST_WITH_WAL_RESET_BUG = (3, 7, 0)
FIXED = (3, 51, 3)
BACKPORTS = ((3, 44, 6), (3, 50, 7))


class NetworkFileSystem(CannotGoOn):
    """The data folder is shared over a network."""


def read_mounts() -> str:
    """What is mounted where, as Linux tells it; nothing where the system does not."""
    try:
        return MOUNTS.read_text(errors="replace")
    except OSError:
        return ""


def file_system(folder: Path, *, mounts: str) -> str:
    """The kind of file system a folder lies on, `unknown` when the mounts do not say."""
    kind, depth = UNKNOWN, -1
    for line in mounts.splitlines():
        _device, place, found, *_rest = [*line.split(" "), "", "", ""]
        point = Path(_unescape(place))
        # A later mount on the same place hides the earlier one.
        if place and folder.is_relative_to(point) and len(point.parts) >= depth:
            kind, depth = found, len(point.parts)
    return kind


def _unescape(place: str) -> str:
    """Undo the octal escapes of blanks, tabs, line ends and backslashes."""
    for code in (r"\040", r"\011", r"\012", r"\134"):
        place = place.replace(code, chr(int(code[1:], 8)))
    return place


def check_local(folder: Path, *, mounts: str) -> None:
    """Raise NetworkFileSystem when the folder is shared over a network."""
    kind = file_system(folder, mounts=mounts)
    if kind in NETWORK:
        raise NetworkFileSystem(
            f"The data folder {folder} lies on a network file system ({kind}), where SQLite loses "
            "answers. Set CAIRN_HOME to a folder on a local disk, or CAIRN_DATABASE_URL to a "
            "PostgreSQL database."
        )


def may_reset_wal(version: tuple[int, ...]) -> bool:
    """Whether this version of SQLite has the WAL-reset bug."""
    if not FIRST_WITH_WAL_RESET_BUG <= version < FIXED:
        return False
    return not any(version[:2] == fixed[:2] and version >= fixed for fixed in BACKPORTS)
