"""Before an answer is committed nothing of its key leaves the server."""

import uuid
from collections import Counter
from datetime import timedelta
from functools import partial
from html import unescape

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.authoring import Exercise
from app.models import ModuleState, Response, Serving
from app.services.catalogue import shelf
from app.services.learning import sheet
from tests import people
from tests.conftest import NOON
from tests.security.conftest import World


def served_items(world: World) -> list[tuple[uuid.UUID, Exercise]]:
    """Every exercise of the module, served to the learner one after the other."""
    learner = world.home.people["learner"]
    with world.database.reader() as session:
        base = session.get_one(Serving, uuid.UUID(world.home.ids["serving_id"]))
        syllabus = shelf.syllabus(session, base.module_revision_id)
        documents = {
            entry.id: shelf.document(session, entry.revision_id)
            for entry in syllabus.items.values()
        }
    found = []
    for number, (item_id, document) in enumerate(documents.items(), start=1):
        if not isinstance(document, Exercise):
            continue
        serving = Serving(
            id=uuid.uuid4(),
            agency_id=learner.agency_id,
            learner_id=learner.id,
            sequence=10_000 + number,
            module_id=base.module_id,
            item_id=item_id,
            item_revision_id=syllabus.items[item_id].revision_id,
            module_revision_id=base.module_revision_id,
            parameter_set_id=base.parameter_set_id,
            policy=base.policy,
            engine=base.engine,
            after_sequence=base.after_sequence,
            seed=number,
            rule=base.rule,
            recommendation=base.recommendation,
            part_order=sheet.draw_order(document, number),
            served_at=NOON,
        )
        world.database.transact(partial(Session.add, instance=serving))
        found.append((serving.id, document))
    return found


def secrets_of(document: Exercise) -> list[str]:
    """Texts that only an answered serving may show."""
    values = document.to_document()
    texts = [document.explanation, *document.hints]
    for rows in (values.get("options"), values.get("steps"), values.get("pairs")):
        if isinstance(rows, list):
            texts += [str(row["feedback"]) for row in rows]
    texts += [str(values[name]) for name in ("right", "otherwise") if name in values]
    return [text[:40] for text in texts]


def test_no_page_before_the_answer_holds_its_key(world: World) -> None:
    learner = world.home.people["learner"]
    client = world.client(world.home, "learner")
    items = served_items(world)
    assert len(items) > 80
    for serving_id, document in items:
        opened = (
            update(ModuleState)
            .where(ModuleState.learner_id == learner.id)
            .values(open_serving_id=serving_id)
        )
        world.database.transact(partial(Session.execute, statement=opened))
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(f"/learn/modules/{people.MODULE_SLUG}", headers=headers)
            page = unescape(answer.get_data(as_text=True))
            assert document.title.split()[0] in page
            for secret in secrets_of(document):
                assert secret not in page, document.title
            for mark in ("data-correct", "data-right", "answer_key", '"correct"'):
                assert mark not in page, (mark, document.title)


def test_a_token_of_one_serving_means_nothing_in_another() -> None:
    keys = "abcdef"
    first = {sheet.token(1, key) for key in keys}
    second = {sheet.token(2, key) for key in keys}
    assert len(first) == len(keys)
    assert not first & second


def test_the_right_option_stands_in_every_place_alike(world: World) -> None:
    with world.database.reader() as session:
        serving = session.get_one(Serving, uuid.UUID(world.home.ids["serving_id"]))
        syllabus = shelf.syllabus(session, serving.module_revision_id)
        entry = next(entry for entry in syllabus.items.values() if entry.format == "single-choice")
        document = shelf.document(session, entry.revision_id)
    assert isinstance(document, Exercise)
    right = str(document.right_answer())
    draws = 4000
    places = Counter(
        sheet.draw_order(document, seed).split(",").index(right) for seed in range(draws)
    )
    expected = draws / len(places)
    chi_squared = sum((count - expected) ** 2 / expected for count in places.values())
    assert chi_squared < 16.3  # p = .001 at four options and fewer degrees than three never more


def test_what_the_browser_claims_is_not_believed(world: World) -> None:
    """A form that says it is correct, fast and without hints is graded like any other."""
    learner = world.home.people["other learner"]
    people.begin(world.database, learner, at=NOON)
    serving = people.open_serving(world.database, learner)
    assert serving is not None
    client = world.client(world.home, "other learner")
    path = f"/learn/modules/{people.MODULE_SLUG}"
    answer = client.post(
        f"/learn/servings/{serving.id}/answer",
        data={
            "csrf_token": people.csrf_of(client, path),
            "dont_know": "1",
            "correct": "1",
            "outcome": "correct",
            "mastery": "1.0",
            "hints": "0",
            "learner_id": str(world.home.people["learner"].id),
            "answered_at": (NOON - timedelta(days=9)).isoformat(),
        },
    )
    assert answer.status_code == 303
    with world.database.reader() as session:
        kept = session.get_one(Response, serving.id)
    assert kept.outcome == "dont_know"
    assert kept.learner_id == learner.id
    assert kept.answered_at > NOON - timedelta(days=1)
