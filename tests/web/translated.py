"""An agency whose Cairn speaks the made-up language, and how to walk all of its pages."""

import csv
import io
import json
import re
import shutil
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, text, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.authoring import read_raw, read_raw_module
from app.authoring.frameworks import FRAMEWORKS
from app.clock import now
from app.config import REPOSITORY
from app.db import Database
from app.health import storage
from app.models import Agency, Base, ItemDraft, ModuleDraft, ModuleState, Role, Serving, User
from app.services.learning import offer
from app.services.oversight import lookup, measured
from app.services.oversight.published import PUBLISHED
from app.web.prose import inline, prose
from engine import EVIDENCE_RULE
from tests import people
from tests.conftest import make_config
from tests.e2e.agency import REASON, STAFF, LivedIn, live_in
from tests.e2e.site import Site
from tests.people import Person, client_of
from tests.web.broken import make_broken
from tests.web.pseudo import LOCALE, Known, Texts, unmarked, write_catalogue

TEMPLATE = REPOSITORY / "app" / "translations" / "messages.pot"
# What stands for something in the code: a page that shows it forgot to put it into words.
KEY = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
KEYS = frozenset({"format", "kind", "status", "slug", "key", "id", "skills", "rule", "transfer"})
NO_KEYS = frozenset({"accepted", "unit", "modules"})
MOST_ALIKE = 4
COPIES_FROM = 20_000
SIGNED_OUT = "somebody signed out"
LEFT_ALONE = (
    "/sign-out",
    "/demo/sign-in",
    "/language",
    "/static/",
    "/healthz",
    "/metrics",
    "/hr/enrolments-template.csv",
    "/jobs/",
)
# Names that are the same in every language, or each in its own.
OWN_NAMES = (
    *("English", "Français", "العربية", "cairn-language", "OATutor", "ZPDES"),
    *measured.LOGS.values(),
    *(text for row in PUBLISHED.values() for one in row for text in (one.model, one.source)),
    *(text for one in FRAMEWORKS for text in (one.title, one.publisher, *one.codes.values())),
)


@dataclass
class World:
    """An agency after some weeks, and another on its first day."""

    lived: LivedIn
    people: dict[str, Person]
    extra: dict[str, list[str]]

    @property
    def app(self) -> Flask:
        return self.lived.site.app

    @property
    def database(self) -> Database:
        return self.lived.site.database

    def client(self, name: str) -> FlaskClient:
        return (
            self.app.test_client() if name == SIGNED_OUT else client_of(self.app, self.people[name])
        )

    def open_one_of_each_rule(self) -> Iterator[str]:
        """Open, for the learner, one served item after the other: each rule, each way out."""
        learner = self.people["learner"]
        with self.database.reader() as session:
            reasons = {_reason(serving): serving for serving in session.scalars(select(Serving))}
        for number, (reason, base) in enumerate(reasons.items(), start=1):
            serving = copy_for(learner, base, number=COPIES_FROM + number)
            self.database.transact(partial(open_copy, serving=serving))
            yield reason

    def set_version(self, version: str) -> None:
        """Let the database claim another version."""
        claim = text("UPDATE alembic_version SET version_num = :version")
        self.database.transact(lambda session: session.execute(claim, {"version": version}))

    def known(self) -> Known:
        """Everything people and authors wrote until now."""
        return Known({*written(self.app, self.database), *OWN_NAMES})


def make_world(template: Path, home: Path) -> World:
    """Two agencies in the made-up language."""
    shutil.copy(template, home / "cairn.db")
    write_catalogue(TEMPLATE, home / "translations")
    app = create_app(make_config(home, demo=True))
    babel = app.extensions["babel"]
    babel.default_locale = LOCALE
    babel.translation_directories[:] = [str(home / "translations")]
    lived = live_in(Site(app, app.extensions["database"], ""))
    others = lived.site.database.transact(lambda session: _others(session, lived))
    decisions = lived.site.database.transact(lambda session: _one_of_each_rule(session, lived))
    trainer = lived.people["trainer"]
    broken = lived.site.database.transact(lambda session: make_broken(session, trainer, at=now()))
    return World(lived, lived.people | others, {"oversight": decisions, "trainer": broken})


