"""One call to read any question file: `items_from` for pages and commands alike."""

from collections.abc import Iterable, Iterator
from time import thread_time

from app.exchange import limits
from app.exchange.package import Package
from app.exchange.reader import Reader
from app.exchange.readers import READERS, named
from app.exchange.result import Entry, Fault, Place, Read, Refused
from app.words import Sentence


def items_from(name: str, content: bytes, *, format_: str = "") -> Read:
    """Return what an uploaded file holds, question by question; never raises for a bad file.

    format_: a reader's name, empty to find it by the content.  A file refused as a whole is one
    fault, which names the reason.
    """
    try:
        package = Package.of_content(name, content)
    except Refused as refusal:
        return Read("", (Fault(Place(name, refusal.line), refusal.sentence),))
    return entries_of(package, format_=format_)


def entries_of(package: Package, *, format_: str = "") -> Read:
    """Return what a package holds; see `items_from`."""
    reader = named(format_) if format_ else None
    try:
        reader = reader or _reader_of(package, format_)
        return Read(reader.name, tuple(_few(reader.read(package))))
    except Refused as refusal:
        fault = Fault(Place(package.name, refusal.line), refusal.sentence)
        return Read(reader.name if reader else "", (fault,))
    except RecursionError:
        said = Sentence("The file is nested too deeply.")
        return Read(reader.name if reader else "", (Fault(Place(package.name), said),))


def _reader_of(package: Package, format_: str) -> Reader:
    if format_:
        known = ", ".join(reader.name for reader in READERS)
        raise Refused(
            Sentence(
                "There is no format %(name)s. Known are: %(known)s.", name=format_, known=known
            )
        )
    found = next((reader for reader in READERS if reader.recognises(package)), None)
    if found is None:
        titles = ", ".join(reader.title for reader in READERS)
        raise Refused(
            Sentence(
                "This is no question file that Cairn knows. It reads: %(titles)s.", titles=titles
            )
        )
    return found


def _few(entries: Iterable[Entry]) -> Iterator[Entry]:
    start = thread_time()
    for number, entry in enumerate(entries, start=1):
        if number > limits.QUESTIONS:
            most = limits.QUESTIONS
            raise Refused(Sentence("The file holds more than %(most)d questions.", most=most))
        if thread_time() - start > limits.SECONDS:
            raise Refused("The file takes too long to read. Split it into smaller files.")
        yield entry
