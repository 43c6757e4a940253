"""What has been measured of the engine: the file that `make bench` writes, read for people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

from app.services.oversight.bars import SMALL_CLASS_GAP, Bar, derived, sequencing_bars
from app.services.oversight.published import PUBLISHED, Published

FIGURES = Path(__file__).parent.parent.parent / "figures.json"
OURS = "cairn"
COMMAND = "python -m tests.bench.{} --json"
SIMULATED = "simulated_tries"

LOGS = {
    "assistments2009": "ASSISTments 2009",
    "assistments2015": "ASSISTments 2015",
    "statics2011": "Statics 2011",
    "algebra2005": "Algebra 2005",
    "glops": "ASSISTments GLOP",
}


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well predictions separate right from wrong answers on one public log.

    ours: with a learner's full history; restarted: forgetting them after 200 answers;
    without_copies: without learners who are in the log twice.
    small_class: after 20 learners.  gain, small_class_gain: what the hidden state adds.
    None where it is not measured yet, or where there is nothing to measure.
    """

    log: str
    ours: float
    restarted: float | None
    without_copies: float | None
    pybkt: float
    calibration_error: float
    small_class: float
    gain: float | None
    small_class_gain: float | None
    published: tuple[Published, ...]

    @property
    def small_class_gap(self) -> float:
        """How far 20 learners are below the full fit."""
        return self.ours - self.small_class

    @property
    def small_class_met(self) -> bool:
        """Whether that is within its bar."""
        return self.small_class_gap <= SMALL_CLASS_GAP


@dataclass(frozen=True, slots=True)
class Tries:
    """Accuracy on the simulated log of every attempt: all of them, and first ones alone."""

    ours: float
    ours_first: float
    pybkt: float
    pybkt_first: float


@dataclass(frozen=True, slots=True)
class Sequenced:
    """What a way of choosing reached in the simulated worlds, on average and in its worst.

    about: its own sentence.  slow_gap: None where no world had slow learners.
    """

    name: str
    about: str
    is_ours: bool
    known: float
    minutes: float
    worst: float
    slow_gap: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything the page says in figures; empty where a bench has not been run.

    accuracy_command, sequencing_command: what measures it, or did.
    bars: for choosing; also those not measured yet.  times_oracle: minutes beside the oracle's.
    """

    accuracy: tuple[Accuracy, ...]
    accuracy_command: str
    tries: Tries | None
    sequencing: tuple[Sequenced, ...]
    sequencing_command: str
    bars: tuple[Bar, ...]
    times_oracle: float | None
    pilot_times_oracle: float
    learners: int
    worlds: Mapping[str, str]


@cache
def read(path: Path = FIGURES) -> Measured:
    """The figures as they were when this process first asked."""
    kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    accuracy, sequencing = kept.get("accuracy", {}), kept.get("sequencing", {})
    figures = sequencing.get("figures", {})
    against = derived(figures)
    return Measured(
        accuracy=tuple(_accuracy(accuracy.get("figures", {}))),
        accuracy_command=accuracy.get("command", COMMAND.format("accuracy")),
        tries=_tries(accuracy.get("figures", {})),
        sequencing=tuple(_sequencing(figures)),
        sequencing_command=sequencing.get("command", COMMAND.format("sequencing")),
        bars=sequencing_bars(figures),
        times_oracle=against.get("times_oracle"),
        pilot_times_oracle=against["pilot_times_oracle"],
        learners=figures.get("learners", 0),
        worlds=figures.get("worlds", {}),
    )


def _accuracy(figures: Mapping[str, Any]) -> list[Accuracy]:
    return [
        Accuracy(
            log=name,
            ours=figures[f"{log}_auc"],
            restarted=figures.get(f"{log}_restarted_auc"),
            without_copies=figures.get(f"{log}_without_copies_auc"),
            pybkt=figures[f"{log}_pybkt_auc"],
            calibration_error=figures[f"{log}_calibration_error"],
            small_class=figures[f"{log}_small_class_auc"],
            gain=figures.get(f"{log}_hidden_state_gain"),
            small_class_gain=figures.get(f"{log}_hidden_state_gain_small_class"),
            published=PUBLISHED[log],
        )
        for log, name in LOGS.items()
        if f"{log}_auc" in figures
    ]


def _tries(figures: Mapping[str, Any]) -> Tries | None:
    name = f"{SIMULATED}_{{}}".format
    if name("first_auc") not in figures or name("pybkt_first_auc") not in figures:
        return None
    return Tries(
        ours=figures[name("auc")],
        ours_first=figures[name("first_auc")],
        pybkt=figures[name("pybkt_auc")],
        pybkt_first=figures[name("pybkt_first_auc")],
    )


def _sequencing(figures: Mapping[str, Any]) -> list[Sequenced]:
    about: Mapping[str, str] = figures.get("policies", {})
    found = [
        Sequenced(
            name=policy,
            about=about.get(policy, ""),
            is_ours=policy == OURS,
            known=mean(cell["known"] for cell in worlds.values()),
            minutes=mean(cell["minutes"] for cell in worlds.values()),
            worst=min(cell["known"] for cell in worlds.values()),
            slow_gap=_mean_of([cell["slow_gap"] for cell in worlds.values()]),
        )
        for policy, worlds in figures.get("cells", {}).items()
    ]
    return sorted(found, key=lambda it: it.minutes)


def _mean_of(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return mean(known) if known else None
