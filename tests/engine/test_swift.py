"""The fold in place is the fold: every float, every field, every standing."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine import (
    FRESH,
    Answer,
    Curriculum,
    Item,
    ItemKind,
    Outcome,
    Plan,
    Policy,
    Skill,
    SkillParameters,
    SkillState,
    Terms,
    Walk,
    fold,
    prepare,
    skill_standing,
)
from engine.evidence import DAY
from engine.model.layout import Layout
from engine.model.parameters import Gains, ModelParameters

POLICY = Policy()
STRICT = Policy(
    mastered=0.8, kept=0.6, streak=1, misfit=0.22, misfit_high=0.3, park_answers=4, park_limit=9
)
SKILLS = (Skill("a"), Skill("b", ("a",)), Skill("c", ("a", "b")))
CHOICE = Item("choice", ItemKind.EXERCISE, "single-choice", ("a",), 0.25, 2, 1.0)
ITEMS = (
    CHOICE,
    replace(CHOICE, id="open", guess=None, hints=0),
    replace(CHOICE, id="second", skills=("b",), guess=0.0),
    replace(CHOICE, id="third", skills=("c",)),
    replace(CHOICE, id="both", skills=("b", "a")),
    replace(CHOICE, id="all", skills=("a", "b", "c"), hints=1),
    replace(CHOICE, id="case", transfer=True),
    Item("lesson", ItemKind.LESSON, "text", ("a",), None, 0, 1.0),
    Item("overview", ItemKind.LESSON, "text", ("c", "a"), None, 0, 1.0),
)
CURRICULUM = Curriculum(SKILLS, ITEMS)
EASY = SkillParameters(prior=0.4, learn=0.3, guess=0.2, slip=0.1)
PLANS = (
    Plan({"a": EASY, "b": SkillParameters(0.25, 0.15, 0.25, 0.1, 0.05), "c": EASY}, Terms()),
    Plan(
        {"a": replace(EASY, slip=0.0), "b": replace(EASY, guess=0.0), "c": EASY},
        Terms(forget=0.4, ability=2.0, farthest=0.7, floor=0.8),
    ),
    Plan(dict.fromkeys("abc", EASY), Terms(coupling=0.0, ability=0.0, difficulty=0.0, forget=0.0)),
    Plan(dict.fromkeys("abc", EASY), Terms(paces=(), pace_shares=())),
    Plan(
        dict.fromkeys("abc", EASY),
        Terms(paces=(2.0, 0.5, 0.4, 1.0), pace_shares=(0.25, 0.25, 0.25, 0.25)),
    ),
)
RIGHT = [Outcome.CORRECT] * 5
answers = st.lists(
    st.tuples(
        st.sampled_from(ITEMS),
        st.sampled_from([*RIGHT, Outcome.WRONG, Outcome.DONT_KNOW]),
        st.sampled_from([0, 0, 0, 0, 1, 3]),
        st.one_of(st.floats(-DAY, 40 * DAY), st.floats(0.0, 600.0)),
        st.sampled_from([0.0, 0.0, 2.5, -1.25, 0.1]),
        st.integers(0, len(PLANS) - 1),
    ),
    min_size=1,
    max_size=60,
)
Given = list[tuple[Item, Outcome, int, float, float, int]]


@given(answers, st.sampled_from([POLICY, STRICT]))
def test_a_walk_does_what_the_fold_does(given: Given, policy: Policy) -> None:
    walk = Walk(policy)
    known: dict[str, SkillState] = {}
    trace, at = FRESH, 1_000.0
    for number, (item, outcome, hints, gap, difficulty, which) in enumerate(given, start=1):
        at += gap
        plan = PLANS[which]
        lot = prepare(plan, CURRICULUM, item)
        assert lot is not None
        result = Outcome.READ if item.kind is ItemKind.LESSON else outcome
        folded = fold(
            plan, known, trace, Answer(number, item, result, hints, at), difficulty=difficulty
        )
        steps, trace = folded.steps, folded.trace
        known |= {step.skill: step.state for step in steps}
        if folded.predicted is None:
            moved = walk.read(lot, number=number, hints=hints, at=at)
        else:
            moved = walk.answer(lot, number, result, hints, at, difficulty)
            assert (walk.predicted, walk.surprise) == (folded.predicted, folded.surprise)
        assert [(it.skill, it.before, it.mastery, it.settled()) for it in moved] == [
            (step.skill, step.before, step.after, step.state) for step in steps
        ]
        assert [it.standing for it in moved] == [
            skill_standing(CURRICULUM, known, step.skill, policy=policy) for step in steps
        ]
        assert walk.trace() == trace
    # As texts too: True equals 1, but is not written so.
    assert {skill: str(it.settled().to_record()) for skill, it in walk.known.items()} == {
        skill: str(state.to_record()) for skill, state in known.items()
    }


def test_there_is_no_lot_of_a_plan_a_walk_does_not_know() -> None:
    plain = Plan(PLANS[0].skills)
    layout = Layout(skills=3, items=0, links=0)
    usual = (0.25, 0.15, -1.1, 3.3)
    context = ModelParameters(
        rates=dict.fromkeys("abc", usual),
        usual_rates=usual,
        skills={"a": 0, "b": 1, "c": 2},
        items={},
        links={},
        weights=(0.1,) * layout.offsets[-1],
        gains=Gains(),
    )
    fitted = Plan(PLANS[0].skills, Terms(), {}, context)
    three = Plan(PLANS[0].skills, Terms(paces=(0.5, 1.0, 2.0), pace_shares=(0.25, 0.5, 0.25)))
    assert prepare(plain, CURRICULUM, CHOICE) is None
    assert prepare(three, CURRICULUM, CHOICE) is None
    assert prepare(fitted, CURRICULUM, CHOICE) is None
