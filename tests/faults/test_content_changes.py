"""An item changes while a learner has it open: they are graded on what they saw."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.authoring import Exercise, SingleChoice, read_catalogue
from app.config import REPOSITORY
from app.db import Database
from app.models import Response, Serving
from app.services.catalogue import publishing, shelf
from tests.conftest import NOON
from tests.faults.invariants import check_invariants
from tests.people import Person, answer_open, open_serving, right_fields

pytestmark = pytest.mark.faults
LATER = NOON + timedelta(hours=1)
MOST_ANSWERS = 200


@dataclass(frozen=True, slots=True)
class Files:
    """A copy of the shipped content that can be edited and published."""

    folder: Path

    def edit(self, item_id: str, change: Callable[[str], str]) -> None:
        """Change the file of this item."""
        for path in self.folder.rglob("*.md"):
            text = path.read_text()
            if f'id = "{item_id}"' in text:
                assert change(text) != text
                path.write_text(change(text))
                return
        raise LookupError(item_id)

    def publish(self, database: Database) -> None:
        catalogue = read_catalogue(self.folder)
        assert catalogue.problems == (), catalogue.problems
        done = database.transact(lambda session: publishing.publish(session, catalogue, at=LATER))
        assert done.modules != ()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(Path(shutil.copytree(REPOSITORY / "content", tmp_path / "content")))


def move_the_key(text: str) -> str:
    """Make a wrong option the right one, and the right one wrong."""
    right, wrong = text.index("correct = true"), text.index("correct = false")
    first, second = sorted((right, wrong))
    one, two = ("true", "false") if first == right else ("false", "true")
    between = text[first + len(f"correct = {one}") : second]
    rest = text[second + len(f"correct = {two}") :]
    return f"{text[:first]}correct = {two}{between}correct = {one}{rest}"


def open_single_choice(database: Database, learner: Person) -> Serving:
    """Answer until an item with one right option is open."""
    for turn in range(MOST_ANSWERS):
        serving = open_serving(database, learner)
        assert serving is not None
        with database.reader() as session:
            document = shelf.document(session, serving.item_revision_id)
        if isinstance(document, SingleChoice):
            return serving
        answer_open(database, learner, at=NOON, right=turn % 2 == 0)  # so that nothing finishes
    raise LookupError("no item with one right option was served")


def outcome_of(database: Database, serving: Serving) -> str:
    with database.reader() as session:
        return session.scalars(
            select(Response.outcome).where(Response.serving_id == serving.id)
        ).one()


def test_an_item_whose_key_moved_is_graded_as_it_was_served(
    database: Database, learner: Person, files: Files
) -> None:
    """F23: a new revision is published while the item is open."""
    serving = open_single_choice(database, learner)
    with database.reader() as session:
        shown = shelf.document(session, serving.item_revision_id)
    files.edit(serving.item_id, move_the_key)
    files.publish(database)
    assert isinstance(shown, Exercise)
    assert right_fields(shown, serving.seed)
    answered = answer_open(database, learner, at=LATER)
    assert answered is not None
    assert answered.document == shown
    assert outcome_of(database, serving) == "correct"
    following = open_serving(database, learner)
    assert following is not None
    assert following.module_revision_id != serving.module_revision_id
    check_invariants(database)


def test_a_withdrawn_item_counts_where_it_is_open_and_is_never_chosen_again(
    database: Database, learner: Person, files: Files
) -> None:
    """F23: the open item is withdrawn; its answer is kept, and the next picks pass it over."""
    serving = open_single_choice(database, learner)
    files.edit(serving.item_id, lambda text: text.replace('"active"', '"retired"', 1))
    files.publish(database)
    assert answer_open(database, learner, at=LATER, right=False) is not None
    assert outcome_of(database, serving) == "dont_know"
    served = 0
    while (following := open_serving(database, learner)) is not None and served < MOST_ANSWERS:
        assert following.item_id != serving.item_id
        assert f'"{serving.item_id}"' not in following.recommendation
        answer_open(database, learner, at=LATER)
        served += 1
    assert served > 10
    check_invariants(database)
