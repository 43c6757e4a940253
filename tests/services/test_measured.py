"""The page about the engine says what the benches wrote, or how to measure what was not."""

import json
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask

from app.config import REPOSITORY
from app.services.oversight import measured
from app.services.oversight.bars import sequencing_bars
from app.services.oversight.published import PUBLISHED, SAME_FOLDS, Published
from app.web.info import POLICIES
from engine.simulate.baselines import Random
from engine.simulate.figures import figures_of, means
from engine.simulate.mismatch import Mismatch
from engine.simulate.registry import METHODS, WORLDS
from tests.bench.__main__ import benches, command
from tests.bench.front import ROW, draw
from tests.bench.readme import PICTURES, tables
from tests.bench.sequencing import run


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
    assert {path.read_text() for path in PICTURES} == {picture}
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


def shown(app: Flask, figures: dict[str, object], path: Path, patch: pytest.MonkeyPatch) -> str:
    """The page about the engine where these are the figures."""
    path.write_text(json.dumps(figures))
    found = measured.read(path)
    patch.setattr(measured, "read", lambda: found)
    answer = app.test_client().get("/engine")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


class Moon(Random):
    """A way of choosing that somebody adds."""

    name = "moon"
    about = "By the phase of the moon."


class Night(Mismatch):
    """A world that somebody adds."""

    name = "Q"
    about = "Everybody learns at night."


def test_a_way_and_a_world_that_somebody_adds_go_by_their_own_sentence(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(METHODS, Moon.name, Moon())
    monkeypatch.setitem(WORLDS, Night.name, Night())
    cells = {
        way: {Night.name: figures_of(run((Night.name, way, 1, 0, 2)), fixed_items=90)}
        for way in (Moon.name, "cairn")
    }
    figures = {
        "learners": 2,
        "worlds": {Night.name: Night.about},
        "policies": {way: METHODS[way].about for way in cells},
        "cells": cells,
        "mean": {way: means(by_world.values()) for way, by_world in cells.items()},
    }
    assert ">moon<" in draw(figures)
    kept: dict[str, object] = {"sequencing": {"figures": figures, "command": "it"}}
    page = shown(app, kept, tmp_path / "figures.json", monkeypatch)
    assert Moon.about in page
    assert "The functions of the product itself" in page


def test_figures_that_nobody_was_there_to_measure_leave_a_dash(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = {"known": 0.5, "minutes": 10.0, "slow_gap": None}
    figures: dict[str, object] = {"sequencing": {"figures": {"cells": {"cairn": {"Q": cell}}}}}
    page = shown(app, figures, tmp_path / "figures.json", monkeypatch)
    assert 'data-label="Slow learners behind by">\N{EN DASH}</td>' in page


def test_a_way_without_any_words_goes_by_its_name(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = {"known": 0.5, "minutes": 10.0, "slow_gap": 0.1}
    figures: dict[str, object] = {"sequencing": {"figures": {"cells": {"moon": {"Q": cell}}}}}
    assert "moon" in shown(app, figures, tmp_path / "figures.json", monkeypatch)


REACHED = {
    "cairn_known": 0.9,
    "cairn_minutes": 100.0,
    "cairn_slow_gap": 0.05,
    "cairn_knower_share": 0.3,
    "cairn_dominated": 0,
    "decision_p95_us": 400.0,
    "bar_minutes": 110.0,
    "oracle_known": 0.9,
    "oracle_minutes": 60.0,
}


def met(figures: dict[str, float]) -> dict[str, bool | None]:
    return {bar.name: bar.met for bar in sequencing_bars(figures)}


def test_every_bar_is_met_by_figures_that_reach_it() -> None:
    assert set(met(REACHED).values()) == {True}


@pytest.mark.parametrize(
    ("bar", "figure", "value"),
    [
        ("mastery", "cairn_known", 0.879),
        ("mastery", "cairn_minutes", 110.1),
        ("slow-gap", "cairn_slow_gap", 0.101),
        ("knower", "cairn_knower_share", 0.41),
        ("dominated", "cairn_dominated", 1),
        ("decision", "decision_p95_us", 1_001.0),
        ("oracle", "oracle_known", 0.99),
        ("oracle", "oracle_minutes", -170.0),
    ],
)
def test_a_bar_that_is_missed_shows_as_missed(bar: str, figure: str, value: float) -> None:
    found = met(REACHED | {figure: value})
    assert [name for name, is_met in found.items() if not is_met] == [bar]


def test_a_bar_without_its_figures_is_not_measured_yet() -> None:
    assert set(met({}).values()) == {None}
    assert met({key: value for key, value in REACHED.items() if key != "bar_minutes"}) == (
        met(REACHED) | {"mastery": None}
    )


def test_misses_stand_on_the_page_and_in_the_readme(app: Flask) -> None:
    found = measured.read()
    missed = [bar for bar in found.bars if bar.met is False]
    missed_classes = [row for row in found.accuracy if not row.small_class_met]
    page = app.test_client().get("/engine").get_data(as_text=True)
    assert page.count("Not met</strong>") == len(missed) + len(missed_classes)
    readme = tables(json.loads(measured.FIGURES.read_text()))
    rows = [line for line in readme.splitlines() if "bench.sequencing" in line]
    assert len([row for row in rows if "**no**" in row]) == len(missed)
    classes = [line for line in readme.splitlines() if "only 20 learners on" in line]
    assert len([row for row in classes if "**no**" in row]) == len(missed_classes)


def test_the_readme_has_the_figures_that_were_measured() -> None:
    readme = (REPOSITORY / "README.md").read_text()
    assert tables(json.loads(measured.FIGURES.read_text())) in readme


def test_the_readme_names_what_was_not_measured_yet() -> None:
    told = tables({})
    assert "| AUC on Statics 2011, learners never seen | not measured yet |" in told
    assert "| truly known" not in told


def test_every_published_figure_says_how_it_was_taken_and_by_whom() -> None:
    assert set(PUBLISHED) == set(measured.LOGS)
    with pytest.raises(ValueError, match="source"):
        Published("DKT", 0.75, SAME_FOLDS, "")
    with pytest.raises(ValueError, match="AUC"):
        Published("DKT", 75.0, SAME_FOLDS, "somebody 2020, somewhere")
