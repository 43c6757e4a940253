"""The words of templates, in the reader's language, found once for each request.

Flask-Babel finds language and catalogue anew for every text of a page, which took a tenth of the
time of an answer. Nothing changes the language in the middle of a request.
"""

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import get_translations
from markupsafe import Markup


def init_app(app: Flask) -> None:
    """Let templates ask here; call this after Flask-Babel has begun."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        npgettext=lambda context, one, many, count: _catalogue().unpgettext(
            context, one, many, count
        ),
    )
    # Most texts of a page are these; Jinja's own way to them takes three calls more for each.
    app.jinja_env.globals.update(gettext=_gettext, _=_gettext)


def _gettext(text: str, **values: object) -> Markup:
    """The text with these values, escaped, put in."""
    return Markup(_catalogue().ugettext(text)) % values  # noqa: S704 - a catalogue's text is ours


def _catalogue() -> NullTranslations:
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found