def _others(session: Session, lived: LivedIn) -> dict[str, Person]:
    """Learners at every stage, and staff who have nothing to look at yet."""
    found: dict[str, Person] = {}
    for state in session.scalars(select(ModuleState)):
        if state.standing is not None:
            user = session.get_one(User, state.learner_id)
            person = Person(user.id, user.agency_id, user.name, user.email)
            found.setdefault(f"learner who is {state.standing}", person)
    agency = people.make_agency(session, at=now())
    for name, role in {"learner": Role.LEARNER, **STAFF}.items():
        found[f"{name} of a new agency"] = people.make_user(session, agency, role, at=now())
    home = session.get_one(Agency, lived.people["hr"].agency_id)
    fresh = people.make_user(session, home, Role.LEARNER, at=now())
    people.enrol(
        session,
        people.make_cohort(session, home, at=now(), trainer=lived.people["trainer"]),
        fresh,
        at=now(),
    )
    return found | {"learner who has not begun": fresh}


def _one_of_each_rule(session: Session, lived: LivedIn) -> list[str]:
    """The address of one decision by each rule, opened to the oversight officer."""
    officer = lived.people["oversight"]
    found: dict[str, uuid.UUID] = {}
    for serving in session.scalars(select(Serving)):
        found.setdefault(serving.rule, serving.id)
    for serving_id in found.values():
        lookup.give_reason(
            session, serving_id, officer=officer, reason=REASON, note="A question.", at=now()
        )
    return [f"/oversight/decisions/{serving_id}" for serving_id in found.values()]


def _reason(serving: Serving) -> str:
    kept = json.loads(serving.recommendation)
    return f"{serving.rule}: {kept.get('change')} {sorted(kept.get('terms') or ())}"


def copy_for(learner: Person, base: Serving, *, number: int) -> Serving:
    """The same choice, served to this learner."""
    values = {column.key: getattr(base, column.key) for column in inspect(Serving).column_attrs}
    return Serving(
        **values
        | {
            "id": uuid.uuid4(),
            "learner_id": learner.id,
            "agency_id": learner.agency_id,
            "sequence": number,
        }
    )


def open_copy(session: Session, *, serving: Serving) -> None:
    """Have this serving be what the learner's next answer is for."""
    session.add(serving)
    session.flush()
    session.execute(
        update(ModuleState)
        .where(ModuleState.learner_id == serving.learner_id)
        .values(open_serving_id=serving.id)
    )


def written(app: Flask, database: Database) -> set[str]:
    """Every text in the database, also as it is shown; not the keys that stand for something."""
    texts: set[str] = set()
    with database.reader() as session, app.app_context():
        for table in Base.metadata.sorted_tables:
            for row in session.execute(table.select()).mappings():
                for value in row.values():
                    texts.update(_texts(value))
        # The audit log shows a draft as addresses do, and a text without a title has no other name.
        texts.update(session.scalars(select(ModuleDraft.slug)))
        texts.update(session.scalars(select(ItemDraft.slug)))
    shown = storage(database, home=app.config["CAIRN"].home)
    texts |= {shown.kind, shown.file_system, offer.POLICY.version, offer.ENGINE}
    texts.add(EVIDENCE_RULE.version)
    for one in tuple(texts):
        texts |= {found for _, found in Texts(prose(one)).found}
        texts |= {found for _, found in Texts(inline(one)).found}
        texts |= {inline(one).striptags(), one.split(" ")[0], one.partition("@")[2]}
    return texts


