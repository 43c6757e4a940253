"""An item of a draft as a learner would meet it: laid out from its text by the same code."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from app.authoring import Exercise, Lesson, minutes
from app.authoring.catalogue import Item
from app.authoring.item_file import read_item
from app.services.learning import sheet
from app.services.teaching.item_key import KeyPart, key_parts
from app.services.teaching.material import SPECIMEN_SEED, Specimen


@dataclass(frozen=True, slots=True)
class Shown:
    """What a learner sees before and after answering."""

    document: Exercise | Lesson
    sheet: sheet.Sheet | None
    key: tuple[KeyPart, ...]
    minutes: float


def of_text(text: str, *, file: str) -> Shown | None:
    """The specimen of an item's text; None while it is not yet whole."""
    item = read_item(text, file=file, path=PurePosixPath(file))
    if not isinstance(item, Item):
        return None
    document = item.document
    exercise = document if isinstance(document, Exercise) else None
    served = Specimen(SPECIMEN_SEED, sheet.draw_order(document, SPECIMEN_SEED))
    return Shown(
        document=document,
        sheet=sheet.lay_out(exercise, served) if exercise else None,
        key=key_parts(exercise) if exercise else (),
        minutes=minutes(document),
    )
