"""Whole courses of simulated learners: they end, and those who know get time back."""

from statistics import mean

from engine import Rule
from tests.engine.worlds import NINE, POLICY, Learner, curriculum, study

WHAT = curriculum(NINE)
LEARNERS = 200


def test_every_learner_comes_to_an_end_and_knowers_much_sooner() -> None:
    served: dict[str, list[int]] = {"knower": [], "novice": [], "slow": []}
    ends: dict[str, list[Rule]] = {name: [] for name in served}
    kinds = (("knower", 0.95, 0.2), ("novice", 0.1, 0.2), ("slow", 0.1, 0.05))
    for seed in range(LEARNERS):
        name, known, learn = kinds[seed % 3]
        rule, servings, _ = study(WHAT, Learner(seed, known=known, learn=learn))
        ends[name].append(rule)
        if rule is Rule.FINISHED or name == "slow":
            served[name].append(servings)
    assert {rule for rules in ends.values() for rule in rules} <= {Rule.FINISHED, Rule.STUCK}
    assert max(max(numbers) for numbers in served.values()) <= 400
    assert mean(served["knower"]) < 0.7 * mean(served["novice"])
    assert mean(rule is Rule.FINISHED for rule in ends["knower"]) >= 0.95


def test_novices_are_hardly_ever_left_stuck() -> None:
    ends = [study(WHAT, Learner(seed, known=0.1, learn=0.2))[0] for seed in range(40)]
    assert mean(rule is Rule.STUCK for rule in ends) <= 0.05


def test_those_who_finish_know_what_they_finished() -> None:
    results = [study(WHAT, Learner(seed, known=0.1, learn=0.2)) for seed in range(40)]
    known = [share for rule, _, share in results if rule is Rule.FINISHED]
    assert mean(known) >= 0.95


def test_a_guesser_is_stopped_not_finished() -> None:
    results = [study(WHAT, Learner(seed, known=0.0, learn=0.0)) for seed in range(30)]
    assert {rule for rule, _, _ in results} == {Rule.STUCK}
    assert max(servings for _, servings, _ in results) <= 4 * POLICY.park_limit
