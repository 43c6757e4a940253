"""Write the figures into the README, between its two marks. No figure is typed by hand.

    python -m tests.bench.readme [--check]

With --check nothing is written; the exit code is 1 where the README differs from the figures.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from app.services.oversight.bars import (
    PILOT_KNOWN,
    PILOT_MINUTES,
    PILOT_ORACLE_MINUTES,
    SMALL_CLASS_GAP,
    derived,
    sequencing_bars,
)
from app.services.oversight.published import PUBLISHED
from tests.bench.__main__ import command
from tests.bench.front import draw

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
FIGURES = ROOT / "app" / "figures.json"
IN_README = ".github/sequencing.svg"
PICTURES = (ROOT / "app" / "static" / "sequencing.svg", ROOT / IN_README)
OPENS, CLOSES = "<!-- figures -->", "<!-- /figures -->"
Figures = Mapping[str, Any]
NO_BAR, NOT_MEASURED = "-", "not measured yet"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: which bench, what it says of its figures, and the bar for it.

    met: None where there is no bar.
    """

    bench: str
    what: str
    reached: str
    bar: str
    met: Callable[[Figures], bool | None]


LOGS: tuple[tuple[str, str, float | None], ...] = (
    ("assistments2009", "ASSISTments 2009, merged", 0.793),
    ("assistments2015", "ASSISTments 2015", 0.732),
    ("statics2011", "Statics 2011", 0.822),
    ("algebra2005", "Algebra 2005", 0.843),
    ("glops", "ASSISTments GLOP, 42 small problem sets", None),
)


def _accuracy(log: str, words: str, bar: float | None) -> Row:
    auc, error = f"{log}_auc", f"{log}_calibration_error"
    return Row(
        "accuracy",
        f"AUC on {words}, learners never seen",
        f"{{{auc}:.4f}}, calibration error {{{error}:.3f}}; pyBKT {{{log}_pybkt_auc:.4f}}",
        "error 0.02" if bar is None else f"{bar:.3f}; error 0.02",
        lambda f: (bar is None or f[auc] >= bar) and f[error] <= 0.02,
    )


def _small_class(log: str, words: str) -> Row:
    return Row(
        "accuracy",
        f"AUC after only 20 learners on {words}",
        f"{{{log}_small_class_auc:.4f}}, {{{log}_small_class_gap:.3f}} below all learners",
        f"{SMALL_CLASS_GAP:.2f} below",
        lambda f: f[f"{log}_small_class_gap"] <= SMALL_CLASS_GAP,
    )


def _sequencing(name: str, what: str, reached: str, bar: str) -> Row:
    """A row for one of the bars that the page about the engine shows too."""

    def met(figures: Figures) -> bool | None:
        return next(bar.met for bar in sequencing_bars(figures) if bar.name == name)

    return Row("sequencing", what, reached, bar, met)


