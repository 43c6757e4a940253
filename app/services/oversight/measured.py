"""What has been measured of the engine: the file that `make bench` writes, read for people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

FIGURES = Path(__file__).parent.parent.parent / "figures.json"
OURS = "cairn"
COMMAND = "python -m tests.bench.{} --json"


@dataclass(frozen=True, slots=True)
class Published:
    """An accuracy others report for their model, where we measure ours too.

    source: who measured it; empty where it was reported with leaking rows removed.
    """

    model: str
    auc: str
    source: str = ""


# Theirs, not ours: quoted as published, each with its own splits.
_2020 = "Ghosh et al. 2020"
PUBLISHED: Mapping[str, tuple[Published, ...]] = {
    "assistments2009": (
        Published("DKT", "0.75\N{EN DASH}0.76"),
        Published("AKT", "0.747"),
        Published("simpleKT", "0.768"),
        Published("stableKT", "0.777"),
    ),
    "assistments2015": (Published("DKT", "0.731", _2020),),
    "statics2011": (Published("DKT", "0.823", _2020),),
    "algebra2005": (),
}
LOGS = {
    "assistments2009": "ASSISTments 2009",
    "assistments2015": "ASSISTments 2015",
    "statics2011": "Statics 2011",
    "algebra2005": "Algebra 2005",
}


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well predictions separate right from wrong answers on one public log."""

    log: str
    ours: float
    pybkt: float
    calibration_error: float
    small_class: float
    published: tuple[Published, ...]


@dataclass(frozen=True, slots=True)
class Sequenced:
    """What a way of choosing reached in the simulated worlds, on average and in its worst."""

    name: str
    is_ours: bool
    known: float
    minutes: float
    worst: float
    slow_gap: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything the page says in figures; empty where a bench has not been run.

    accuracy_command, sequencing_command: what measures it, or did.
    """

    accuracy: tuple[Accuracy, ...]
    accuracy_command: str
    sequencing: tuple[Sequenced, ...]
    sequencing_command: str
    learners: int
    worlds: Mapping[str, str]


@cache
def read(path: Path = FIGURES) -> Measured:
    """The figures as they were when this process first asked."""
    kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    sequencing = kept.get("sequencing", {"figures": {"cells": {}, "worlds": {}}})
    return Measured(
        accuracy=tuple(_accuracy(kept)),
        accuracy_command=kept.get("accuracy", {}).get("command", COMMAND.format("accuracy")),
        sequencing=tuple(_sequencing(sequencing["figures"])),
        sequencing_command=sequencing.get("command", COMMAND.format("sequencing")),
        learners=sequencing["figures"].get("learners", 0),
        worlds=sequencing["figures"]["worlds"],
    )


def _accuracy(kept: Mapping[str, Any]) -> list[Accuracy]:
    figures = kept.get("accuracy", {}).get("figures", {})
    return [
        Accuracy(
            log=name,
            ours=figures[f"{log}_auc"],
            pybkt=figures[f"{log}_pybkt_auc"],
            calibration_error=figures[f"{log}_calibration_error"],
            small_class=figures[f"{log}_small_class_auc"],
            published=PUBLISHED[log],
        )
        for log, name in LOGS.items()
        if f"{log}_auc" in figures
    ]


def _sequencing(figures: Mapping[str, Any]) -> list[Sequenced]:
    found = [
        Sequenced(
            name=policy,
            is_ours=policy == OURS,
            known=mean(cell["known"] for cell in worlds.values()),
            minutes=mean(cell["minutes"] for cell in worlds.values()),
            worst=min(cell["known"] for cell in worlds.values()),
            slow_gap=mean(cell["slow_gap"] for cell in worlds.values()),
        )
        for policy, worlds in figures["cells"].items()
    ]
    return sorted(found, key=lambda it: it.minutes)
