"""What a learner reads right after an answer."""

from html import unescape

import pytest
from flask import Flask

from app.authoring import ShortText
from app.services.catalogue import shelf
from tests.faults.doors import Door, door_of

PATIENCE = 40


@pytest.fixture
def door(app: Flask) -> Door:
    """A signed-in browser of a learner with an open question."""
    return door_of(app)


def test_the_question_can_be_read_again_beside_its_feedback(door: Door) -> None:
    serving = door.open_serving()
    with door.database.reader() as session:
        title = shelf.document(session, serving.item_revision_id).title
    fragment = door.answer(serving, {"dont_know": "1"}).text
    assert "See the question again" in fragment
    assert title in unescape(fragment)


def test_of_many_accepted_wordings_the_first_is_told(door: Door) -> None:
    """A list of nineteen spellings is no answer to learn from."""
    for _ in range(PATIENCE):
        serving = door.open_serving()
        with door.database.reader() as session:
            document = shelf.document(session, serving.item_revision_id)
        told = door.answer(serving, {"dont_know": "1"}).text
        if isinstance(document, ShortText) and len(document.accepted) > 1:
            break
    else:
        raise AssertionError("no question with several accepted wordings came")
    answer = told.split("The answer", 1)[1].split("<h3>", 1)[0]
    assert document.accepted[0] in answer
    assert "Other wordings count too." in answer
    assert "<li>" not in answer
