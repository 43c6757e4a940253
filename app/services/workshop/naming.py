"""Ids and names for new content: ids are drawn, names come from titles."""

import re
import secrets
import unicodedata
from collections.abc import Collection

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
ID_LENGTH = 12
LONGEST_SLUG = 60
SUFFIX_LENGTH = 4

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def new_id() -> str:
    """A permanent id that nothing has yet."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))


def new_suffix() -> str:
    """A few letters that tell two modules of the same title apart."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SUFFIX_LENGTH))


def slug_of(title: str, *, taken: Collection[str], otherwise: str) -> str:
    """The title as lower-case words with hyphens, numbered where that name is taken."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = _NOT_PLAIN.sub("-", plain).strip("-")[:LONGEST_SLUG].strip("-") or otherwise
    if slug not in taken:
        return slug
    return next(name for n in range(2, len(taken) + 3) if (name := f"{slug}-{n}") not in taken)
