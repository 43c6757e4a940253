"""Placement: few questions, right often, and nothing but mastery is seeded."""

import random
from statistics import mean

import pytest

from engine import (
    Curriculum,
    Item,
    ItemKind,
    Outcome,
    Policy,
    Rule,
    Skill,
    SkillParameters,
    fallback,
    is_mastered,
    remaining_minutes,
)
from engine.placement import KNOWN, MOST_QUESTIONS, UNKNOWN, Placement, place, seed_states
from tests.engine.worlds import NINE, POLICY, C, R, W, Walk, chain, curriculum

FAIR = SkillParameters(prior=0.4, learn=0.2, guess=0.25, slip=0.1)
GUESSES = (0.02, 0.05, 0.25, 0.25, 0.1, 0.25)


def net(skills: int, *, seed: int) -> Curriculum:
    """A net of skills, most with one or two prerequisites among the five before; some with none."""
    chance = random.Random(seed)
    made, items = [], []
    for n in range(skills):
        count = chance.choice((0, 1, 1, 2)) if n else 0
        needed = {f"k{chance.randrange(max(0, n - 5), n)}" for _ in range(count)}
        made.append(Skill(f"k{n}", tuple(sorted(needed))))
        items += [
            Item(f"k{n}-{at}", ItemKind.EXERCISE, "number", (f"k{n}",), guess, 0, 2.0)
            for at, guess in enumerate(GUESSES)
        ]
    return Curriculum(tuple(made), tuple(items))


def knowledge(what: Curriculum, chance: random.Random) -> dict[str, bool]:
    share = chance.random()
    known: dict[str, bool] = {}
    for skill in what.ordered:
        ready = all(known[it] for it in skill.prerequisites)
        known[skill.id] = ready and chance.random() < share
    return known


def interview(what: Curriculum, seed: int) -> tuple[Placement, dict[str, bool]]:
    chance = random.Random(seed)
    known = knowledge(what, chance)
    parameters = dict.fromkeys(what.order, FAIR)
    answers: list[tuple[str, Outcome]] = []
    while True:
        placement = place(what, parameters, answers, seed=seed)
        if placement.item is None or placement.skill is None:
            return placement, known
        guess = placement.item.guess or 0.0
        right = chance.random() < (0.93 if known[placement.skill] else guess)
        unsure = Outcome.DONT_KNOW if not known[placement.skill] and chance.random() < 0.5 else W
        answers.append((placement.item.id, C if right else unsure))


@pytest.mark.parametrize(("skills", "questions"), [(12, 11.0), (24, 22.0)])
def test_it_takes_few_questions_and_is_mostly_right(skills: int, questions: float) -> None:
    found = [interview(net(skills, seed=seed), seed) for seed in range(12)]
    assert mean(placement.asked for placement, _ in found) <= questions
    right = [
        (placement.known[skill] > 0.5) == known[skill]
        for placement, known in found
        for skill in known
    ]
    assert mean(right) >= 0.9


def test_it_ends_when_every_skill_is_settled_or_the_questions_are_used_up() -> None:
    placement, _ = interview(net(9, seed=3), 3)
    assert placement.asked <= MOST_QUESTIONS
    assert all(not UNKNOWN <= chance <= KNOWN for chance in placement.known.values())
    answers = [("k0-0", W)] * MOST_QUESTIONS
    what = net(9, seed=3)
    assert place(what, dict.fromkeys(what.order, FAIR), answers, seed=1).item is None


def test_the_same_answers_give_the_same_placement() -> None:
    what = net(12, seed=1)
    parameters = dict.fromkeys(what.order, FAIR)
    answers = [("k3-0", C), ("k7-0", Outcome.DONT_KNOW)]
    assert place(what, parameters, answers, seed=5) == place(what, parameters, answers, seed=5)


def test_knowing_a_skill_tells_of_what_it_builds_on() -> None:
    walk = chain()
    before = place(walk.curriculum, walk.parameters, [], seed=1)
    after = place(walk.curriculum, walk.parameters, [("c-e6", C), ("c-e7", C)], seed=1)
    assert after.known["a"] > KNOWN > before.known["a"]


def test_i_do_not_know_says_more_than_a_wrong_answer() -> None:
    walk = chain()
    unsure = place(walk.curriculum, walk.parameters, [("a-e0", Outcome.DONT_KNOW)], seed=1)
    wrong = place(walk.curriculum, walk.parameters, [("a-e0", W)], seed=1)
    assert unsure.known["a"] < wrong.known["a"]


def test_an_item_is_asked_once_and_a_withdrawn_one_never() -> None:
    walk = Walk(curriculum({"a": []}))
    asked = place(walk.curriculum, walk.parameters, [("a-e0", C)], seed=1, withdrawn={"a-e7"})
    assert asked.item is not None
    assert asked.item.id == "a-e6"
    again = place(walk.curriculum, walk.parameters, [("a-e6", W), ("a-e0", C), ("a-e1", C)], seed=1)
    assert again.item is None or again.item.id not in {"a-e0", "a-e1", "a-e6"}


