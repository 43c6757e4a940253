"""Enrolling many people from a CSV file: every line checked first, then all of them or none."""

import csv
import hashlib
import io
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.services.audit import Actor
from app.services.cohorts import enrolments
from app.services.cohorts.enrolments import Account
from app.services.errors import Invalid
from app.words import Sentence

MOST_LINES = 5000
MOST_CHARACTERS = 900_000
COLUMNS = ("email", "name", "department")
TEMPLATE = "email,name,department\r\nalex.example@agency.example,Alex Example,Housing\r\n"
# What an address must look like to be looked up; whether it exists, the accounts say.
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LONGEST_ADDRESS = 254
NOTHING_TO_DO = Sentence("Nothing to do.")


class Verdict(StrEnum):
    """What becomes of a line."""

    ENROL = "enrol"
    SKIP = "skip"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: its number, what it asks for, what becomes of it and why."""

    number: int
    email: str
    name: str
    verdict: Verdict
    problem: str = ""
    way_out: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What applying the file would do. `mark` names exactly this set of people."""

    lines: tuple[Line, ...]
    mark: str

    def with_verdict(self, verdict: Verdict) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.verdict is verdict)


class Changed(Exception):
    """The file would now do something else than the preview said; nothing was done."""


def decode(content: bytes) -> str:
    """The text of an uploaded file, UTF-8 with or without a byte order mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(
            "This file is not UTF-8 text. Save it as “CSV UTF-8” and upload it again.",
            field="file",
        ) from None


def preview(session: Session, cohort_id: uuid.UUID, text: str, *, agency_id: uuid.UUID) -> Preview:
    """Check every line against the agency's people and the cohort; nothing is written."""
    rows = tuple(_rows(text))
    known = enrolments.accounts(
        session, (row.email for row in rows), cohort_id=cohort_id, agency_id=agency_id
    )
    seen: dict[str, int] = {}
    lines = tuple(_judge(row, known, seen) for row in rows)
    chosen = sorted(line.email for line in lines if line.verdict is Verdict.ENROL)
    return Preview(lines, hashlib.sha256("\n".join(chosen).encode()).hexdigest())


def apply(
    session: Session, cohort_id: uuid.UUID, text: str, *, mark: str, actor: Actor, at: datetime
) -> int:
    """Enrol everybody the preview with this mark named, or raise Changed; returns how many."""
    enrolments.lock_cohort(session, cohort_id, agency_id=actor.agency_id)
    checked = preview(session, cohort_id, text, agency_id=actor.agency_id)
    if checked.mark != mark:
        raise Changed
    chosen = [line.email for line in checked.with_verdict(Verdict.ENROL)]
    found = enrolments.accounts(session, chosen, cohort_id=cohort_id, agency_id=actor.agency_id)
    learners = [found[email] for email in chosen]
    enrolments.enrol_people(session, cohort_id, learners, actor=actor, at=at)
    return len(learners)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    email: str
    name: str
    department: str
    problem: str = ""


def _rows(text: str) -> Iterator[_Row]:
    _check_size(text)
    text = text.removeprefix("\ufeff")
    first = text.lstrip().splitlines()[0]
    reader = csv.reader(
        io.StringIO(text),
        delimiter=";" if first.count(";") > first.count(",") else ",",
        strict=True,
    )
    header: list[str] | None = None
    number = 1
    try:
        for cells in reader:
            begins, number = number, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = _header(cells)
                if header is not None:
                    continue
                header = list(COLUMNS[:1])  # a plain list of addresses
            yield _row(begins, header, cells)
    except csv.Error as error:
        raise Invalid(
            "Line %(number)d cannot be read as CSV. Look for a quotation mark without its partner.",
            field="text",
            number=number,
        ) from error


def _check_size(text: str) -> None:
    if not text.strip("\ufeff \t\r\n"):
        raise Invalid("Choose a file or paste the lines.", field="text")
    if len(text) > MOST_CHARACTERS or text.count("\n") > MOST_LINES + 1:
        raise Invalid(
            "That is more than %(most)s lines. Split it and upload the parts one by one.",
            field="text",
            most=f"{MOST_LINES:,}",
        )


def _header(cells: list[str]) -> list[str] | None:
    """The columns the first line names; None when it is an address already."""
    names = [cell.strip().lower() for cell in cells]
    if "email" in names:
        repeated = [name for name, times in Counter(names).items() if name and times > 1]
        if repeated:
            raise Invalid("The column “%(name)s” is there twice.", field="text", name=repeated[0])
        return names
    if len(cells) == 1 and "@" in cells[0]:
        return None
    raise Invalid(
        "The first line must name the columns, and one of them must be “email”.", field="text"
    )


def _row(number: int, header: list[str], cells: list[str]) -> _Row:
    given = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    problem = ""
    if len(cells) > len(header):
        problem = Sentence(
            "This line has %(values)d values for %(columns)d columns.",
            values=len(cells),
            columns=len(header),
        )
    return _Row(
        number=number,
        email=given.get("email", "").lower(),
        name=given.get("name", ""),
        department=given.get("department", ""),
        problem=problem,
    )


def _judge(row: _Row, known: Mapping[str, Account], seen: dict[str, int]) -> Line:
    person = known.get(row.email)
    wrong = _wrong(row, person)
    if wrong is not None:
        return Line(row.number, row.email, row.name, Verdict.ERROR, *wrong)
    shown = person.name if person else row.name
    needless = _needless(row, person, seen)
    if needless:
        return Line(row.number, row.email, shown, Verdict.SKIP, needless, NOTHING_TO_DO)
    note = _differences(row, person) if person else ""
    return Line(row.number, row.email, shown, Verdict.ENROL, note=note)


def _wrong(row: _Row, person: Account | None) -> tuple[str, str] | None:
    """What is wrong with a line and the way out."""
    if row.problem:
        return row.problem, Sentence("Put values that contain the separator in quotes.")
    if not row.email:
        return Sentence("The address is missing."), Sentence("Add it, or take the line out.")
    if len(row.email) > LONGEST_ADDRESS or not ADDRESS.fullmatch(row.email):
        return Sentence("This is not an email address."), Sentence("Correct it.")
    if person is None:
        way_out = Sentence("Check the spelling, or ask an administrator to add the person.")
        return enrolments.UNKNOWN, way_out
    if not person.active:
        return enrolments.CLOSED, Sentence("Ask an administrator to open it again.")
    return None


def _needless(row: _Row, person: Account | None, seen: dict[str, int]) -> str:
    """Why a line without mistakes changes nothing."""
    first = seen.setdefault(row.email, row.number)
    if first != row.number:
        return Sentence("The same address as line %(first)d.", first=first)
    return Sentence("Enrolled in this cohort already.") if person and person.enrolled else ""


def _differences(row: _Row, person: Account) -> str:
    """What the file says otherwise than the account: the address may be another person's."""
    department = person.department or ""
    if row.name and row.name.casefold() != person.name.casefold():
        return Sentence(
            "Your file says “%(name)s”. Check that this is the same person.", name=row.name
        )
    if row.department and row.department.casefold() != department.casefold():
        if not department:
            return Sentence(
                "Your file says “%(file)s”; the account says “none”.", file=row.department
            )
        return Sentence(
            "Your file says “%(file)s”; the account says “%(account)s”.",
            file=row.department,
            account=department,
        )
    return ""
