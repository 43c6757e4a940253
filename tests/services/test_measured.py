"""The page about the engine says what the benches wrote, or how to measure what was not."""

import json
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask

from app.services.oversight import measured
from app.web.info import POLICIES
from tests.bench.__main__ import benches, command
from tests.bench.front import ROW, draw
from tests.bench.readme import PICTURE


@pytest.fixture(params=["accuracy", "sequencing"])
def bench(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_what_was_not_measured_names_its_command(
    app: Flask, bench: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = measured.read(tmp_path / "none.json")
    assert not found.accuracy
    assert not found.sequencing
    monkeypatch.setattr(measured, "read", lambda: found)
    page = app.test_client().get("/engine").get_data(as_text=True)
    assert page.count("Not measured yet") == 2
    assert f"<code>{command(bench)}</code>" in page


def test_the_picture_is_drawn_from_the_figures_with_the_names_of_the_page() -> None:
    kept = json.loads(measured.FIGURES.read_text())["sequencing"]["figures"]
    picture = draw(kept)
    assert PICTURE.read_text() == picture
    root = ET.fromstring(picture)
    rows = sorted(
        (float(it.get("y", 0)), it.text)
        for it in root.iter("{http://www.w3.org/2000/svg}text")
        if it.get("class") == "name"
    )
    assert {name for _, name in rows} == {str(POLICIES[policy][0]) for policy in kept["mean"]}
    assert all(below - above >= ROW - 0.2 for (above, _), (below, _) in pairwise(rows))


def test_the_page_reads_what_the_benches_wrote() -> None:
    kept = json.loads(measured.FIGURES.read_text())
    found = measured.read()
    cells = kept["sequencing"]["figures"]["cells"]
    assert {row.name for row in found.sequencing} == set(cells) == set(POLICIES)
    ours = next(row for row in found.sequencing if row.is_ours)
    worlds = cells[ours.name].values()
    assert ours.known == pytest.approx(sum(cell["known"] for cell in worlds) / len(worlds))
    assert found.sequencing_command == kept["sequencing"]["command"]


def test_every_log_has_its_row_once_it_is_measured(tmp_path: Path) -> None:
    figures = {
        f"{log}_{name}": 0.75
        for log in measured.LOGS
        for name in ("auc", "pybkt_auc", "calibration_error", "small_class_auc")
    }
    path = tmp_path / "figures.json"
    path.write_text(json.dumps({"accuracy": {"figures": figures, "command": "it"}}))
    found = measured.read(path)
    assert [row.log for row in found.accuracy] == list(measured.LOGS.values())
    assert found.accuracy_command == "it"


def test_every_figure_was_printed_by_a_command_that_measures_it_again() -> None:
    kept = json.loads(measured.FIGURES.read_text())
    assert {name: bench["command"] for name, bench in kept.items()} == {
        name: command(name) for name in kept
    }
    assert set(kept) <= set(benches())
