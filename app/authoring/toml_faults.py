"""What keeps a text from being TOML, in words for the person who wrote it.

tomllib says it in English alone, in the words of a grammar; what it says first is known here.
"""

from collections.abc import Mapping

from app.words import Sentence

_SAME_KEY = Sentence("This is not valid TOML: a key or a table is there twice.")
_NO_END = Sentence("This is not valid TOML: a text in quotes does not end.")
_BRACKETS = Sentence("This is not valid TOML: the name of a table does not end with its bracket.")
_BACKSLASH = Sentence("This is not valid TOML: write \\\\ for a backslash in a text.")
_FAULTS: Mapping[str, Sentence] = {
    "Invalid statement": Sentence("This is not valid TOML: a line must be a key, = and a value."),
    "Invalid initial character": Sentence("This is not valid TOML: a key is missing here."),
    "Expected '=' after a key": Sentence("This is not valid TOML: = is missing after a key."),
    "Expected newline": Sentence("This is not valid TOML: something stands after the value."),
    "Expected ']": _BRACKETS,
    "Invalid value": Sentence(
        "This is not valid TOML: the value is missing, or a text without quotes."
    ),
    "Invalid date": Sentence("This is not valid TOML: there is no such day or time."),
    "Exceeds the limit": Sentence("This is not valid TOML: a number is too long."),
    "maximum recursion": Sentence("This is not valid TOML: lists lie too deep in each other."),
    "Unclosed array": Sentence("This is not valid TOML: a list does not end with ]."),
    "Unclosed inline table": Sentence("This is not valid TOML: a table does not end with }."),
    "Unterminated string": _NO_END,
    "Illegal character '\\n'": _NO_END,
    "Expected \"'": _NO_END,
    "Unescaped": _BACKSLASH,
    "Invalid hex value": _BACKSLASH,
    "Escaped character": _BACKSLASH,
    "Cannot declare": _SAME_KEY,
    "Cannot overwrite": _SAME_KEY,
    "Cannot redefine": _SAME_KEY,
    "Cannot mutate": _SAME_KEY,
    "Duplicate": _SAME_KEY,
}
_OTHER = Sentence("This is not valid TOML: a sign stands here that does not belong.")


def fault_of(error: Exception) -> Sentence:
    """Return what is wrong, from what tomllib raised."""
    said = str(error)
    return next((fault for begin, fault in _FAULTS.items() if said.startswith(begin)), _OTHER)
