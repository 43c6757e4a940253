"""`python -m tests.bench [NAME ...]`: run the benches and keep their figures in figures.json.

A bench is a module in this folder with a `main`; with --json it prints its figures as one JSON
object. Each runs in a process of its own, so that none finds what another left warm.
"""

import ast
import json
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# Measures a log that somebody names: `python -m tests.bench.prediction --data FILE ...`
NEEDS_A_LOG = {"prediction"}
# What the published figures ask of a bench, where that is more than it does unasked.
ARGUMENTS = {"growth": ("--most", "100000000")}
ROOT = HERE.parent.parent
# With the product, which shows them on its page about the engine.
FIGURES = ROOT / "app" / "figures.json"


def main(asked: Sequence[str]) -> int:
    """Run the benches asked for, or all; the exit code is 1 when one failed."""
    found = benches()
    unknown = sorted(set(asked) - set(found))
    if unknown:
        print(f"There is no bench {', '.join(unknown)}. There are: {', '.join(found)}.")
        return 2
    figures = _kept()
    failed = []
    for name in asked or found:
        print(f"{command(name)} ...", flush=True)
        load = os.getloadavg()[0]
        measured = run(name)
        if measured is None:
            failed.append(name)
            continue
        figures[name] = {
            "command": command(name),
            "at": datetime.now(UTC).date().isoformat(),
            "machine": _machine(),
            "neighbours": f"{load:.1f} processes waiting when it began",
            "figures": measured,
        }
        _keep({name: figures[name] for name in sorted(set(figures) & set(found))})
        print(json.dumps(measured, indent=2), flush=True)
    if not asked:
        subprocess.run([sys.executable, "-m", "tests.bench.readme"], cwd=ROOT, check=True)
    print(f"Figures are in {FIGURES.relative_to(ROOT)}." if not failed else f"Failed: {failed}")
    return 1 if failed else 0


def benches() -> list[str]:
    """The names of all benches, found without running them."""
    found = {path.stem for path in HERE.glob("[a-z]*.py") if _has_main(path)}
    return sorted(found - NEEDS_A_LOG)


def _has_main(path: Path) -> bool:
    body = ast.parse(path.read_text()).body
    return any(isinstance(part, ast.FunctionDef) and part.name == "main" for part in body)


def command(name: str) -> str:
    """What anybody types to measure the same."""
    return " ".join(["python", *_arguments(name)])


def _arguments(name: str) -> list[str]:
    return ["-m", f"tests.bench.{name}", "--json", *ARGUMENTS.get(name, ())]


def run(name: str) -> Any | None:
    """The figures of one bench, None when it failed; what it says on the way goes to the screen."""
    done = subprocess.run(
        [sys.executable, *_arguments(name)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    try:
        return json.loads(done.stdout) if done.returncode == 0 else None
    except ValueError:
        print(f"{name} printed no JSON: {done.stdout[:200]!r}")
        return None


def _machine() -> str:
    return (
        f"{os.cpu_count()} cores, {_processor()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _kept() -> dict[str, Any]:
    if not FIGURES.exists():
        return {}
    kept: dict[str, Any] = json.loads(FIGURES.read_text())
    return kept


def _keep(figures: dict[str, Any]) -> None:
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
