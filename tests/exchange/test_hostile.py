"""Hostile files are refused with a sentence, soon, in little memory, with nothing opened."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.exchange import hostile

SECRET = "a sentence that no question file may show"
SECONDS, MEGABYTES = 2.0, 150
CASES = tuple(hostile.refused("", ""))

# Runs in a process of its own: what it opens is written down by Python itself.
READ = """
import json, re, sys, time
from pathlib import Path
def own_peak():
    # ru_maxrss would count the process that started this one, however large that is.
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
opened = []
watching = False
def hook(event, arguments):
    if watching and event in {"open", "socket.connect", "os.mkdir", "os.remove"}:
        opened.append(f"{event} {arguments[0]}")
sys.addaudithook(hook)
from app.exchange import items_from
import encodings.utf_16, encodings.cp1252, encodings.utf_8_sig, encodings.cp437
items_from("warm.gift", b"q{=a}")
content = Path(sys.argv[1]).read_bytes()
watching = True
start = time.process_time()
read = items_from(sys.argv[2], content)
spent = time.process_time() - start
watching = False
print(json.dumps({
    "seconds": spent,
    "megabytes": own_peak() / 1024,
    "opened": opened,
    "understood": [str(question.item) for question in read.questions],
    "said": [e.sentence for e in read.faults] + [e.because for e in read.unsupported],
}))
"""


@pytest.fixture(scope="session")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("secret") / "secret.txt"
    path.write_text(SECRET, encoding="utf-8")
    return path


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_file_is_refused_in_time_and_leaves_nothing(
    case: str, tmp_path: Path, secret: Path
) -> None:
    cases = hostile.refused(secret.as_uri(), "http://127.0.0.1:9/canary")
    name, make = cases[case]
    file = tmp_path / "held"
    file.write_bytes(make())
    before = sorted(tmp_path.rglob("*"))
    found = _read(file, name, folder=tmp_path)
    assert found["said"]
    assert not found["understood"]
    assert all(len(sentence) > 10 and sentence.endswith(".") for sentence in found["said"])
    assert SECRET not in json.dumps(found)
    assert found["opened"] == []
    assert sorted(tmp_path.rglob("*")) == before
    assert found["seconds"] <= SECONDS
    assert found["megabytes"] <= MEGABYTES


@pytest.mark.parametrize("case", hostile.BUSY)
def test_a_text_made_to_be_read_over_and_over_is_read_once(case: str, tmp_path: Path) -> None:
    name, content = hostile.BUSY[case]
    file = tmp_path / "held"
    file.write_bytes(content)
    found = _read(file, name, folder=tmp_path)
    assert found["understood"] or found["said"]
    assert found["seconds"] <= SECONDS


def _read(file: Path, name: str, *, folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", READ, str(file), name],
        capture_output=True,
        check=False,
        cwd=folder,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "TMPDIR": str(folder)},
        timeout=60,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found
