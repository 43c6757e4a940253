"""What every reader offers: to know its files, and to read one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.exchange.package import Package
from app.exchange.result import Entry


@dataclass(frozen=True, slots=True)
class Reader:
    """A file format that can be read.

    name: what --format takes, such as `gift`.  title: what people call it.
    recognises: says by the content, never by the name alone, whether a package is of this format.
    read: yields one entry for each question, in order; raises Refused when the package as a whole
    cannot be taken.  Entries already yielded are then dropped: half a file is not imported.
    """

    name: str
    title: str
    recognises: Callable[[Package], bool]
    read: Callable[[Package], Iterable[Entry]]
