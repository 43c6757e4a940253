"""An item's form: which fields each format has, and the way from a form to an item and back.

Rows are numbered fields (`options-2-text`), so that adding, removing and moving one is a plain form
that works without JavaScript. What is typed is kept, right or wrong: the rules say what to mend.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from app.authoring import RawItem

Form = MultiDict[str, str]
MOST_ROWS = 20
HINTS = (1, 2)
NUMBERS = frozenset({"value", "tolerance"})
LISTS = frozenset({"accepted"})
_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class RowKind:
    """Rows of one sort: their TOML name, their fields, how many a new item begins with."""

    name: str
    fields: tuple[str, ...]
    begins: int


OPTIONS = RowKind("options", ("text", "feedback"), 4)
STEPS = RowKind("steps", ("text", "feedback"), 4)
PAIRS = RowKind("pairs", ("left", "right", "feedback"), 4)
EXTRA = RowKind("extra", ("text",), 0)
NUMBER_MISTAKES = RowKind("mistakes", ("value", "tolerance", "feedback"), 1)
TEXT_MISTAKES = RowKind("mistakes", ("accepted", "feedback"), 1)
ROWS: Mapping[str, tuple[RowKind, ...]] = {
    "single-choice": (OPTIONS,),
    "multiple-choice": (OPTIONS,),
    "ordering": (STEPS,),
    "matching": (PAIRS, EXTRA),
    "number": (NUMBER_MISTAKES,),
    "short-text": (TEXT_MISTAKES,),
}
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "number": ("value", "tolerance", "unit", "right", "otherwise"),
    "short-text": ("accepted", "right", "otherwise"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the form. `number` counts from 1; `correct` is for options alone."""

    number: int
    values: Mapping[str, str]
    correct: bool = False


@dataclass(frozen=True, slots=True)
class RowGroup:
    kind: RowKind
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ItemFields:
    """What the form of an item shows."""

    raw: RawItem
    hints: tuple[str, ...]
    groups: tuple[RowGroup, ...]
    answer: Mapping[str, str]

    @property
    def skill(self) -> str:
        return self.raw.skills[0] if self.raw.skills else ""


def fields_of(raw: RawItem) -> ItemFields:
    """The form of an item as it stands."""
    answer = raw.answer.get("answer")
    given = answer if isinstance(answer, Mapping) else {}
    return ItemFields(
        raw=raw,
        hints=tuple(raw.hints[n - 1] if len(raw.hints) >= n else "" for n in HINTS),
        groups=tuple(
            RowGroup(kind, _rows(kind, raw.answer.get(kind.name)))
            for kind in ROWS.get(raw.format, ())
        ),
        answer={name: _shown(given.get(name)) for name in ANSWERS.get(raw.format, ())},
    )


def blank(kind: str, format_: str, *, title: str, skill: str) -> RawItem:
    """A new item of a format, with as many empty rows as most such items need."""
    answer: dict[str, object] = {
        group.name: [_blank_row(group) for _ in range(group.begins)]
        for group in ROWS.get(format_, ())
    }
    if format_ in ANSWERS:
        answer["answer"] = {"right": "", "otherwise": ""}
    return RawItem(kind=kind, format=format_, title=title, text="", skills=(skill,), answer=answer)


def read_fields(form: Form, before: RawItem) -> RawItem:
    """The item a sent form describes; id, format and status stay what they were."""
    skill = form.get("skill", "")
    also = [slug for slug in form.getlist("also") if slug != skill]
    is_exercise = before.kind == "exercise"
    answer: dict[str, object] = {
        kind.name: _read_rows(form, kind, before.format) for kind in ROWS.get(before.format, ())
    }
    if before.format in ANSWERS:
        answer["answer"] = _read_values(form, "answer", ANSWERS[before.format])
    return replace(
        before,
        title=" ".join(form.get("title", "").split()),
        text=_lines(form.get("text", "")),
        skills=tuple(slug for slug in (skill, *also) if slug),
        transfer=is_exercise and form.get("transfer") == "y",
        hints=tuple(hint for n in HINTS if (hint := _lines(form.get(f"hint-{n}", "")).strip()))
        if is_exercise
        else (),
        explanation=_lines(form.get("explanation", "")) if is_exercise else "",
        answer=answer,
    )


