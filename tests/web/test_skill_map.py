"""The picture of the skills: nothing overlaps, and what builds on a skill is below it."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.web.pictures.skill_map import MapSkill, SkillMap, draw_skill_map


@st.composite
def curricula(draw: st.DrawFn) -> list[MapSkill]:
    count = draw(st.integers(1, 12))
    skills: list[MapSkill] = []
    for number in range(count):
        earlier = [skill.slug for skill in skills]
        before = (
            draw(st.lists(st.sampled_from(earlier), unique=True, max_size=3)) if earlier else []
        )
        title = draw(st.text(alphabet="abc ", min_size=1, max_size=60))
        skills.append(MapSkill(f"s{number}", title.strip() or "a", tuple(before), "new"))
    return skills


@given(curricula())
def test_no_two_skills_overlap(skills: list[MapSkill]) -> None:
    for one, other in combinations(draw_skill_map(skills).nodes, 2):
        apart_across = one.x + one.width <= other.x or other.x + other.width <= one.x
        apart_down = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert apart_across or apart_down


@given(curricula())
def test_a_skill_is_below_all_it_builds_on(skills: list[MapSkill]) -> None:
    nodes = {node.slug: node for node in draw_skill_map(skills).nodes}
    for skill in skills:
        for before in skill.prerequisites:
            assert nodes[before].y + nodes[before].height < nodes[skill.slug].y


@given(curricula())
def test_the_picture_holds_every_skill_whole(skills: list[MapSkill]) -> None:
    drawing = draw_skill_map(skills)
    assert {node.slug for node in drawing.nodes} == {skill.slug for skill in skills}
    assert all(node.x >= 0 and node.x + node.width <= drawing.width for node in drawing.nodes)
    assert all(node.y >= 0 and node.y + node.height <= drawing.height for node in drawing.nodes)


@given(curricula())
def test_there_is_one_arrow_for_each_prerequisite(skills: list[MapSkill]) -> None:
    assert len(draw_skill_map(skills).edges) == sum(len(skill.prerequisites) for skill in skills)


def test_no_skills_make_an_empty_picture() -> None:
    assert draw_skill_map([]).nodes == ()


def test_titles_are_broken_evenly() -> None:
    lines = _lines(draw_skill_map([MapSkill("a", "Tell what AI is and is not", (), "new")]))
    assert lines == ["Tell what AI", "is and is not"]


def test_a_prerequisite_of_another_module_is_left_out() -> None:
    drawing = draw_skill_map([MapSkill("a", "A", ("elsewhere",), "new")])
    assert drawing.edges == ()


def _lines(drawing: SkillMap) -> list[str]:
    return [line.text for node in drawing.nodes for line in node.lines]
