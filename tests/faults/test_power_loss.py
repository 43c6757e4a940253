"""Power goes: what was acknowledged before it was on disk; what is on disk is a whole beginning."""

import random
import shutil
from pathlib import Path

import pytest

from app.config import Config
from app.db import Database
from tests.conftest import NOON, make_config
from tests.faults.invariants import check_invariants
from tests.people import answer_open, begin, make_learner

pytestmark = pytest.mark.faults
ANSWERS = 12
CUTS = 50


@pytest.fixture
def written(sqlite_config: Config) -> list[int]:
    """The sizes of the write-ahead log after each of a dozen answers; the database stays open."""
    database = Database(sqlite_config)
    learner = make_learner(database, at=NOON)
    begin(database, learner, at=NOON)
    log = sqlite_config.home / "cairn.db-wal"
    sizes = [log.stat().st_size]
    for number in range(ANSWERS):
        assert answer_open(database, learner, at=NOON, right=number % 3 > 0) is not None
        sizes.append(log.stat().st_size)
    shutil.copytree(sqlite_config.home, sqlite_config.home / "at-the-moment-of-the-cut")
    database.engine.dispose()
    return sizes


@pytest.mark.parametrize("end", ["cut", "zeroes", "noise"])
def test_a_log_that_ends_anywhere_is_a_whole_beginning_of_the_record(
    sqlite_config: Config, written: list[int], tmp_path: Path, end: str
) -> None:
    """F7: the log ends at fifty random places; all answers written before each are there."""
    rng = random.Random(7)
    moment = sqlite_config.home / "at-the-moment-of-the-cut"
    log = (moment / "cairn.db-wal").read_bytes()
    assert len(log) == written[-1]
    for cut in range(CUTS // 3 + 1):
        place = rng.choice([rng.randint(0, len(log)), rng.choice(written)])
        home = tmp_path / str(cut)
        home.mkdir()
        shutil.copy(moment / "cairn.db", home / "cairn.db")
        rest = {"cut": b"", "zeroes": bytes(len(log) - place)}
        lost = rest.get(end, rng.randbytes(len(log) - place))
        (home / "cairn.db-wal").write_bytes(log[:place] + lost)
        database = Database(make_config(home))
        whole = sum(size <= place for size in written[1:])
        assert check_invariants(database) == whole
        database.engine.dispose()
