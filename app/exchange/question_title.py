"""The short name an item has in lists, made from its question where the file gives none."""

from app.authoring.plain import plain_blocks

LONGEST = 120  # what an item's title may have
FITTING = 80
OPENING = 1_000  # characters of the question among which a title is found
UNNAMED = "Question without words"


def plain(markdown: str) -> str:
    """Return the words of a Markdown text on one line."""
    return " ".join(" ".join(plain_blocks(markdown)).split())


def title_of(given: str, question: str) -> str:
    """Return the title the file gives, else the opening words of the question."""
    title = " ".join(given.split())
    if title:
        return _cut(title, LONGEST)
    return _cut(plain(question[:OPENING]), FITTING) or UNNAMED


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    kept = text[: longest - 3]
    words = kept.rpartition(" ")[0] or kept
    return words.rstrip(",;:") + "..."
