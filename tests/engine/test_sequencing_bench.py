"""The sequencing bench: small runs give whole figures, and a picture that can be read."""

from xml.etree import ElementTree as ET

import pytest

from engine.simulate.figures import CELL
from tests.bench.front import draw
from tests.bench.sequencing import main, simulate


@pytest.fixture(scope="module")
def figures() -> dict[str, object]:
    cells = simulate(["B"], ["cairn", "random"], learners=8, seed=1, processes=1)
    return {
        "learners": 8,
        "worlds": {"B": ""},
        "cells": cells,
        "mean": {policy: by_world["B"] for policy, by_world in cells.items()},
    }


def test_every_cell_has_every_figure(figures: dict[str, dict[str, dict[str, object]]]) -> None:
    for by_world in figures["cells"].values():
        assert set(by_world["B"]) == set(CELL)  # type: ignore[call-overload]


def test_two_processes_measure_the_same_as_one() -> None:
    alone = simulate(["B"], ["cairn"], learners=60, seed=1, processes=1)
    assert simulate(["B"], ["cairn"], learners=60, seed=1, processes=2) == alone


def test_the_picture_names_every_policy(figures: dict[str, object]) -> None:
    picture = ET.fromstring(draw(figures))
    words = {text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Cairn", "By chance", "truly known", "minutes"} <= words


def test_an_unknown_world_is_refused_with_the_names_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["sequencing", "--worlds", "Z"])
    with pytest.raises(SystemExit):
        main()
    assert "there are B, C" in capsys.readouterr().err
