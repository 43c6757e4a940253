"""A decision says by what its items were put in order, whichever way they were."""

from datetime import timedelta

from sqlalchemy import select

from app.db import Database
from app.models import Serving
from app.services.oversight import decisions
from app.services.oversight.decisions import Decision
from app.services.oversight.ranking import Ranking
from tests.conftest import NOON
from tests.people import answer_open, begin, make_learner

ANSWERS = 24


def decisions_of_somebody_who_knows_nothing(database: Database) -> list[Decision]:
    """Long enough on one skill to have seen all its items."""
    learner = make_learner(database, at=NOON)
    begin(database, learner, at=NOON)
    for number in range(ANSWERS):
        answer_open(database, learner, at=NOON + timedelta(minutes=number), right=False)
    with database.reader() as session:
        servings = select(Serving.id).where(Serving.learner_id == learner.id)
        return [
            decisions.read_decision(session, serving_id, agency_id=learner.agency_id)
            for serving_id in session.scalars(servings.order_by(Serving.sequence))
        ]


def test_every_order_is_told_by_its_name(database: Database) -> None:
    made = decisions_of_somebody_who_knows_nothing(database)
    assert made[0].ranking is Ranking.TELLING
    assert {each.ranking for each in made} == set(Ranking)
    for each in made:
        scores = [candidate.score for candidate in each.candidates]
        assert (scores != sorted(scores, reverse=True)) == (each.ranking is Ranking.RESTED)
        assert each.ranking is not Ranking.RESTED or each.candidates[0].chosen
