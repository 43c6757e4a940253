"""Which skill comes next: what is locked, what opens first, what is stayed with."""

from engine import Standing, standings
from tests.engine.worlds import DAY, NINE, POLICY, C, Walk, curriculum


def test_the_learner_stays_on_the_skill_in_hand() -> None:
    walk = Walk(curriculum(NINE)).masters("s1").answers(("s7-e0", C))
    assert walk.next().reason.skill == "s7"
    assert walk.answers(("s3-e0", C)).next().reason.skill == "s3"
    assert walk.answers(("s7-e0", C)).next().reason.skill == "s7"


def test_the_skill_that_most_others_need_opens_first() -> None:
    walk = Walk(curriculum(NINE)).masters("s1")
    assert walk.next().reason.skill == "s2"


def test_a_skill_is_locked_until_every_prerequisite_is_mastered() -> None:
    walk = Walk(curriculum({"a": [], "b": [], "c": ["a", "b"]})).masters("a")
    assert walk.next().reason.skill == "b"
    assert walk.masters("b").next().reason.skill == "c"


def test_standings_name_every_skill() -> None:
    walk = Walk(curriculum(NINE)).masters("s1").answers(("s2-e0", C)).parks("s7")
    found = standings(walk.curriculum, walk.states, policy=POLICY, at=walk.at + 60 * DAY)
    assert found["s1"] is Standing.REVIEW_DUE
    assert found["s2"] is Standing.PRACTISING
    assert found["s3"] is Standing.NOT_STARTED
    assert found["s4"] is Standing.LOCKED
    assert found["s7"] is Standing.PARKED
