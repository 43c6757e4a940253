"""What an imported question still wants before it can be published, in the words of a form."""

from dataclasses import replace
from pathlib import PurePosixPath

from app.authoring import write_item
from app.authoring.item_file import read_item
from app.authoring.plain_problems import in_plain_words
from app.exchange.result import Question

_PLACE = PurePosixPath("imported/question.md")
_ID, _SKILL = "aaaaaaaaaaaa", "imported"  # stand in for what the import itself gives


def gaps(question: Question) -> tuple[str, ...]:
    """Return each thing the item's file lacks or has too much of, without repeats."""
    item = replace(question.item, id=_ID, skills=(_SKILL,), status="draft")
    found = read_item(write_item(item), file=_PLACE.name, path=_PLACE)
    if not isinstance(found, tuple):
        return ()
    return tuple(dict.fromkeys(problem.message for problem in in_plain_words(found)))
