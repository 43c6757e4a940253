"""What services say, in the reader's language: the sentence first, then the values go in."""

from flask_babel import gettext

from app.services.errors import DomainError
from app.words import Sentence


def said(problem: DomainError) -> str:
    """The problem's sentence in the language of the page."""
    text: str = gettext(problem.sentence, **problem.values) if problem.sentence else ""
    return text


def in_words(text: str) -> str:
    """A service's sentence in the language of the page; any other text as it is.

    A sentence may hold others among its values.
    """
    if not isinstance(text, Sentence):
        return text
    values = {
        name: in_words(value) if isinstance(value, Sentence) else value
        for name, value in text.values.items()
    }
    return str(gettext(text.template, **values))
