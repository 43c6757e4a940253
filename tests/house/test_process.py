"""A web worker stays small: what costs a hundred megabytes never gets into it."""

import subprocess
import sys
from pathlib import Path

from app.config import REPOSITORY

HEAVY = ("pandas", "pyBKT", "sklearn", "scipy", "numba", "numpy", "dask")
PROGRAM = f"""
import sys
from app import create_app
create_app()
print(",".join(sorted(set({HEAVY!r}) & set(sys.modules))))
"""


def test_no_heavy_library_is_loaded_by_the_application(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=REPOSITORY,
        env={"CAIRN_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == ""
