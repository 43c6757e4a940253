"""A table of questions from a spreadsheet: see `csv_columns` for what its columns mean."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from app.exchange import csv_columns, drafting
from app.exchange.csv_columns import numbered
from app.exchange.drafting import Answer, Drafted, NumberAnswer, Stem, Unfit
from app.exchange.moodle.texts import decimal
from app.exchange.package import Package
from app.exchange.question_title import title_of
from app.exchange.reader import Reader
from app.exchange.result import (
    Entry,
    Fault,
    Place,
    Question,
    Refused,
    Telling,
    Unsupported,
)
from app.exchange.rich_text import NOTHING, Rich, TooMuch, from_markdown, from_plain
from app.exchange.text_file import TextFile, opening_of, text_file
from app.words import Sentence

_DELIMITERS = ";,\t"
_SUFFIXES = (".csv", ".tsv")  # named so, what is missing is said column by column
_SPREADSHEET_LINE = re.compile(r'"?sep=(.)"?\n', re.IGNORECASE)
_GUARDED = re.compile(r"'(?=['=+\-@\t＝＋－＠])")  # noqa: RUF001 - full-width forms are meant
_TRUTHS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
_BREAK = Sentence("The table breaks off: this line cannot be read as cells.")
_BREAKS: Mapping[str, Sentence] = {
    "unexpected end": Sentence("The table breaks off: a cell in quotes does not end."),
    "expected after": Sentence("The table breaks off: something stands after a cell in quotes."),
    "field limit": Sentence("The table breaks off: a cell is too long."),
}
Row = Mapping[str, str]


class _Unclear(Telling):
    """A cell cannot be understood; the sentence names its column."""


def recognises(package: Package) -> bool:
    opening = opening_of(package)
    if not opening:
        return False
    header, _, _ = _without_mark(opening)[0].partition("\n")
    names = {name.strip().strip('"').casefold() for name in re.split(f"[{_DELIMITERS}]", header)}
    return set(csv_columns.NEEDED) <= names or package.name.casefold().endswith(_SUFFIXES)


def read(package: Package) -> Iterator[Entry]:
    file = text_file(package)
    rows = _rows(file)
    names = _header(next(rows, (1, []))[1])
    for number, (line, cells) in enumerate(rows, start=1):
        place = Place(file.name, line, Sentence("row %(number)d", number=number))
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            yield Fault(
                place,
                Sentence(
                    "The row has %(cells)d cells, the heading %(names)d.",
                    cells=len(cells),
                    names=len(names),
                ),
            )
            continue
        yield _entry(dict(zip(names, map(_cell, cells), strict=False)), place, file)


def _rows(file: TextFile) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line and the cells of each row that is not empty."""
    text, mark, skipped = _without_mark(file.text)
    delimiter = mark or _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 0
    while True:
        start = line + 1 + skipped
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Refused(_break_of(error), line=start) from error
        if cells is None:
            return
        line = reader.line_num
        if any(cell.strip() for cell in cells):
            yield start, cells


def _without_mark(text: str) -> tuple[str, str, int]:
    """Return the text without a spreadsheet's line `sep=;`, the sign it names, lines left out."""
    found = _SPREADSHEET_LINE.match(text)
    return (text[found.end() :], found[1], 1) if found else (text, "", 0)


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return max(_DELIMITERS, key=header.count)


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    for needed in csv_columns.NEEDED:
        if needed not in names:
            raise Refused(Sentence("The heading has no column %(column)s.", column=needed), line=1)
    unknown = [name for name in names if name and not csv_columns.is_column(name)]
    if unknown:
        known = ", ".join((*csv_columns.FIXED, "option_1", "feedback_1", "match_1", "margin_1"))
        raise Refused(
            Sentence(
                "The column %(column)s is not known. Known are: %(known)s.",
                column=unknown[0],
                known=known,
            ),
            line=1,
        )
    twice = [name for name in names if name and names.count(name) > 1]
    if twice:
        raise Refused(Sentence("The column %(column)s is there twice.", column=twice[0]), line=1)
    return names


def _cell(cell: str) -> str:
    """Return a cell without the sign that keeps spreadsheets from running it as a formula."""
    return _GUARDED.sub("", cell, count=1) if cell.startswith("'") else cell


def _entry(row: Row, place: Place, file: TextFile) -> Entry:
    kind = _of(row, "type").casefold().replace("_", "-").replace(" ", "-")
    title = title_of(_of(row, "title"), _of(row, "question"))
    draft = _DRAFTS.get(kind)
    if not kind:
        return Fault(place, _empty("type"))
    if draft is None:
        known = Sentence("Known types are: %(types)s.", types=", ".join(_DRAFTS))
        return Unsupported(place, kind, title, known)
    try:
        drafted = draft(_stem(row, file), row)
    except _Unclear as error:
        return Fault(place, error.sentence)
    except (Unfit, TooMuch) as error:
        return Unsupported(place, kind, title, error.sentence)
    return Question(
        place=place,
        kind=kind,
        item=drafted.item,
        pictures=drafted.pictures,
        category=_of(row, "category"),
        tags=_listed(_of(row, "tags")),
        losses=drafted.losses,
    )


def _stem(row: Row, file: TextFile) -> Stem:
    return Stem(
        title=_of(row, "title"),
        text=_rich(row, "question"),
        hints=tuple(_rich(row, name) for name in ("hint_1", "hint_2") if _of(row, name)),
        why=_rich(row, "explanation"),
        losses=file.losses,
    )


