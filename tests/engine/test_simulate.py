"""Simulated worlds: the same luck for all, honest people, and an oracle that none beats."""

from statistics import mean

import pytest

from engine import ItemKind, Outcome, Rule
from engine.simulate.chance import Dice, Draw
from engine.simulate.figures import dominated, figures_of
from engine.simulate.modules import make_curriculum, make_module
from engine.simulate.oatutor import OATutor
from engine.simulate.own import usual_plan
from engine.simulate.registry import METHODS, WORLDS
from engine.simulate.rehearsal import Kind, rehearse
from engine.simulate.study import MOST_ITEMS, Course, study

FEW = 6


def courses(world: str, method: str, *, seed: int = 1, learners: int = FEW) -> list[Course]:
    module = WORLDS[world].module()
    return [
        study(WORLDS[world], module, METHODS[method], seed=seed, learner=it)
        for it in range(learners)
    ]


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("method", METHODS)
def test_every_policy_guides_every_learner_to_an_end(world: str, method: str) -> None:
    for course in courses(world, method, learners=2):
        assert 0.0 <= course.known <= 1.0
        assert course.ended or course.items == MOST_ITEMS
        assert course.over <= course.minutes


@pytest.mark.parametrize("world", WORLDS)
def test_the_same_seed_gives_the_same_courses(world: str) -> None:
    assert courses(world, "cairn") == courses(world, "cairn")
    assert courses(world, "cairn") != courses(world, "cairn", seed=2)


def test_luck_depends_on_what_it_is_drawn_for_alone() -> None:
    dice = Dice(1, 2, make_curriculum())
    first = dice.throw(Draw.ANSWER, 3, skill="s2")
    dice.throw(Draw.LEARN, 3, skill="s2")
    assert dice.throw(Draw.ANSWER, 3, skill="s2") == first
    drawn = {dice.throw(draw, n, skill="s4") for draw in Draw for n in range(50)}
    assert len(drawn) == len(Draw) * 50
    assert 0.4 < mean(drawn) < 0.6


@pytest.mark.parametrize("world", WORLDS)
def test_the_oracle_wastes_nothing_and_needs_least(world: str) -> None:
    best, ours = courses(world, "oracle", learners=20), courses(world, "cairn", learners=20)
    assert mean(it.minutes for it in best) < mean(it.minutes for it in ours)
    assert mean(it.known for it in best) >= mean(it.known for it in ours) - 0.02
    assert all(it.over == 0.0 for it in best)


def test_about_a_quarter_learn_slowly_and_they_need_longer() -> None:
    found = courses("B", "gated-lowest", learners=80)
    slow = [it.minutes for it in found if it.slow]
    assert 0.1 < len(slow) / 80 < 0.4
    assert mean(slow) > 1.3 * mean(it.minutes for it in found if not it.slow)


def test_in_the_world_that_forgets_the_delayed_test_is_lower() -> None:
    found = courses("F", "gated-lowest", learners=20)
    assert mean(it.delayed for it in found) < mean(it.known for it in found)


def test_oatutor_moves_the_first_skill_of_an_item_only() -> None:
    module = make_module()
    dice = Dice(1, 1, module.curriculum)
    person = WORLDS["B"].meet(module, dice)
    rival = OATutor().guide(module, dice, person)
    both = module.curriculum.item("s2-7")
    assert both.skills == ("s2", "s1")
    before = dict(rival.mastery)
    rival.mastery["s2"] = rival.after("s2", both, correct=True)
    assert rival.mastery["s1"] == before["s1"]
    assert rival.mastery["s2"] > before["s2"]


def test_to_be_beaten_takes_more_mastery_in_fewer_minutes() -> None:
    ours, theirs = (figures_of(courses("B", it), 90) for it in ("cairn", "random"))
    worse = {**theirs, "known": 0.1, "minutes": 1.0}
    better = {**theirs, "known": 1.1, "minutes": 1.0}
    assert dominated({"a": {"B": ours}, "b": {"B": worse}}, "a") == []
    assert dominated({"a": {"B": ours}, "b": {"B": better}}, "a") == ["B: b"]


def test_a_rehearsal_tells_newcomers_knowers_and_the_slow_apart() -> None:
    module = make_module()
    told = rehearse(module.curriculum, usual_plan(module), learners=6, seed=4)
    minutes = {outlook.kind: outlook.minutes for outlook in told.outlooks}
    assert minutes[Kind.KNOWER] < minutes[Kind.NEWCOMER] < minutes[Kind.SLOW]
    assert [strain.skill for strain in told.strains] == list(module.curriculum.order)
    assert told == rehearse(module.curriculum, usual_plan(module), learners=6, seed=4)


def test_a_rehearsal_tells_how_far_it_is() -> None:
    module, heard = make_module(), list[float]()
    rehearse(module.curriculum, usual_plan(module), learners=2, seed=4, tell=heard.append)
    assert heard == [0.5, 1.0]


def test_a_rehearsal_finds_the_skill_that_runs_out_of_items() -> None:
    module = make_module()
    short = {"s1-0", "s1-1", "s1-2", "s1-3", "s1-4", "s1-5"}
    items = tuple(item for item in module.curriculum.items if item.id not in short)
    what = type(module.curriculum)(module.curriculum.skills, items)
    told = rehearse(what, usual_plan(module), learners=6, seed=4)
    worst = max(told.strains, key=lambda strain: strain.repeated)
    assert worst.skill == "s1"
    by_kind = {it.kind: {s.skill: s.repeated for s in it.strains} for it in told.outlooks}
    assert by_kind[Kind.SLOW]["s1"] >= by_kind[Kind.KNOWER]["s1"]
    assert worst.repeated == pytest.approx(mean(own["s1"] for own in by_kind.values()))


def test_a_rehearsal_shows_the_course_of_the_learner_in_the_middle() -> None:
    module = make_module()
    told = rehearse(module.curriculum, usual_plan(module), learners=5, seed=4)
    for outlook in told.outlooks:
        alone = outlook.course
        items = [module.curriculum.item(step.item) for step in alone.steps]
        assert alone.minutes == pytest.approx(sum(item.minutes for item in items))
        assert alone.minutes <= outlook.longest_minutes
        assert alone.end in {Rule.FINISHED, Rule.STUCK}
        assert alone.steps[0].rule is Rule.OPEN_SKILL
        for item, step in zip(items, alone.steps, strict=True):
            assert (item.kind is ItemKind.LESSON) is (step.outcome is Outcome.READ)
            assert step.skill in module.curriculum.order
    knower = next(it for it in told.outlooks if it.kind is Kind.KNOWER)
    opened = [step.skill for step in knower.course.steps if step.rule is Rule.OPEN_SKILL]
    assert sorted(opened) == sorted(module.curriculum.order)
