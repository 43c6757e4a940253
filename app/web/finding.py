"""Finding people in a long list: words to search for, and a page after another."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from app.services.people import roster
from app.web.forms import Form, stripped


class PeopleSearch(Form):
    """What name or address to look for."""

    class Meta:
        csrf = False  # it only looks something up

    q = StringField(_l("Name or email address"), filters=[stripped])

    @property
    def words(self) -> str:
        return (self.q.data or "")[: roster.LONGEST_SEARCH]
