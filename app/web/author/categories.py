"""The categories of somebody's question file, each given a skill of the draft by its trainer."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectField

from app.authoring import RawSkill
from app.exchange import Read
from app.web.forms import Form, choices

MOST = 50  # more are no choices for one page: all their questions go to one skill
_AS_ABOVE = ""
# What Moodle puts before the path of a category that somebody named.
_MOODLES_OWN = re.compile(r"\$\w+\$/(?:top/)?")


class PlacesForm(Form):
    """A skill for each category; a file that has no choice to offer leaves it without fields."""

    class Meta(Form.Meta):
        csrf = False  # stands within the form of the import, which has its token


def categories_of(read: Read | None) -> Mapping[str, int]:
    """How many questions each category has, where they are parted into several; else nothing."""
    counted = Counter(question.category for question in read.questions) if read else Counter[str]()
    return {} if len(counted) < 2 else {name: n for name, n in counted.items() if name}  # noqa: PLR2004


def places_form(read: Read | None, skills: Sequence[RawSkill]) -> PlacesForm:
    """Ask for the skill of each category; one named as a skill is, is taken to be it."""
    counted = categories_of(read)
    fields = {
        _field(category): SelectField(
            shown(category),
            description=ngettext("%(num)d question", "%(num)d questions", count),
            choices=choices(
                {_AS_ABOVE: _l("As chosen above"), **{s.slug: s.title for s in skills}}
            ),
            default=_named_alike(category, skills),
        )
        for category, count in counted.items()
        if len(counted) <= MOST
    }
    made: PlacesForm = type("PlacesOfFile", (PlacesForm,), fields)()
    return made


def placed(form: PlacesForm, read: Read) -> Mapping[str, str]:
    """The skill of each category for which another was chosen than for the rest."""
    fields = {category: form._fields.get(_field(category)) for category in categories_of(read)}
    return {category: field.data for category, field in fields.items() if field and field.data}


def shown(category: str) -> str:
    """A category as people named it."""
    return _MOODLES_OWN.sub("", category, count=1) or category


def _field(category: str) -> str:
    """The field of a category, the same for the same name wherever in the file it comes."""
    return f"category_{sha256(category.encode()).hexdigest()[:12]}"


def _named_alike(category: str, skills: Sequence[RawSkill]) -> str:
    name = category.rpartition("/")[2].strip().casefold()
    alike = (s.slug for s in skills if name in {s.slug.casefold(), s.title.strip().casefold()})
    return next(alike, _AS_ABOVE)