ROWS = (
    Row(
        "load",
        "{sqlite_steady_answers_per_second:.0f} answers a second for "
        "{sqlite_steady_seconds:.0f} s on SQLite",
        "p50 {sqlite_steady_p50_ms:.0f}, p95 {sqlite_steady_p95_ms:.0f}, "
        "p99 {sqlite_steady_p99_ms:.0f}, max {sqlite_steady_max_ms:.0f} ms; "
        "{sqlite_steady_errors} errors",
        "p95 50, p99 120, max 1,000 ms; 0 errors",
        lambda f: (
            f["sqlite_steady_p95_ms"] <= 50
            and f["sqlite_steady_p99_ms"] <= 120
            and f["sqlite_steady_max_ms"] <= 1_000
            and f["sqlite_steady_errors"] == 0
        ),
    ),
    Row(
        "load",
        "300 answers a second for 10 s on SQLite",
        "p95 {sqlite_burst_p95_ms:.0f} ms; {sqlite_burst_errors} errors",
        "0 errors",
        lambda f: f["sqlite_burst_errors"] == 0,
    ),
    Row(
        "load",
        "The same rate on PostgreSQL, {postgresql_steady_seconds:.0f} s",
        "p95 {postgresql_steady_p95_ms:.0f} ms; {postgresql_steady_errors} errors",
        "p95 60 ms",
        lambda f: f["postgresql_steady_p95_ms"] <= 60 and f["postgresql_steady_errors"] == 0,
    ),
    Row(
        "load",
        "Answers acknowledged but not stored; differences on replay",
        "{sqlite_log_lost} of {sqlite_log_acknowledged:,}; {sqlite_log_replay_differences}",
        "0; 0",
        lambda f: f["sqlite_log_lost"] == 0 and f["sqlite_log_replay_differences"] == 0,
    ),
    Row(
        "load",
        "Processor time of the server for one answer, whole request",
        "{sqlite_steady_cpu_ms_per_answer:.1f} ms",
        "5 ms",
        lambda f: f["sqlite_steady_cpu_ms_per_answer"] <= 5,
    ),
    Row(
        "load",
        "Memory of the server after that",
        "{sqlite_steady_memory_mb:.0f} MB",
        "110 MB",
        lambda f: f["sqlite_steady_memory_mb"] <= 110,
    ),
    Row(
        "answer",
        "The same within one process: service alone; whole request; next page",
        "{service_cpu_ms:.1f}; {request_cpu_ms:.1f}; {next_step_cpu_ms:.1f} ms",
        "-; 5 ms; -",
        lambda f: f["request_cpu_ms"] <= 5,
    ),
    Row(
        "answer",
        "SQL statements for one answer",
        "{request_statements:.1f}",
        "12",
        lambda f: f["request_statements"] <= 12,
    ),
    Row(
        "replay",
        "{responses:,} responses replayed on {processes} cores",
        "{seconds:.1f} s; {differences} differences",
        "10 s; 0",
        lambda f: f["seconds"] <= 10 and f["differences"] == 0,
    ),
    Row(
        "pages",
        "A trainer's pages over {responses:,} responses: the slowest of seven, p95",
        "{trainer_slowest_p95_ms:.0f} ms; counted beforehand in {seconds_to_count:.0f} s",
        "300 ms",
        lambda f: f["trainer_slowest_p95_ms"] <= 300,
    ),
    Row(
        "pages",
        "There, the slowest page of a learner; HR; oversight; an administrator, p95",
        "{learner_slowest_p95_ms:.0f}; {hr_officer_slowest_p95_ms:.0f}; "
        "{oversight_officer_slowest_p95_ms:.0f}; {administrator_slowest_p95_ms:.0f} ms",
        "300 ms",
        lambda f: (
            max(
                f[f"{role}_slowest_p95_ms"]
                for role in ("learner", "hr_officer", "oversight_officer", "administrator")
            )
            <= 300
        ),
    ),
    Row(
        "start",
        "From starting the process to the first page",
        "{seconds_to_first_page:.2f} s",
        "1.5 s",
        lambda f: f["seconds_to_first_page"] <= 1.5,
    ),
    Row(
        "start",
        "Memory after 100 pages",
        "{memory_mb_after_100_pages:.0f} MB",
        "110 MB",
        lambda f: f["memory_mb_after_100_pages"] <= 110,
    ),
    Row(
        "start",
        "First page with all it needs, compressed",
        "{first_page_kb:.0f} kB",
        "60 kB",
        lambda f: f["first_page_kb"] <= 60,
    ),
    Row(
        "engine",
        "One engine step among {items:,} items of {skills} skills, p95",
        "{step_p95_us:.0f} µs",
        "1,000 µs",
        lambda f: f["step_p95_us"] <= 1_000,
    ),
    *(_accuracy(log, words, bar) for log, words, bar in LOGS),
    *(_small_class(log, words) for log, words, _ in LOGS),
    Row(
        "accuracy",
        "AUC on a simulated log of every attempt: all of them; first attempts alone",
        "{simulated_tries_auc:.4f}; {simulated_tries_first_auc:.4f} (pyBKT "
        "{simulated_tries_pybkt_auc:.4f}; {simulated_tries_pybkt_first_auc:.4f})",
        NO_BAR,
        lambda _: None,
    ),
    _sequencing(
        "mastery",
        "Simulated courses, mean of the worlds: truly known at the stop, and the minutes to it",
        "{cairn_known:.3f} in {cairn_minutes:.0f} minutes; OATutor + gate {bar_known:.3f} in "
        "{bar_minutes:.0f}; worst world {cairn_worst_known:.2f}",
        "0.88, in no more minutes than OATutor + gate",
    ),
    _sequencing(
        "slow-gap",
        "There, slow learners behind the others in what is truly known",
        "{cairn_slow_gap:.3f}",
        "0.10",
    ),
    _sequencing(
        "knower",
        "There, items for those who knew it all, as a share of the fixed sequence",
        "{cairn_knower_share:.2f}",
        "0.40",
    ),
    _sequencing(
        "dominated",
        "There, cases of another way teaching more in less time, in any one world",
        "{cairn_dominated}",
        "0",
    ),
    _sequencing(
        "decision",
        "There, one decision among 1,000 items of 200 skills, p95",
        "{decision_p95_us:.0f} µs",
        "1,000 µs",
    ),
    _sequencing(
        "oracle",
        f"There, gone of the way from the first rules ({PILOT_KNOWN} in {PILOT_MINUTES:.0f} "
        "minutes, in slower worlds) to the oracle",
        "{known_closed:.0%} in what is known, {minutes_closed:.0%} in minutes (the oracle "
        "{oracle_known:.3f} in {oracle_minutes:.0f}; Cairn needs {times_oracle:.1f} times its "
        "minutes, the first rules needed {pilot_times_oracle:.1f} times those of theirs)",
        "50% of both",
    ),
    Row(
        "speed",
        "Plain BKT fitted to {rows:,} answers, beside pyBKT's C++ build on the same rows",
        "{bkt_seconds:.2f} s against {cpp_1_seconds:.1f} s ({cpp_1_em_seconds:.2f} s of it EM): "
        "{cpp_1_times_slower:.0f} times faster, log-likelihood {cpp_1_likelihood_behind:+.0f}",
        "20 times, at no lower likelihood",
        lambda f: f["cpp_1_times_slower"] >= 20 and f["cpp_1_likelihood_behind"] >= 0,
    ),
    Row(
        "speed",
        "The whole model fitted to {model_answers:,} answers, processor time of two threads",
        "{model_processor_seconds:.1f} s (by the clock {model_seconds:.1f} s)",
        "5 s",
        lambda f: f["model_processor_seconds"] <= 5,
    ),
    Row(
        "speed",
        "One online update of the fitted model, learning alone, beside pyBKT's Roster",
        "{model_update_us:.1f} µs against {cpp_1_roster_update_us:.0f} µs",
        "2 µs",
        lambda f: f["model_update_us"] <= 2,
    ),
    Row(
        "speed",
        "Predicting and learning: the fitted model alone; what a web worker runs for an answer "
        "(engine.accountable.fold): plain BKT, with running terms, with fitted context terms too",
        "{model_step_us:.1f}; {fold_bkt_us:.1f}, {fold_plain_us:.1f}, {fold_context_us:.1f} µs",
        NO_BAR,
        lambda _: None,
    ),
    Row(
        "growth",
        "The whole model fitted part by part: {answers_smallest:,} to {answers_largest:,} answers",
        "{seconds_smallest:.1f} to {seconds_largest:.0f} s; "
        "{peak_mb_smallest:.0f} to {peak_mb_largest:.0f} MB",
        "memory does not grow with the log",
        lambda f: f["peak_mb_largest"] <= 2 * f["peak_mb_smallest"],
    ),
)


