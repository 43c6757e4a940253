"""Write the figures into the README, between its two marks. No figure is typed by hand.

    python -m tests.bench.readme [--check]

With --check nothing is written; the exit code is 1 where the README differs from the figures.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from app.services.oversight.bars import PILOT_ORACLE_MINUTES, derived
from app.services.oversight.published import PUBLISHED
from tests.bench.__main__ import command
from tests.bench.front import draw
from tests.bench.readme_rows import LOGS, NO_BAR, ROWS, Figures, Row

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
FIGURES = ROOT / "app" / "figures.json"
IN_README = ".github/sequencing.svg"
PICTURES = (ROOT / "app" / "static" / "sequencing.svg", ROOT / IN_README)
OPENS, CLOSES = "<!-- figures -->", "<!-- /figures -->"
NOT_MEASURED = "not measured yet"


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