def _texts(value: object, *, named: str = "") -> Iterator[str]:
    """The texts in a value of a row: in lists and documents too, but no keys."""
    if isinstance(value, str):
        document = _document(value)
        if document is not None:
            yield from _texts(document, named=named)
        elif named in NO_KEYS or (named not in KEYS and not KEY.fullmatch(value)):
            yield value
            yield from value.split("\n\n")  # where two texts are compared
            yield from _texts(_drafted(value))
    elif isinstance(value, dict):
        if named == "frameworks":
            yield from value
        for key, one in value.items():
            yield from _texts(one, named=key)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one, named=named)


def _document(text: str) -> object:
    try:
        return json.loads(text) if text[:1] in "[{" else None
    except ValueError:
        return None


def _drafted(text: str) -> object:
    """The parts of an item or a module, where the text is one as trainers write it."""
    raw = read_raw(text) or (read_raw_module(text) if text.startswith("id = ") else None)
    return None if raw is None else asdict(raw)


class Reader(HTMLParser):
    """The links and the forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._inside = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._inside = given.get("method") == "post"
            if self._inside:
                self.forms.append(Form(given.get("action", "")))
        elif self._inside:
            self._read_field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False

    def _read_field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind in ("radio", "checkbox"):
                form.choices.add(name)
            if kind not in ("radio", "checkbox") or "checked" in given:
                form.fields.append(Field(name, kind, given.get("value", "")))
        elif tag in ("select", "textarea"):
            form.fields.append(Field(name, tag, ""))
        elif tag == "option" and "selected" in given:
            form.fields[-1].value = given.get("value", "")
        elif tag == "button" and given.get("type") != "button":
            form.buttons.append(
                (given.get("formaction", form.action), name, given.get("value", ""))
            )


@dataclass
class Field:
    name: str
    kind: str
    value: str


@dataclass
class Form:
    """A form that posts: its fields as they stand, and (action, name, value) of its buttons."""

    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    choices: set[str] = field(default_factory=set)

    def sendings(self) -> Iterator[tuple[str, dict[str, str]]]:
        """As it stands, with nothing written, and with far too much, by each button."""
        for action, name, value in self.buttons:
            button = {name: value} if name else {}
            yield action, {one.name: one.value for one in self.fields} | button
            for filling in ("", "7 " * 4000, "7"):  # figures are the same in every language
                filled = {
                    one.name: one.value if one.kind == "hidden" else filling
                    for one in self.fields
                    if one.kind != "file" and one.name not in self.choices
                }
                chosen = dict.fromkeys(self.choices, filling) if filling else {}
                yield action, filled | chosen | button


def walk(client: FlaskClient, starts: list[str]) -> Iterator[tuple[str, TestResponse]]:
    """Every page that leads from these, but only some of those that are alike."""
    seen, alike = set(starts), Counter[str]()
    waiting = list(starts)
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        if answer.location:
            waiting.extend({local(path, answer.location)} - seen - {""})
            seen.add(local(path, answer.location))
            continue
        yield path, answer
        if not is_page(answer):
            continue
        for link in Reader(answer.get_data(as_text=True)).links:
            target = local(path, link)
            kind = re.sub(r"[0-9a-f-]{36}|[a-z2-7]{12}\b|=[^&]*", "*", target)
            if target and target not in seen and alike[kind] < MOST_ALIKE:
                alike[kind] += 1
                seen.add(target)
                waiting.append(target)


def local(page: str, link: str) -> str:
    """The address a link leads to, without its place in the page; empty when that is elsewhere."""
    found = urlsplit(urljoin(page, link))
    if found.netloc or found.scheme or found.path.startswith(LEFT_ALONE):
        return ""
    return found.path + (f"?{found.query}" if found.query else "")


def is_page(answer: TestResponse) -> bool:
    return answer.mimetype == "text/html"


def english(answer: TestResponse, known: Known) -> list[str]:
    """What nobody marked in an answer: a page, a fragment or a file of figures."""
    if is_page(answer):
        return unmarked(answer.get_data(as_text=True), known)
    if answer.mimetype == "text/csv":
        rows = csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
        return [cell for row in rows for cell in row if unmarked(cell, known)]
    return []
