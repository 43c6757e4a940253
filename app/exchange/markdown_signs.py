"""Words kept from being taken for Markdown, with as few backslashes as will do."""

import re

_HTML = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]{1,32};)")
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~\n]|$)")
_ALWAYS = re.compile(r"([*`\[\]])")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")  # inside a word it is only a sign
_TILDES = re.compile(r"~~")
_LINE = re.compile(
    r"^([ \t]*)(?:"
    r"(#{1,6}(?=\s|$)|>|[-+](?=\s|$|[-+=])|=++(?=\s*$)|:?-[-:| \t]*$|\|)"
    r"|(\d{1,9})([.)])(?=\s|$))",
    re.MULTILINE,
)


def escaped(text: str) -> str:
    """Return Markdown that reads as exactly this text, line by line."""
    text = _BACKSLASH.sub(r"\\\\", text)
    text = _ALWAYS.sub(r"\\\1", text)
    text = _UNDERSCORE.sub(r"\\_", text)
    text = _TILDES.sub(r"\\~\\~", text)
    text = _HTML.sub(r"\\<", text)
    text = _ENTITY.sub(r"\\&", text)
    return _LINE.sub(_marked, text)


def _marked(line: "re.Match[str]") -> str:
    if line[3]:
        return f"{line[1]}{line[3]}\\{line[4]}"
    return f"{line[1]}\\{line[2]}"
