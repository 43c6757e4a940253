"""What every HTML form of ours shares: its errors come from rules and from services alike."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.services.errors import Invalid
from app.web.said import said


class Form(FlaskForm):  # type: ignore[misc]
    """A form that can be told what a service found wrong."""

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
