"""How long and how hard a text is."""

import re
from collections.abc import Iterator
from functools import lru_cache

from app.authoring.document import Document
from app.authoring.formats.exercise import Format
from app.authoring.formats.lesson import Lesson
from app.authoring.plain import plain_blocks

WORDS_A_MINUTE = 200
ANSWER_MINUTES = {
    Format.SINGLE_CHOICE: 0.5,
    Format.MULTIPLE_CHOICE: 0.75,
    Format.NUMBER: 1.0,
    Format.SHORT_TEXT: 0.5,
    Format.ORDERING: 1.0,
    Format.MATCHING: 1.0,
}

_WORD = re.compile(r"[^\W_]+(?:['’.,@/-][^\W_]+)*")  # noqa: RUF001 - as typed
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?:[\"'”’)\]]|\s?»)*\s+(?=(?:[\"'“‘(\[]|«\s?)?[^\Wa-z])|\n+"  # noqa: RUF001
)
_VOWELS = re.compile(r"[aeiouy]+")


def minutes(document: Document) -> float:
    """Return the minutes a person needs: 200 words a minute, and time to answer by format."""
    if isinstance(document, Lesson):
        return word_count(document.text) / WORDS_A_MINUTE
    read = (document.question, document.explanation, *document.texts_shown())
    return sum(map(word_count, read)) / WORDS_A_MINUTE + ANSWER_MINUTES[document.format]


def word_count(markdown: str) -> int:
    return sum(len(words(block)) for block in plain_blocks(markdown))


def words(plain: str) -> list[str]:
    return _WORD.findall(plain)


def sentences(markdown: str) -> Iterator[str]:
    """Yield the plain sentences of each paragraph, list entry, heading and cell."""
    for block in plain_blocks(markdown):
        yield from (part.strip() for part in _SENTENCE_END.split(block) if part.strip())


def reading_grade(markdown: str) -> float:
    """Return the Flesch-Kincaid grade: 0.39 words/sentence + 11.8 syllables/word - 15.59."""
    parts = [part for part in map(words, sentences(markdown)) if part]
    spoken = [syllables(word.casefold()) for part in parts for word in part]
    if not spoken:
        return 0.0
    return 0.39 * len(spoken) / len(parts) + 11.8 * sum(spoken) / len(spoken) - 15.59


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Return about how many syllables an English word has, at least one."""
    count = len(_VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee", "ie", "ye")):
        count -= 1
    if word.endswith(("es", "ed")) and len(word) > 3 and word[-3] not in "aeioutdsxzcg":  # noqa: PLR2004
        count -= 1
    return max(1, count)