def tables(kept: Mapping[str, Figures]) -> str:
    """The figures that were measured, as Markdown, and what was not measured yet by name."""
    kept = {name: {**bench, "figures": _with_derived(name, bench)} for name, bench in kept.items()}
    lines = ["", "| what | reached | bar | met | measured with |", "|---|---|---|---|---|"]
    lines += [_line(row, kept) for row in ROWS if _can_be_named(row, kept)]
    lines += ["", *sorted(set(_machines(kept))), ""]
    if "accuracy" in kept:
        lines += _beside_published(kept["accuracy"]["figures"])
    if "sequencing" in kept:
        lines += _picture(kept["sequencing"]["figures"])
    return "\n".join(lines)


def _with_derived(name: str, bench: Figures) -> Figures:
    figures: dict[str, Any] = dict(bench["figures"])
    if name == "sequencing":
        figures |= derived(figures)
    for log, _, _ in LOGS:
        if name == "accuracy" and f"{log}_auc" in figures:
            gap = figures[f"{log}_auc"] - figures[f"{log}_small_class_auc"]
            figures[f"{log}_small_class_gap"] = gap
    return figures


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _figures(row: Row, kept: Mapping[str, Figures]) -> Figures:
    found: Figures = kept[row.bench]["figures"] if row.bench in kept else {}
    return found


