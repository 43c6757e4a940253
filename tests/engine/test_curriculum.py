import pytest

from engine import Curriculum, Item, ItemKind, Skill
from tests.engine.worlds import NINE, curriculum, exercise, lesson, shelf


def test_look_ups_find_what_belongs_to_a_skill() -> None:
    both = exercise("both", "a", "b")
    found = curriculum({"a": [], "b": ["a"]}, guesses=(0.25,), extra=[both])
    assert [item.id for item in found.exercises("b")] == ["b-e0", "both"]
    assert [item.id for item in found.lessons("b")] == ["b-worked", "b-explained"]
    case = found.transfer("b")
    assert case is not None
    assert case.id == "b-case"
    assert found.item("both") is both
    assert found.skill("b").prerequisites == ("a",)


def test_a_skill_may_have_no_transfer_case() -> None:
    assert curriculum({"a": []}, transfer=False).transfer("a") is None


def test_downstream_reaches_through_other_skills() -> None:
    nine = curriculum(NINE)
    assert nine.downstream("s1") == {"s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9"}
    assert nine.downstream("s5") == {"s6", "s8", "s9"}
    assert nine.downstream("s9") == frozenset()


def test_prerequisites_come_first_in_the_order() -> None:
    backwards = Curriculum(
        skills=(Skill("c", ("b",)), Skill("b", ("a",)), Skill("a")), items=tuple(shelf("a"))
    )
    assert backwards.order == ("a", "b", "c")


def test_a_cycle_is_named_with_its_path() -> None:
    with pytest.raises(
        ValueError,
        match=r"cycle of prerequisites: (a -> b -> c -> a|b -> c -> a -> b|c -> a -> b -> c)$",
    ):
        Curriculum(skills=(Skill("a", ("c",)), Skill("b", ("a",)), Skill("c", ("b",))), items=())


def test_everything_wrong_with_the_ids_is_said_at_once() -> None:
    skills = (Skill("a"), Skill("a"), Skill("b", ("x",)))
    items = (exercise("e", "a"), lesson("e", "y"))
    with pytest.raises(ValueError, match="duplicate skill a") as caught:
        Curriculum(skills=skills, items=items)
    for problem in ("skill b needs unknown skill x", "duplicate item e", "unknown skill y"):
        assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "skills", "guess", "hints", "minutes", "message"),
    [
        (ItemKind.EXERCISE, (), 0.2, 0, 1.0, "skills must be at least one"),
        (ItemKind.EXERCISE, ("a", "a"), 0.2, 0, 1.0, "skills must be at least one and distinct"),
        (ItemKind.EXERCISE, ("a",), 1.0, 0, 1.0, "guess must be in"),
        (ItemKind.EXERCISE, ("a",), 0.2, -1, 1.0, "hints must be 0 or more, got -1"),
        (ItemKind.EXERCISE, ("a",), 0.2, 0, 0.0, "minutes must be above 0, got 0.0"),
        (ItemKind.LESSON, ("a",), None, 0, 1.0, "a transfer case must be an exercise"),
    ],
)
def test_an_impossible_item_is_refused(
    *,
    kind: ItemKind,
    skills: tuple[str, ...],
    guess: float | None,
    hints: int,
    minutes: float,
    message: str,
) -> None:
    with pytest.raises(ValueError, match=message):
        Item("e", kind, "x", skills, guess, hints, minutes, transfer=kind is ItemKind.LESSON)
