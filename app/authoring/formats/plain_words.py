"""Short answers as people type them, brought to one form."""

import re
import unicodedata

_ARTICLE = re.compile(r"^(?:the (?=\S)|an? (?=\S\S))")  # the A of A.I. is no article
_FRENCH_ARTICLE = re.compile(
    r"^(?:(?:de )?l['’] ?|d['’] ?|(?:la|les?|une?|des?|du|de la) )(?=\S\S)",  # noqa: RUF001
    re.IGNORECASE,
)
_APOSTROPHES = frozenset("'’‘`´")  # noqa: RUF001 - as typed


def plain_words(typed: str) -> str:
    """Return the words without case, accents, punctuation and leading articles, spaces folded."""
    split = typed
    for _ in range(2):  # folding can make signs to split, and splitting signs to fold
        split = unicodedata.normalize("NFKD", split).casefold()
    kept = "".join(_kept(sign) for sign in split)
    folded = " ".join(kept.split())
    while (shorter := _ARTICLE.sub("", folded)) != folded:
        folded = shorter
    return folded


def says_the_same(one: str, other: str) -> bool:
    """Say whether two answers are one: `chat bot`, `chat-bot` and `Chatbot` are."""
    return any(
        plain_words(read(one)).replace(" ", "") == plain_words(read(other)).replace(" ", "")
        for read in (str, _without_french_article)
    )


def _without_french_article(typed: str) -> str:
    return _FRENCH_ARTICLE.sub("", typed.strip())


def _kept(sign: str) -> str:
    category = unicodedata.category(sign)
    if sign in _APOSTROPHES or category.startswith("M"):
        return ""
    return " " if category[0] in "PZC" else sign