def act_on(raw: RawItem, act: str) -> tuple[RawItem, str]:
    """The item after a row button was pressed, and the place on the page to return to."""
    name, _, rest = act.partition(".")
    number, _, verb = rest.rpartition(".")
    kind = next((kind for kind in ROWS.get(raw.format, ()) if kind.name == name), None)
    if kind is None:
        return raw, ""
    found = raw.answer.get(name)
    rows = list(found) if isinstance(found, list) else []
    at = int(number) - 1 if number.isdecimal() else -1
    if verb == "add" and len(rows) < MOST_ROWS:
        rows.append(_blank_row(kind) if kind is not EXTRA else "")
        at = len(rows) - 1
    elif verb == "remove" and 0 <= at < len(rows):
        rows.pop(at)
        at = min(at, len(rows) - 1)
    elif verb in {"up", "down"} and 0 <= at < len(rows):
        to = min(max(at + (1 if verb == "down" else -1), 0), len(rows) - 1)
        rows.insert(to, rows.pop(at))
        at = to
    anchor = f"{name}-{at + 1}" if rows else f"{name}-add"
    return replace(raw, answer={**raw.answer, name: rows}), anchor


def _rows(kind: RowKind, value: object) -> tuple[Row, ...]:
    rows = value if isinstance(value, list) else []
    return tuple(
        Row(
            number,
            {field: _shown(_field(row, field)) for field in kind.fields},
            correct=isinstance(row, Mapping) and row.get("correct") is True,
        )
        for number, row in enumerate(rows, start=1)
    )


def _field(row: object, field: str) -> object:
    if isinstance(row, Mapping):
        return row.get(field)
    return row if field == "text" else None


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(str(line) for line in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _blank_row(kind: RowKind) -> dict[str, object]:
    row: dict[str, object] = {
        field: [] if field in LISTS else "" for field in kind.fields if field not in NUMBERS
    }
    return {**row, "correct": False} if kind is OPTIONS else row


def _read_rows(form: Form, kind: RowKind, format_: str) -> Sequence[object]:
    numbers = _numbers(form, kind)
    if kind is EXTRA:
        return [form.get(f"{kind.name}-{n}-text", "").strip() for n in numbers]
    rows = []
    for n in numbers:
        row = _read_values(form, f"{kind.name}-{n}", kind.fields)
        if kind is OPTIONS:
            one = format_ == "single-choice"
            ticked = form.get("right") == str(n) if one else form.get(f"right-{n}") == "y"
            row = {"text": row["text"], "correct": ticked, "feedback": row["feedback"]}
        rows.append(row)
    return rows


def _numbers(form: Form, kind: RowKind) -> list[int]:
    """The numbers of the rows that were sent, in their order on the page."""
    pattern = re.compile(rf"{kind.name}-(\d{{1,2}})-{kind.fields[0]}")
    found = {int(match[1]) for name in form if (match := pattern.fullmatch(name))}
    return sorted(found)[:MOST_ROWS]


def _read_values(form: Form, prefix: str, names: Sequence[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name in names:
        typed = form.get(f"{prefix}-{name}", "").strip()
        if name in LISTS:
            values[name] = [line.strip() for line in typed.splitlines() if line.strip()]
        elif name in NUMBERS:
            # An empty field is a missing key; what is no number stays as typed for the rules.
            if typed or name == "tolerance":
                values[name] = _number(typed or "0")
        elif name != "unit" or typed:
            values[name] = " ".join(typed.split())
    return values


def _number(typed: str) -> float | str:
    return float(typed) if _PLAIN.fullmatch(typed) else typed


def _lines(typed: str) -> str:
    return typed.replace("\r\n", "\n").strip("\n")
