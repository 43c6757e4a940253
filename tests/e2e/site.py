"""The real application behind a real web server, and people whose history it knows."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app import create_app
from app.authoring import Exercise, Lesson
from app.config import Config
from app.db import Database
from app.models import ModuleState, Serving
from app.services.catalogue import shelf
from app.services.learning import sheet
from tests.people import Person, client_of, module_id, open_serving

PLACED_FROM = 10_000


@dataclass(frozen=True, slots=True)
class Site:
    """A running Cairn: where it answers and what it keeps."""

    app: Flask
    database: Database
    address: str

    def cookie(self, person: Person) -> str:
        """What the browser of somebody who is signed in holds."""
        found = client_of(self.app, person).get_cookie("cairn")
        assert found is not None
        return found.value


@contextmanager
def serve(config: Config) -> Iterator[Site]:
    """The application on a free port, until the block ends."""
    app = create_app(config)
    database: Database = app.extensions["database"]
    server = make_server("127.0.0.1", 0, app, threaded=True)
    running = threading.Thread(target=server.serve_forever, daemon=True)
    running.start()
    yield Site(app, database, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    running.join()
    server.server_close()
    database.engine.dispose()


def place(site: Site, learner: Person, form: str) -> tuple[Serving, sheet.Fields]:
    """Have the learner's open item be one of this format; also the form of its right answer."""
    with site.database.reader() as session:
        base = open_serving(site.database, learner, module_id=module_id(session))
        assert base is not None
        item_id, document = _find(session, base, form)
        revision_id = shelf.syllabus(session, base.module_revision_id).items[item_id].revision_id
    seed = base.seed
    serving = Serving(
        id=uuid.uuid4(),
        agency_id=base.agency_id,
        learner_id=base.learner_id,
        sequence=base.sequence + PLACED_FROM,
        module_id=base.module_id,
        item_id=item_id,
        item_revision_id=revision_id,
        module_revision_id=base.module_revision_id,
        parameter_set_id=base.parameter_set_id,
        policy=base.policy,
        engine=base.engine,
        after_sequence=base.after_sequence,
        seed=seed,
        rule=base.rule,
        recommendation=base.recommendation,
        part_order=sheet.draw_order(document, seed),
        served_at=base.served_at,
    )
    site.database.transact(lambda session: _open(session, serving))
    return serving, sheet.right_form(document, seed) if isinstance(document, Exercise) else {}


def _find(session: Session, base: Serving, form: str) -> tuple[str, Exercise | Lesson]:
    """An item of this format, with hints where it is an exercise."""
    for entry in shelf.syllabus(session, base.module_revision_id).items.values():
        document = shelf.document(session, entry.revision_id)
        hinted = isinstance(document, Lesson) or document.hints
        if entry.format == form and hinted:
            return entry.id, document
    raise LookupError(form)


def _open(session: Session, serving: Serving) -> None:
    session.add(serving)
    session.flush()
    session.execute(
        update(ModuleState)
        .where(
            ModuleState.learner_id == serving.learner_id,
            ModuleState.module_id == serving.module_id,
        )
        .values(open_serving_id=serving.id)
    )
