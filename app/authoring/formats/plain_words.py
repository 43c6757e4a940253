"""Short answers as people type them, brought to one form."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

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


def is_among(typed: str, accepted: Iterable[str]) -> bool:
    """Say whether an answer is one of those: `chat bot`, `chat-bot` and `Chatbot` are one."""
    own = _readings(typed)
    return any(a == b for text in accepted for a, b in zip(own, _authored(text), strict=True))


def _readings(typed: str) -> tuple[str, str]:
    """Return the words without spaces: with the articles English drops, and with French ones."""
    bare = _FRENCH_ARTICLE.sub("", typed.strip())
    return plain_words(typed).replace(" ", ""), plain_words(bare).replace(" ", "")


# What authors accept is compared with every answer; what learners type is not kept.
_authored = lru_cache(maxsize=4096)(_readings)


def _kept(sign: str) -> str:
    category = unicodedata.category(sign)
    if sign in _APOSTROPHES or category.startswith("M"):
        return ""
    return " " if category[0] in "PZC" else sign
