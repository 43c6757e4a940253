"""Questions from a file as the draft files of a content folder."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.authoring import Module, RawItem, write_item
from app.exchange import Picture, Question
from app.services.errors import Invalid
from app.services.workshop.images import harmless
from app.services.workshop.naming import new_id, slug_of


@dataclass(frozen=True, slots=True)
class Drafts:
    """Files to write, by their path from the content folder, and what was lost on the way."""

    files: Mapping[str, bytes]
    losses: tuple[str, ...]


def drafts_of(questions: Sequence[Question], *, module: Module, skill: str) -> Drafts:
    """Return the draft files of the questions, for a skill of the module.

    A name that the module has already gets a number, so no file is ever written over.
    """
    root = f"programmes/{module.programme}/{module.slug}"
    taken = {item.slug for item in module.items}
    files: dict[str, bytes] = {}
    losses: list[str] = []
    for question in questions:
        item, pictures, lost = with_pictures(question)
        losses += lost
        name = slug_of(item.title, taken=taken, otherwise="question")
        taken.add(name)
        whole = replace(item, id=new_id(), skills=(skill,), status="draft", transfer=False)
        files[f"{root}/{skill}/{name}.md"] = write_item(whole).encode()
        files |= {f"{root}/media/{picture.name}": picture.content for picture in pictures}
    return Drafts(files, tuple(losses))


def with_pictures(question: Question) -> tuple[RawItem, list[Picture], list[str]]:
    """Return the item with its pictures made harmless, under the names they have then.

    A picture that cannot be is left out of the texts and said.
    """
    item, kept, losses = question.item, list[Picture](), list[str]()
    for picture in question.pictures:
        try:
            clean = harmless(picture.content)
        except Invalid as error:
            said = str(error).removesuffix(".")
            losses.append(f"{question.place}: the picture {picture.name} is left out: {said}.")
            item = without_picture(item, picture.name)
            continue
        kept.append(Picture(clean.name, clean.content))
        item = renamed(item, picture.name, clean.name)
    return item, kept, losses


def renamed(item: RawItem, old: str, new: str) -> RawItem:
    """Return the item whose texts show the picture under its new name."""
    return _reworded(item, re.compile(rf"\]\({re.escape(old)}(?=[) ])"), f"]({new}")


def without_picture(item: RawItem, name: str) -> RawItem:
    return _reworded(item, re.compile(rf"!\[([^\]]*)\]\({re.escape(name)}[^)]*\)"), r"\1")


def _reworded(item: RawItem, sought: re.Pattern[str], instead: str) -> RawItem:
    return replace(
        item,
        text=sought.sub(instead, item.text),
        hints=tuple(sought.sub(instead, hint) for hint in item.hints),
        explanation=sought.sub(instead, item.explanation),
    )