def _single(stem: Stem, row: Row) -> Drafted:
    return _choice(stem, row, several=False)


def _multiple(stem: Stem, row: Row) -> Drafted:
    return _choice(stem, row, several=True)


def _choice(stem: Stem, row: Row, *, several: bool) -> Drafted:
    options = [number for number in _numbers() if _of(row, numbered("option", number))]
    right = _right_options(_of(row, "correct"), options)
    if not several and len(right) > 1:
        raise _Unclear(Sentence("A single choice has one number in the column correct."))
    answers = [
        Answer(
            text=_rich(row, numbered("option", number)),
            weight=Decimal(number in right),
            feedback=_rich(row, numbered("feedback", number)),
        )
        for number in options
    ]
    return drafting.choice(stem, answers, several=several)


def _right_options(typed: str, options: list[int]) -> list[int]:
    right = [part for part in re.split(r"[,;|\s]+", typed) if part]
    if not right:
        raise _Unclear(_empty("correct"))
    for part in right:
        if not part.isdecimal() or int(part) not in options:
            raise _Unclear(
                Sentence(
                    "The column correct names option %(option)s, which is not there.",
                    option=part[:20],
                )
            )
    return [int(part) for part in right]


def _true_false(stem: Stem, row: Row) -> Drafted:
    typed = _of(row, "correct").casefold()
    if typed not in _TRUTHS:
        raise _Unclear(Sentence("The column correct must be true or false."))
    return drafting.true_false(
        stem,
        right=_TRUTHS[typed],
        when_true=_rich(row, "feedback_1"),
        when_false=_rich(row, "feedback_2"),
    )


def _number(stem: Stem, row: Row) -> Drafted:
    right = NumberAnswer(
        value=_quantity(row, "correct"),
        tolerance=_quantity(row, "tolerance", usual="0"),
        feedback=_rich(row, "right"),
    )
    wrong = [
        NumberAnswer(
            value=_quantity(row, numbered("option", number)),
            tolerance=_quantity(row, numbered("margin", number), usual="0"),
            weight=Decimal(0),
            feedback=_rich(row, numbered("feedback", number)),
        )
        for number in _numbers()
        if _of(row, numbered("option", number))
    ]
    return drafting.number(
        stem, [right, *wrong], otherwise=_rich(row, "otherwise"), unit=_of(row, "unit")
    )


def _short_text(stem: Stem, row: Row) -> Drafted:
    said = _rich(row, "right")
    right = [
        Answer(text=from_plain(text), weight=Decimal(1), feedback=said)
        for text in _listed(_of(row, "correct"))
    ]
    drafted = drafting.short_text(stem, right, otherwise=_rich(row, "otherwise"))
    return drafting.with_mistakes(
        drafted,
        [
            (_listed(_of(row, numbered("option", n))), _rich(row, numbered("feedback", n)))
            for n in _numbers()
            if _of(row, numbered("option", n))
        ],
    )


def _ordering(stem: Stem, row: Row) -> Drafted:
    steps = [n for n in _numbers() if _of(row, numbered("option", n))]
    return drafting.ordering(
        stem,
        [_rich(row, numbered("option", n)) for n in steps],
        feedback=[_rich(row, numbered("feedback", n)) for n in steps],
    )


def _matching(stem: Stem, row: Row) -> Drafted:
    rights = [n for n in _numbers() if _of(row, numbered("match", n))]
    pairs = [n for n in rights if _of(row, numbered("option", n))]
    alone = [n for n in _numbers() if _of(row, numbered("option", n)) and n not in rights]
    if alone:
        raise _Unclear(_empty(numbered("match", alone[0])))
    return drafting.matching(
        stem,
        [(_rich(row, numbered("option", n)), _rich(row, numbered("match", n))) for n in pairs],
        extra=[_rich(row, numbered("match", n)) for n in rights if n not in pairs],
        feedback=[_rich(row, numbered("feedback", n)) for n in pairs],
    )


def _numbers() -> range:
    return range(1, csv_columns.MOST_OPTIONS + 1)


def _quantity(row: Row, name: str, *, usual: str = "") -> Decimal:
    typed = _of(row, name) or usual
    value = decimal(typed)
    if value is None:
        raise _Unclear(_no_number(name, typed[:40]) if typed else _empty(name))
    return value


def _empty(column: str) -> Sentence:
    return Sentence("The column %(column)s is empty.", column=column)


def _no_number(column: str, typed: str) -> Sentence:
    return Sentence(
        "The column %(column)s: “%(typed)s” is no number such as 12 or 12.5.",
        column=column,
        typed=typed,
    )


def _break_of(error: csv.Error) -> Sentence:
    """Return what keeps a line from being cells; Python's library says it in English alone."""
    said = str(error)
    return next((why for part, why in _BREAKS.items() if part in said), _BREAK)


def _of(row: Row, name: str) -> str:
    return row.get(name, "").strip()


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _rich(row: Row, name: str) -> Rich:
    text = _of(row, name)
    return from_markdown(text) if text else NOTHING


_DRAFTS: Mapping[str, Callable[[Stem, Row], Drafted]] = {
    "single-choice": _single,
    "multiple-choice": _multiple,
    "true-false": _true_false,
    "number": _number,
    "short-text": _short_text,
    "ordering": _ordering,
    "matching": _matching,
}

READER = Reader("csv", "CSV", recognises, read)
