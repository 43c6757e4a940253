"""Drafts whose texts break what a form would never let through: written as text, each in a way."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.services.workshop import drafts, writing
from tests.people import Person
from tests.workshop import QUESTION, begin

WELL_KEPT = 'feedback = "Somebody signs, so somebody does."'
# What stands in a question, and what a trainer writes there instead.
ITEMS: dict[str, tuple[str, str]] = {
    "no TOML": ('status = "active"', "status = active"),
    "a text without end": ('status = "active"', 'status = "active'),
    "a key twice": ('status = "active"', 'status = "active"\nstatus = "active"'),
    "no front matter": ("+++\n", ""),
    "an unknown key": ('status = "active"', 'status = "active"\ncolour = 7'),
    "an unknown status": ('status = "active"', 'status = "7"'),
    "an unknown format": ('format = "single-choice"', 'format = "7"'),
    "an unknown kind": ('kind = "exercise"', 'kind = "7"'),
    "a number for a text": (WELL_KEPT, "feedback = 7"),
    "a text for a flag": ("correct = true", 'correct = "7"'),
    "a flag for a list": ('skills = ["answer-for-it"]', "skills = true"),
    "no skill": ('skills = ["answer-for-it"]', "skills = []"),
    "a skill of no module": ('skills = ["answer-for-it"]', 'skills = ["answer-for-it", "7"]'),
    "a name with a space": ('skills = ["answer-for-it"]', 'skills = ["7 7"]'),
    "two right options": ("correct = false", "correct = true"),
    "an unknown section": ("# Hint", "# 7"),
    "two explanations": ("# Hint", "# Explanation"),
    "an empty hint": ("# Hint\nThink of the signature.", "# Hint\n"),
    "an empty option": ('text = "Nobody"', 'text = ""'),
    "an option twice": ('text = "Nobody"', 'text = "The tool"'),
}
# What makes a right number that nobody can type, or that is none.
NUMBERS: dict[str, dict[str, object]] = {
    "too many decimals": {"value": 0.3333333333333, "tolerance": -1},
    "a text for a number": {"value": "7", "tolerance": True},
    "too large": {"value": 1e16, "tolerance": 7},
}
MODULES: dict[str, tuple[str, str]] = {
    "no TOML": ("[[skills]]", "[[skills"),
    "an unknown key": ('goal = "', "colour = 7\ngoal = "),
    "an unknown language": ('language = "en"', 'language = "7"'),
    "a text for a day": ("as_of = ", "as_of = 7 # "),
    "a chance above one": ("guess = 0.25", "guess = 7"),
    "too much guessing": ("guess = 0.25", "guess = 0.95"),
    "no place to build on": ("prerequisites = []", 'prerequisites = []\nbuilds_on = ["7"]'),
    "an unknown place": ("prerequisites = []", 'prerequisites = []\nbuilds_on = ["7/7"]'),
    "an unknown prerequisite": ("prerequisites = []", 'prerequisites = ["7"]'),
    "a circle": ("prerequisites = []", 'prerequisites = ["answer-for-it"]'),
    "a source without an address": (
        "[[skills]]",
        '[[sources]]\ntitle = "7"\npublisher = "7"\nyear = "7"\nurl = "7"\n\n[[skills]]',
    ),
}


def make_broken(session: Session, trainer: Person, *, at: datetime) -> list[str]:
    """The addresses of the pages that say what is wrong with each."""
    draft = begin(session, trainer, title="7", at=at)
    numbers = [replace(QUESTION, format="number", answer={"answer": it}) for it in NUMBERS.values()]
    items = [QUESTION for _ in ITEMS] + numbers
    ids = drafts.add_items(session, draft.id, items, trainer=trainer, at=at)
    there = drafts.find(session, draft.id, trainer=trainer)
    for item_id, change in zip(ids, ITEMS.values(), strict=False):
        text = _instead(there.item(item_id).text, *change)
        writing.save_item(session, draft.id, item_id, trainer=trainer, text=text, version=1, at=at)
    found = [f"/author/drafts/{draft.id}/items/{item_id}/text" for item_id in ids]
    for change in MODULES.values():
        other = begin(session, trainer, title="7", at=at)
        text = _instead(other.text, *change)
        writing.save_module(
            session, other.id, trainer=trainer, text=text, version=other.version, at=at
        )
        found += [f"/author/drafts/{other.id}", f"/author/drafts/{other.id}/text"]
    return [f"/author/drafts/{draft.id}", *found]


def _instead(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new, 1)
