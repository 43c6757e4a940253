"""pyBKT's C++ build, in an environment of its own, and fits by it or by any other build.

The published wheel is pure Python and about 200 times slower.
"""

import json
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.model.answers import AnswerLog

ROOT = Path(__file__).resolve().parents[2]
CPP = ROOT / ".venv" / "pybkt-cpp"
UPDATES = 1_000
SIDE = Path(__file__).with_name("pybkt_side.py")


@cache
def build_cpp() -> Path | None:
    """Return a Python that has pyBKT's C++ build, made at the first time; None where it cannot."""
    python = CPP / "bin" / "python"
    if not python.exists() and not _make(python):
        return None
    asked = [str(python), "-c", "import pyBKT.fit.E_step"]
    works = subprocess.run(asked, check=False, capture_output=True).returncode == 0
    return python if works else None


def fit_aside(python: Path, log: AnswerLog, *, starts: int, seed: int = 0) -> dict[str, Any]:
    """Return what pybkt_side prints of a log: its first skills, fitted by that Python's pyBKT."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.npz"
        skill = log.skills[log.skill_starts[:-1]]
        np.savez(rows, learner=log.learner_of, skill=skill, correct=log.correct)
        command = [str(python), str(SIDE), str(rows), str(starts), str(seed), str(UPDATES)]
        ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def _make(python: Path) -> bool:
    uv = [str(ROOT / ".venv" / "bin" / "uv")]
    if not Path(uv[0]).exists():
        return False
    install = [*uv, "pip", "install", "--quiet", "--python", str(python)]
    steps = [
        [*uv, "venv", "--quiet", "--python", sys.executable, str(CPP)],
        [*install, "numpy<2.4", "scikit-learn<1.8", "pandas", "requests", "setuptools<81", "wheel"],
        [*install, "--no-binary", "pybkt", "--no-build-isolation", "--no-deps", "pybkt==1.4.3"],
    ]
    return all(
        subprocess.run(step, check=False, stdout=sys.stderr).returncode == 0 for step in steps
    )
