"""What went wrong, in the reader's language: the sentence is translated, then the values go in."""

from flask_babel import gettext

from app.services.errors import DomainError


def said(problem: DomainError) -> str:
    """The problem's sentence in the language of the page."""
    text: str = gettext(problem.sentence, **problem.values) if problem.sentence else ""
    return text
