"""The page about the engine says what the benches wrote, and nothing where nothing was measured."""

import json
from pathlib import Path

import pytest

from app.services.oversight import measured
from app.web.info import POLICIES


def test_what_was_not_measured_is_not_said(tmp_path: Path) -> None:
    found = measured.read(tmp_path / "none.json")
    assert not found.accuracy
    assert not found.sequencing


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
