"""Charts show what they were given, in range."""

import pytest

from app.web.pictures.drawings import BOTTOM, LEFT, RIGHT, TOP, Bar, Point, draw_bars, draw_line


def test_a_band_reaches_from_its_start_to_its_end() -> None:
    bar = draw_bars([Bar("Housing", "20 to 30%", 0.3, 0.2)]).bars[0]
    assert bar.start == 0.2
    assert bar.length == pytest.approx(0.1)


def test_a_suppressed_figure_draws_nothing() -> None:
    drawing = draw_bars([Bar("Registry", "Not enough people", None)])
    assert not drawing.bars[0].known
    assert drawing.bars[0].length == 0
    assert drawing.rows == (("Registry", "Not enough people"),)


def test_certainty_is_at_the_top_and_ignorance_at_the_bottom() -> None:
    points = [Point(0, 0, "1", "0.00"), Point(1, 1, "2", "1.00")]
    first, last = draw_line(points, y_ticks=[]).points
    assert (first.x, first.y, last.x, last.y) == (LEFT, BOTTOM, RIGHT, TOP)


def test_no_answers_draw_no_line() -> None:
    drawing = draw_line([], y_ticks=[(0, "Not known")])
    assert (drawing.path, drawing.x_ticks) == ("", ())


def test_a_single_answer_is_named_once() -> None:
    assert len(draw_line([Point(0, 0.5, "1", "0.50")], y_ticks=[]).x_ticks) == 1


def test_the_words_of_the_goal_hang_below_it_where_a_lone_point_begins() -> None:
    goal = draw_line([Point(0, 0, "1", "0.00")], y_ticks=[], goal=(0.9, "mastered")).goal
    assert goal is not None
    assert goal.label_y > goal.y
    assert LEFT <= goal.label_x < (LEFT + RIGHT) / 2


def test_the_words_of_the_goal_stand_where_the_line_is_far_from_them() -> None:
    near_it, away = Point(0, 0.88, "1", "0.88"), Point(1, 0.3, "2", "0.30")
    goal = draw_line([near_it, away], y_ticks=[], goal=(0.9, "mastered")).goal
    assert goal is not None
    assert (goal.anchor, goal.label_x) == ("end", RIGHT - 8)


def test_long_labels_stay_in_the_table() -> None:
    points = [Point(0, 0, "23 November, 06:44", "0.00"), Point(1, 1, "23 November, 06:50", "1.00")]
    drawing = draw_line(points, y_ticks=[], ends=("first", "latest"))
    assert [tick.text for tick in drawing.x_ticks] == ["first", "latest"]
    assert [row[0] for row in drawing.rows] == ["23 November, 06:44", "23 November, 06:50"]
