"""Questions in and out: other people's formats read to drafts, Cairn's items written to theirs.

Nothing here knows the database or the web, and nothing is written to a disk. What is read is a
stranger's: see `limits` for how much of it is believed.
"""

from app.exchange.package import Package
from app.exchange.reader import Reader
from app.exchange.reading import entries_of, items_from
from app.exchange.result import (
    Entry,
    Fault,
    Picture,
    Place,
    Question,
    Read,
    Refused,
    Unsupported,
)

__all__ = [
    "Entry",
    "Fault",
    "Package",
    "Picture",
    "Place",
    "Question",
    "Read",
    "Reader",
    "Refused",
    "Unsupported",
    "entries_of",
    "items_from",
]
