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

from tests.bench.front import draw

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
FIGURES = ROOT / "app" / "figures.json"
PICTURE = ROOT / "app" / "static" / "sequencing.svg"
OPENS, CLOSES = "<!-- figures -->", "<!-- /figures -->"
Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: which bench, what it says of its figures, and the bar for it."""

    bench: str
    what: str
    reached: str
    bar: str
    met: Callable[[Figures], bool]


LOGS = (
    ("assistments2009", "ASSISTments 2009, merged", 0.793),
    ("assistments2015", "ASSISTments 2015", 0.732),
    ("statics2011", "Statics 2011", 0.822),
    ("algebra2005", "Algebra 2005", 0.843),
)


def _accuracy(log: str, words: str, bar: float) -> Row:
    auc, error = f"{log}_auc", f"{log}_calibration_error"
    return Row(
        "accuracy",
        f"AUC on {words}, learners never seen",
        f"{{{auc}:.4f}}, calibration error {{{error}:.3f}}; pyBKT {{{log}_pybkt_auc:.4f}}; "
        f"with 20 training learners {{{log}_small_class_auc:.4f}}",
        f"{bar:.3f}; error 0.02",
        lambda f: f[auc] >= bar and f[error] <= 0.02,
    )


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
        "One online update, beside pyBKT's Roster",
        "{model_update_us:.1f} µs against {cpp_1_roster_update_us:.0f} µs",
        "2 µs",
        lambda f: f["model_update_us"] <= 2,
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


def table(kept: Mapping[str, Figures]) -> str:
    """The figures that were measured, as Markdown."""
    lines = ["", "| what | reached | bar | met | measured with |", "|---|---|---|---|---|"]
    lines += [_line(row, kept[row.bench]) for row in ROWS if _is_measured(row, kept)]
    return "\n".join([*lines, "", *sorted(set(_machines(kept))), ""])


def _is_measured(row: Row, kept: Mapping[str, Figures]) -> bool:
    """Whether every figure of the row is there: a shortened run leaves some out."""
    names = {name for _, name, _, _ in Formatter().parse(row.what + row.reached) if name}
    return row.bench in kept and names <= set(kept[row.bench]["figures"])


def _line(row: Row, bench: Figures) -> str:
    figures = bench["figures"]
    met = "yes" if row.met(figures) else "**no**"
    reached = row.reached.format(**figures)
    return (
        f"| {row.what.format(**figures)} | {reached} | {row.bar} | {met} | `{bench['command']}` |"
    )


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
    wanted = f"{before}{OPENS}\n{table(kept)}\n{CLOSES}{after}"
    if given.check:
        return int(wanted != text)
    README.write_text(wanted)
    if "sequencing" in kept:
        PICTURE.write_text(draw(kept["sequencing"]["figures"]))
    return 0


if __name__ == "__main__":
    sys.exit(write())
