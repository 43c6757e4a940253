"""Filters for what authors wrote and learners chose: sanitised once, kept, shown many times."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from string import ascii_uppercase
from typing import TypedDict

from flask import Flask
from markupsafe import Markup

from app.authoring import Note, render, render_inline
from app.services.learning.sheet import ShownPart

TEXTS_KEPT = 8192
# Letters that the closed select of a phone 320 px wide has room for.
LETTERS_IN_SELECT = 20


class Choice(TypedDict):
    """An option of the form: what it says, the token it sends, whether it is ticked."""

    token: str
    text: Markup
    chosen: bool


class LetteredChoice(TypedDict):
    """A choice to match: the letter it goes by, what it says, the token its select sends."""

    letter: str
    token: str
    text: Markup


class ShownNote(TypedDict):
    """An option after the answer, with its feedback."""

    text: Markup
    chosen: bool
    correct: bool
    feedback: Markup


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        prose=prose,
        inline=inline,
        plain=plain,
        chosen_in=chosen_in,
        lettered=lettered,
        outgrow_select=outgrow_select,
        notes=notes,
    )


@lru_cache(maxsize=TEXTS_KEPT)
def prose(markdown: str) -> Markup:
    """An author's Markdown as safe HTML: the renderer's allow-list decides what that is."""
    return Markup(render(markdown))  # noqa: S704


@lru_cache(maxsize=TEXTS_KEPT)
def inline(markdown: str) -> Markup:
    """One line of an author's Markdown as safe HTML."""
    return Markup(render_inline(markdown))  # noqa: S704


@lru_cache(maxsize=TEXTS_KEPT)
def plain(markdown: str) -> str:
    """One line without any marks, for places that hold text only."""
    return inline(markdown).striptags()


def chosen_in(parts: Iterable[ShownPart], given: Mapping[str, Sequence[str]]) -> list[Choice]:
    """The options of a form, with those ticked that were sent before."""
    ticked = given.get("choice", ())
    return [
        {"token": part.token, "text": inline(part.text), "chosen": part.token in ticked}
        for part in parts
    ]


def lettered(parts: Iterable[ShownPart]) -> list[LetteredChoice]:
    """The choices of a matching exercise, each with a letter that a select can begin with."""
    return [
        {"letter": letter, "token": part.token, "text": inline(part.text)}
        for letter, part in zip(ascii_uppercase, parts, strict=False)
    ]


def outgrow_select(parts: Iterable[ShownPart]) -> bool:
    """Whether a closed select would cut one of them off on a phone."""
    return any(len(plain(part.text)) > LETTERS_IN_SELECT for part in parts)


def notes(graded: Iterable[Note]) -> list[ShownNote]:
    """What is said about each option chosen or missed."""
    return [
        {
            "text": inline(note.text),
            "chosen": note.chosen,
            "correct": note.right,
            "feedback": inline(note.feedback),
        }
        for note in graded
    ]
