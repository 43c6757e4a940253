"""The lines of the README's first table of figures: what each says, and the bar for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.services.oversight.bars import (
    PILOT_KNOWN,
    PILOT_MINUTES,
    SMALL_CLASS_GAP,
    sequencing_bars,
)

Figures = Mapping[str, Any]
NO_BAR = "-"


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
