"""Content files: reading, checking, grading and rendering what authors write.

Nothing here knows the database or the web.  Others import the names below and no others.
"""

from app.authoring.catalogue import (
    Catalogue,
    ExpertParameters,
    Item,
    Module,
    Neighbour,
    Programme,
    Reference,
    Skill,
    SkillPlace,
    Status,
    Translation,
)
from app.authoring.document import (
    Document,
    canonical_json,
    digest,
    document_from_json,
    from_document,
    in_language,
)
from app.authoring.entry import MalformedDocument
from app.authoring.files import read_catalogue
from app.authoring.formats.choice import MultipleChoice, Option, SingleChoice
from app.authoring.formats.exercise import (
    Answer,
    Exercise,
    Format,
    Graded,
    Note,
    Part,
    UnreadableAnswer,
)
from app.authoring.formats.lesson import Lesson
from app.authoring.formats.matching import Matching, Pair
from app.authoring.formats.number import Number
from app.authoring.formats.ordering import Ordering, Step
from app.authoring.formats.short_text import ShortText
from app.authoring.markdown import render, render_inline
from app.authoring.problem import Problem, Rule, Severity
from app.authoring.raw_item import RawItem, raw_of, read_raw, write_item
from app.authoring.raw_module import RawModule, RawSkill, RawSource, read_raw_module, write_module
from app.authoring.reading import minutes, word_count
from app.authoring.rules import RULES
from app.authoring.texts import read_module
from app.authoring.translated_file import is_fresh

__all__ = [
    "RULES",
    "Answer",
    "Catalogue",
    "Document",
    "Exercise",
    "ExpertParameters",
    "Format",
    "Graded",
    "Item",
    "Lesson",
    "MalformedDocument",
    "Matching",
    "Module",
    "MultipleChoice",
    "Neighbour",
    "Note",
    "Number",
    "Option",
    "Ordering",
    "Pair",
    "Part",
    "Problem",
    "Programme",
    "RawItem",
    "RawModule",
    "RawSkill",
    "RawSource",
    "Reference",
    "Rule",
    "Severity",
    "ShortText",
    "SingleChoice",
    "Skill",
    "SkillPlace",
    "Status",
    "Step",
    "Translation",
    "UnreadableAnswer",
    "canonical_json",
    "digest",
    "document_from_json",
    "from_document",
    "in_language",
    "is_fresh",
    "minutes",
    "raw_of",
    "read_catalogue",
    "read_module",
    "read_raw",
    "read_raw_module",
    "render",
    "render_inline",
    "word_count",
    "write_item",
    "write_module",
]
