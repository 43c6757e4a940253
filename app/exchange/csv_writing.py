"""Items written as a table that spreadsheets open and never run."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence

from app.authoring import RawItem
from app.exchange import csv_columns
from app.exchange.csv_columns import numbered
from app.exchange.writing import (
    FindPicture,
    Losses,
    Writer,
    Written,
    number,
    rows,
    said,
    table,
    words,
)

_RUN = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")  # noqa: RUF001 - full-width forms are meant
_BETWEEN = "|"
MOST_HINTS = 2
Cells = dict[str, str]


def write(items: Sequence[RawItem], _find: FindPicture) -> Written:
    """Return a CSV file in UTF-8, every cell in quotes."""
    losses = Losses()
    filled = [_row(item, losses) for item in items if _is_written(item, losses)]
    used = {name for row in filled for name, cell in row.items() if cell}
    names = [name for name in _columns() if name in used or name in csv_columns.NEEDED]
    out = io.StringIO()
    sheet = csv.DictWriter(out, names, restval="", quoting=csv.QUOTE_ALL, extrasaction="ignore")
    sheet.writeheader()
    sheet.writerows({name: _guarded(cell) for name, cell in row.items()} for row in filled)
    return Written(out.getvalue().encode("utf-8-sig"), tuple(losses.said))


def _is_written(item: RawItem, losses: Losses) -> bool:
    if item.format in _ANSWERS:
        return True
    losses.note(item, f"the table has no form for {item.format}.")
    return False


def _columns() -> list[str]:
    counted = range(1, csv_columns.MOST_OPTIONS + 1)
    return [
        *csv_columns.FIXED,
        *(numbered(name, place) for place in counted for name in csv_columns.NUMBERED),
    ]


def _row(item: RawItem, losses: Losses) -> Cells:
    _note(item, losses)
    hints = {numbered("hint", n): hint for n, hint in enumerate(item.hints[:MOST_HINTS], start=1)}
    return {
        "type": item.format,
        "question": item.text,
        "title": item.title,
        "explanation": item.explanation,
        "category": item.skills[0] if item.skills else "",
        **hints,
        **_ANSWERS[item.format](item),
    }


def _note(item: RawItem, losses: Losses) -> None:
    losses.note_transfer(item)
    losses.note_further_skills(item)
    losses.note_pictures(item)
    if len(item.hints) > MOST_HINTS:
        losses.note(item, "only two hints are kept.")
    extra = item.answer.get("extra")
    matches = [*rows(item, "pairs"), *(extra if isinstance(extra, list) else ())]
    counted = [*(rows(item, name) for name in ("options", "steps", "mistakes")), matches]
    if any(len(parts) > csv_columns.MOST_OPTIONS for parts in counted):
        losses.note(item, f"only the first {csv_columns.MOST_OPTIONS} parts are kept.")
    typed = [word for row in _typed(item) for word in words(row, "accepted")]
    if any(_BETWEEN in word for word in typed):
        losses.note(item, f"an answer with {_BETWEEN} in it is two answers there.")


def _typed(item: RawItem) -> list[Mapping[str, object]]:
    return [table(item, "answer"), *rows(item, "mistakes")]


def _options(item: RawItem) -> Cells:
    options = rows(item, "options")
    right = [str(n) for n, o in enumerate(options, start=1) if o.get("correct") is True]
    return {"correct": ",".join(right), **_counted(options, "text")}


def _number(item: RawItem) -> Cells:
    answer, wrong = table(item, "answer"), rows(item, "mistakes")
    cells = {
        "correct": number(answer, "value"),
        "tolerance": number(answer, "tolerance"),
        "unit": said(answer, "unit"),
        "right": said(answer, "right"),
        "otherwise": said(answer, "otherwise"),
    }
    for place, row in enumerate(wrong[: csv_columns.MOST_OPTIONS], start=1):
        cells[numbered("option", place)] = number(row, "value")
        cells[numbered("margin", place)] = number(row, "tolerance")
        cells[numbered("feedback", place)] = said(row, "feedback")
    return cells


def _words(item: RawItem) -> Cells:
    answer = table(item, "answer")
    cells = {
        "correct": _BETWEEN.join(words(answer, "accepted")),
        "right": said(answer, "right"),
        "otherwise": said(answer, "otherwise"),
    }
    for place, row in enumerate(rows(item, "mistakes")[: csv_columns.MOST_OPTIONS], start=1):
        cells[numbered("option", place)] = _BETWEEN.join(words(row, "accepted"))
        cells[numbered("feedback", place)] = said(row, "feedback")
    return cells


def _steps(item: RawItem) -> Cells:
    return _counted(rows(item, "steps"), "text")


def _pairs(item: RawItem) -> Cells:
    pairs, extra = rows(item, "pairs"), item.answer.get("extra")
    others = [str(text) for text in extra] if isinstance(extra, list) else []
    rights = [*(said(pair, "right") for pair in pairs), *others]
    matches = {numbered("match", n): right for n, right in enumerate(rights, start=1)}
    return {**_counted(pairs, "left"), **matches}


def _counted(parts: Sequence[Mapping[str, object]], name: str) -> Cells:
    cells: Cells = {}
    for place, part in enumerate(parts[: csv_columns.MOST_OPTIONS], start=1):
        cells[numbered("option", place)] = said(part, name)
        cells[numbered("feedback", place)] = said(part, "feedback")
    return cells


def _guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith((*_RUN, "'")) else cell


_ANSWERS: Mapping[str, Callable[[RawItem], Cells]] = {
    "single-choice": _options,
    "multiple-choice": _options,
    "number": _number,
    "short-text": _words,
    "ordering": _steps,
    "matching": _pairs,
}

WRITER = Writer("csv", "a CSV table", ".csv", write)
