"""Values written as TOML, the way a person would lay them out."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

_CONTROL = {chr(127): "\\u007f"}


def write_toml(values: Mapping[str, object]) -> str:
    """Return the TOML text of a table: plain values, then tables, then arrays of tables."""
    plain = {k: v for k, v in values.items() if not _is_table(v) and not _is_rows(v)}
    parts = [_lines(plain)] if plain else []
    for name, value in values.items():
        if _is_table(value) and isinstance(value, Mapping):
            parts.append(f"[{_key(name)}]\n{_lines(value)}")
        elif _is_rows(value) and isinstance(value, Sequence):
            parts += [f"[[{_key(name)}]]\n{_lines(row)}" for row in value]
    return "\n\n".join(parts)


def write_value(value: object) -> str:
    """Return one value as TOML writes it after the equals sign."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float | date):
        return value.isoformat() if isinstance(value, date) else repr(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(str(k))} = {write_value(v)}" for k, v in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(write_value, value)) + "]"
    raise TypeError(f"TOML has no {type(value).__name__}")


def _lines(values: Mapping[str, object]) -> str:
    given = {name: value for name, value in values.items() if value is not None}
    return "\n".join(f"{_key(name)} = {write_value(value)}" for name, value in given.items())


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_rows(value: object) -> bool:
    rows = isinstance(value, Sequence) and not isinstance(value, str) and bool(value)
    return rows and all(isinstance(row, Mapping) for row in value)  # type: ignore[attr-defined]


def _key(name: str) -> str:
    bare = name.replace("-", "").replace("_", "")
    return name if bare.isascii() and bare.isalnum() else _text(name)


def _text(value: str) -> str:
    quoted = json.dumps(value, ensure_ascii=False)
    for sign, escape in _CONTROL.items():
        quoted = quoted.replace(sign, escape)
    return quoted
