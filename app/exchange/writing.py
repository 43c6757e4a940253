"""What every writer of another format works with: items, their pictures, and what is lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.authoring import RawItem
from app.authoring.markdown import is_media_name
from app.authoring.rules.markup import markup_of

# Finds a picture by its media name; None when it is not there.
FindPicture = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Written:
    """A file in another format. losses: sentences on what it does not say."""

    content: bytes
    losses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """A format that can be written. ending: how its file names end."""

    name: str
    title: str
    ending: str
    write: Callable[[Sequence[RawItem], FindPicture], Written]


@dataclass
class Losses:
    """Gathers what a format cannot say, each sentence with the item it is about."""

    said: list[str] = field(default_factory=list)

    def note(self, item: RawItem, sentence: str) -> None:
        self.said.append(f"{item.title}: {sentence}")

    def note_transfer(self, item: RawItem) -> None:
        if item.transfer:
            self.note(item, "that it is a transfer case is left out.")

    def note_further_skills(self, item: RawItem) -> None:
        if len(item.skills) > 1:
            self.note(item, "further skills than the first are left out.")

    def note_pictures(self, item: RawItem) -> None:
        names = pictures_of(item)
        if names:
            self.note(item, f"pictures are left out ({', '.join(names)}).")


def pictures_of(item: RawItem) -> tuple[str, ...]:
    """Return the media names an item's texts refer to."""
    texts = (item.text, *item.hints, item.explanation)
    found = (image.address for text in texts for image in markup_of(text).images)
    return tuple(dict.fromkeys(name for name in found if is_media_name(name)))


def rows(item: RawItem, name: str) -> list[Mapping[str, object]]:
    """Return the tables of an answer under a name, none when they are missing."""
    found = item.answer.get(name)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def table(item: RawItem, name: str) -> Mapping[str, object]:
    found = item.answer.get(name)
    return found if isinstance(found, Mapping) else {}


def said(row: Mapping[str, object], name: str) -> str:
    found = row.get(name)
    return found if isinstance(found, str) else ""


def words(row: Mapping[str, object], name: str) -> list[str]:
    found = row.get(name)
    return [word for word in found if isinstance(word, str)] if isinstance(found, list) else []


def number(row: Mapping[str, object], name: str) -> str:
    """Return a number as people type it, 0 when it is missing."""
    found = row.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return "0"
    return f"{found:.9f}".rstrip("0").rstrip(".") or "0"


def weights(options: Sequence[Mapping[str, object]]) -> list[str]:
    """Return what each option earns in percent: shares of the whole, and all of it off for wrong.

    So a wrong choice earns nothing however many right ones go with it, as in Cairn.
    """
    right = sum(option.get("correct") is True for option in options) or 1
    share = f"{100 / right:.5f}".rstrip("0").rstrip(".")
    return [share if option.get("correct") is True else "-100" for option in options]
