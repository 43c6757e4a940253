"""How one is drawn among the good candidates, and what of it is kept."""

from functools import partial

from engine import Item, Recommendation
from engine.choice import unit
from tests.engine.worlds import R, W, Walk, chain, curriculum


def test_a_better_prediction_chooses_another_item() -> None:
    walk = chain().answers(("a-e0", W), ("a-explained", R), ("a-worked", R))
    walk.set_mastery("a", 0.2)
    for wanted in ("a-e3", "a-e7"):
        better = {item.id: 0.75 * (item.id == wanted) for item in walk.curriculum.items}
        choice = walk.next(expected=partial(predicted_by, better))
        assert choice.candidates[0].item == wanted


def predicted_by(better: dict[str, float], item: Item) -> float:
    return better[item.id]


def test_the_seed_draws_among_good_exercises() -> None:
    assert len({chain().next(seed=seed).item for seed in range(40)}) >= 4


def test_the_draw_can_be_made_again_from_the_record() -> None:
    for seed in range(1_000):
        choice = Recommendation.from_record(chain().next(seed=seed).to_record())
        point = unit(choice.seed, 1)
        for candidate in choice.candidates:
            point -= candidate.probability
            if point < 0.0:
                break
        assert candidate.item == choice.item


def test_the_runner_up_is_the_best_not_chosen() -> None:
    for seed in range(20):
        choice = chain().next(seed=seed)
        others = [it.item for it in choice.candidates if it.item != choice.item]
        assert choice.runner_up == others[0]
        assert choice.item in {it.item for it in choice.candidates}


def test_only_the_best_candidates_are_kept_and_all_are_counted() -> None:
    walk = Walk(curriculum({"a": []}, guesses=(0.25,) * 40))
    for seed in range(30):
        choice = walk.next(seed=seed)
        assert (len(choice.candidates), choice.considered) == (12, 40)
        assert choice.item in {it.item for it in choice.candidates}
