"""In a language that runs from right to left, what is drawn and folded stays readable."""

import pytest

from tests.e2e.agency import LivedIn
from tests.e2e.axe import find_overflow
from tests.e2e.conftest import Visits

pytestmark = pytest.mark.browser
OUTSIDE = """chart => { const frame = chart.getBoundingClientRect();
  return [...chart.querySelectorAll('text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < frame.left || box.right > frame.right;
  }).map(text => text.textContent); }"""
ON_THE_AXIS = """chart => { const axis = chart.querySelector('.chart-grid').getBoundingClientRect();
  return [...chart.querySelectorAll('.chart-grid + .chart-tick')]
    .filter(text => text.getBoundingClientRect().right > axis.left)
    .map(text => text.textContent); }"""


def test_the_words_of_a_chart_stand_beside_it_and_whole(
    home_visits: Visits, lived: LivedIn
) -> None:
    page = home_visits.page(lived.people["learner"])
    page.set_extra_http_headers({"Accept-Language": "ar"})
    page.goto(f"/learn/record/skills/{lived.ids['skill_id'][0]}")
    assert page.locator("html").get_attribute("dir") == "rtl"
    chart = page.locator("svg.chart")
    assert chart.evaluate(OUTSIDE) == []
    assert chart.evaluate(ON_THE_AXIS) == []
    assert find_overflow(page) == []