def _can_be_named(row: Row, kept: Mapping[str, Figures]) -> bool:
    """Whether what the row is about can be said; a shortened run may leave that out."""
    return _names(row.what) <= set(_figures(row, kept))


def _line(row: Row, kept: Mapping[str, Figures]) -> str:
    figures = _figures(row, kept)
    met: bool | None = None
    reached = NOT_MEASURED
    if _names(row.reached) <= set(figures):
        met, reached = row.met(figures), row.reached.format(**figures)
    told = NO_BAR if met is None else "yes" if met else "**no**"
    what = row.what.format(**figures)
    return f"| {what} | {reached} | {row.bar} | {told} | `{command(row.bench)}` |"


def _beside_published(figures: Figures) -> Iterator[str]:
    yield "**Accuracy beside published figures** (AUC). Folds 1 to 3 of the learners train; fold 4,"
    yield "where ours are taken, was also at hand while the model was tuned and developed, so they"
    yield "are a little kind; fold 5 was never seen. Published figures are quoted, not measured"
    yield "here, and each forgets a learner after 200 answers: only our figures that do the same"
    yield "stand beside them. None is quoted from files that repeat a question for each of its"
    yield "skills, which gives answers away."
    yield ""
    yield "| log | Cairn, restart every 200 | model | published | how it was taken | source |"
    yield "|---|---|---|---|---|---|"
    for log, words, _ in LOGS:
        ours = _auc(figures, f"{log}_restarted_auc")
        for other in PUBLISHED[log]:
            yield (
                f"| {words} | {ours} | {other.model} | {other.auc:.4f} | {other.protocol} | "
                f"{other.source} |"
            )
    yield ""
    yield "**The same with a full history, and what the hidden state adds**: the whole model less"
    yield "the same one fitted without mastery (`cairn-stateless` of tests/bench). Small classes"
    yield "lean on usual weights averaged over fits to the first four of these logs, so their"
    yield "figures are a little kind too."
    yield ""
    yield (
        "| log | full history | restart every 200 | without copied learners | "
        "the hidden state adds | with 20 learners |"
    )
    yield "|---|---|---|---|---|---|"
    for log, words, _ in LOGS:
        copies = figures.get(f"{log}_without_copies_auc")
        yield (
            f"| {words} | {_auc(figures, f'{log}_auc')} | {_auc(figures, f'{log}_restarted_auc')} "
            f"| {'none found' if copies is None else f'{copies:.4f}'} "
            f"| {_auc(figures, f'{log}_hidden_state_gain', sign='+')} "
            f"| {_auc(figures, f'{log}_hidden_state_gain_small_class', sign='+')} |"
        )
    yield ""


def _auc(figures: Figures, name: str, *, sign: str = "") -> str:
    if name not in figures:
        return NOT_MEASURED
    rounded = round(figures[name], 4) or 0.0  # what is nearly 0 has no minus
    return f"{rounded:{sign}.4f}"


def _picture(figures: Figures) -> Iterator[str]:
    said = f"{figures['learners']} simulated learners in each of {len(figures['worlds'])} worlds"
    yield f"**What choosing reaches**: {said}. The first rules, in a pilot with other worlds whose"
    yield f"oracle needed {PILOT_ORACLE_MINUTES:.0f} minutes, are not in the picture."
    yield ""
    yield f"![What is truly known in the end against minutes, by way of choosing]({IN_README})"
    yield ""


def _machines(kept: Mapping[str, Figures]) -> Iterator[str]:
    for bench in kept.values():
        yield (
            f"Measured on {bench['at']}: {bench['machine']}; server, database and load generator "
            "share it."
        )


def write() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--check", action="store_true", help="write nothing, say whether they agree")
    given = asked.parse_args()
    kept = json.loads(FIGURES.read_text())
    text = README.read_text()
    before, rest = text.split(OPENS, 1)
    _, after = rest.split(CLOSES, 1)
    wanted = f"{before}{OPENS}\n{tables(kept)}\n{CLOSES}{after}"
    if given.check:
        return int(wanted != text)
    README.write_text(wanted)
    if "sequencing" in kept:
        for picture in PICTURES:
            picture.write_text(draw(kept["sequencing"]["figures"]))
    return 0


if __name__ == "__main__":
    sys.exit(write())
