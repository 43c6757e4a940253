"""What every HTML form of ours shares: its errors come from rules and from services alike."""

from collections.abc import Mapping

from flask_babel import LazyString, get_translations, gettext, lazy_ngettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.services.errors import Invalid
from app.web.said import said

# What WTForms may say by itself, in its words: listed here so that they are translated with ours.
WORDS_OF_WTFORMS = (
    _l("Not a valid choice."),
    _l("Invalid Choice: could not coerce."),
    _l("This field is required."),
    _l("Not a valid date value."),
    _l("Not a valid decimal value."),
    lazy_ngettext(
        "Field cannot be longer than %(max)d character.",
        "Field cannot be longer than %(max)d characters.",
        1,
    ),
    lazy_ngettext(
        "'%(value)s' is not a valid choice for this field.",
        "'%(value)s' are not valid choices for this field.",
        1,
    ),
)


class Words:
    """Lets WTForms take its words from our catalogue instead of its own."""

    def gettext(self, text: str) -> str:
        return str(gettext(text))

    def ngettext(self, one: str, many: str, count: int) -> str:
        # WTForms puts the values in itself.
        return str(get_translations().ungettext(one, many, count))


class Form(FlaskForm):  # type: ignore[misc]
    """A form that can be told what a service found wrong."""

    class Meta:
        def get_translations(self, form: FlaskForm) -> Words:  # noqa: ARG002 - WTForms' own
            return Words()

    def blame(self, problem: Invalid) -> None:
        """Show the problem at the field it names, or at the top of the form."""
        field = self._fields.get(problem.field)
        if field is None:
            self.form_errors.append(said(problem))
        else:
            field.errors = [*field.errors, said(problem)]


def stripped(value: str | None) -> str:
    """A WTForms filter: typed text without the spaces around it."""
    return (value or "").strip()


def choices(names: Mapping[str, LazyString | str]) -> list[SelectChoice]:
    """What a select, radio or checkbox field offers: value -> label."""
    return [SelectChoice(value, label) for value, label in names.items()]
