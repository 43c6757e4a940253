"""Addresses that came with a request, and where they may lead."""

from urllib.parse import urlsplit


def is_local(path: str) -> bool:
    """Whether this is a path on this server: one slash, no host, nothing a browser reinterprets."""
    parts = urlsplit(path)
    return (
        path.startswith("/")
        and not path.startswith(("//", "/\\"))
        and not parts.scheme
        and not parts.netloc
        and path.isprintable()
        and "\\" not in path
    )