def test_a_lesson_is_no_question() -> None:
    walk = chain()
    with pytest.raises(ValueError, match="placement asks questions only"):
        place(walk.curriculum, walk.parameters, [("a-explained", R)], seed=1)


def test_only_mastery_of_skills_not_met_is_seeded() -> None:
    walk = chain().answers(("a-e0", W))
    answers = [("c-e6", C), ("c-e7", C), ("b-e6", C)]
    placement = place(walk.curriculum, walk.parameters, answers, seed=1)
    seeded = seed_states(placement, walk.states, walk.parameters)
    assert set(seeded) == {"b", "c"}
    state = seeded["b"]
    assert (state.answers, state.successes, state.run_shown) == (0, 0, False)
    assert state.mastery == placement.known["b"]


def test_a_seeded_skill_is_skipped_until_an_answer_says_more() -> None:
    walk = Walk(curriculum(NINE))
    placement = place(walk.curriculum, walk.parameters, [("s4-e6", C), ("s4-e7", C)], seed=1)
    walk.states |= seed_states(placement, walk.states, walk.parameters)
    assert set(placement.skippable) >= {"s1", "s2", "s3"}
    assert is_mastered(walk.states["s1"], POLICY)
    assert walk.next().reason.skill not in placement.skippable
    assert walk.waits(days=20_000).next().reason.skill not in placement.skippable
    walk.answers(("s1-e0", W))
    assert not is_mastered(walk.states["s1"], Policy())


def placed(what: Curriculum, *, mastery: float = 0.9) -> Walk:
    """A learner whom placement put at this mastery in every skill."""
    walk = Walk(what)
    for skill in what.order:
        walk.set_mastery(skill, mastery)
    return walk


def test_a_module_known_by_placement_alone_asks_a_case_of_each_skill_and_is_finished() -> None:
    walk = placed(curriculum({"a": [], "b": ["a"]}))
    for skill in ("a", "b"):
        choice = walk.next()
        assert (choice.reason.rule, choice.item) == (Rule.PLACED_CASE, f"{skill}-case")
        walk.answers((f"{skill}-case", C))
        assert is_mastered(walk.states[skill], POLICY)
    assert walk.next().reason.rule is Rule.FINISHED


def test_a_case_missed_reopens_its_skill_alone() -> None:
    walk = placed(curriculum({"a": [], "b": ["a"]})).answers(("a-case", W))
    choice = walk.next()
    assert (choice.reason.rule, choice.reason.skill) == (Rule.LESSON, "a")
    assert is_mastered(walk.states["b"], POLICY)


def test_a_case_waits_until_nothing_else_is_open() -> None:
    walk = placed(curriculum({"a": [], "b": [], "c": []}))
    walk.set_mastery("b", 0.3)
    assert walk.next().reason.skill == "b"
    walk.answers(*((f"b-e{n}", C) for n in range(4)))
    assert walk.next().reason.rule is Rule.PLACED_CASE


def test_a_case_comes_before_a_review_that_would_end_the_module() -> None:
    walk = placed(curriculum({"a": [], "b": []}))
    walk.states.pop("b")
    walk.masters("b").waits(days=400)
    assert walk.next(share_reviewed=1.0).reason.rule is Rule.PLACED_CASE


def test_where_there_is_no_case_nothing_is_owed() -> None:
    assert placed(curriculum({"a": []}, transfer=False)).next().reason.rule is Rule.FINISHED
    walk = placed(curriculum({"a": []}))
    assert walk.next(withdrawn=["a-case"]).reason.rule is Rule.FINISHED


def test_the_fixed_order_asks_for_the_case_too() -> None:
    walk = placed(curriculum({"a": []}))
    assert fallback(walk.curriculum, walk.states, seed=1).item == "a-case"
    walk.answers(("a-case", C))
    assert fallback(walk.curriculum, walk.states, seed=1).reason.rule is Rule.FINISHED


def test_the_case_of_a_placed_skill_is_work_left() -> None:
    walk = placed(curriculum({"a": []}))
    case = walk.curriculum.item("a-case")
    assert remaining_minutes(walk.curriculum, walk.states, walk.parameters, POLICY) == case.minutes
    walk.answers(("a-case", C))
    assert remaining_minutes(walk.curriculum, walk.states, walk.parameters, POLICY) == 0.0


@pytest.mark.parametrize("hints", [1, 2])
def test_one_answer_that_is_no_case_passed_masters_nothing(hints: int) -> None:
    walk = placed(curriculum({"a": []})).answers(("a-e0", C, hints))
    assert not is_mastered(walk.states["a"], POLICY)
