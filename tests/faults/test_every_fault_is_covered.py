"""The list of faults that Cairn promises to survive: none can lose its test unnoticed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FAULTS = Path(__file__).parent
TESTS = FAULTS.parent

PROMISED = {
    "F1": "double click or resend",
    "F2": "back button, then another choice",
    "F3": "two tabs",
    "F4": "two workers, one learner",
    "F5": "a worker is killed anywhere",
    "F6": "a worker is killed at each step",
    "F7": "power loss",
    "F8": "disk full",
    "F9": "database locked",
    "F11": "reply lost on the network",
    "F13": "PostgreSQL backend killed mid-transaction",
    "F14": "connection lost during COMMIT",
    "F15": "deadlock or serialization failure",
    "F16": "PostgreSQL restarted, or away at start",
    "F20": "corrupt file",
    "F21": "backup while answers come in",
    "F23": "item edited or withdrawn while open",
    "F25": "the recommender fails",
    "F26": "connections across a fork",
    "F27": "network file system, or SQLite with the WAL-reset bug",
}
# Tests that live with what they start, restore or refuse, each by file and name.
ELSEWHERE = {
    "F7": [("ops/test_storage.py", "test_every_connection_of_the_pool_keeps_what_it_acknowledges")],
    "F20": [
        (
            "ops/test_start.py",
            "test_a_damaged_database_is_refused_untouched_and_the_newest_good_backup_named",
        ),
        ("ops/test_refusals.py", "test_a_file_that_is_no_database"),
    ],
    "F21": [("ops/test_backup.py", "test_a_backup_during_answers_is_a_moment_that_replays")],
    "F27": [
        ("ops/test_storage.py", "test_network_file_systems_are_refused"),
        ("ops/test_storage.py", "test_versions_with_the_wal_reset_bug_are_flagged"),
        ("ops/test_storage.py", "test_the_flag_stands_in_the_facts_of_health"),
    ],
}


def find_tests(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def named_here() -> dict[str, list[str]]:
    """The fault numbers that docstrings of this folder begin with, and the tests they stand in."""
    found: dict[str, list[str]] = {}
    for path in sorted(FAULTS.glob("test_*.py")):
        for test in find_tests(path):
            if number := re.match(r"F\d+(?=:)", ast.get_docstring(test) or ""):
                found.setdefault(number.group(), []).append(test.name)
    return found


def test_every_promised_fault_has_a_test_and_no_test_names_another() -> None:
    assert named_here().keys() | ELSEWHERE.keys() == PROMISED.keys()


def test_the_tests_that_live_elsewhere_exist() -> None:
    for file, name in (place for places in ELSEWHERE.values() for place in places):
        assert name in [test.name for test in find_tests(TESTS / file)], f"{file} lost {name}"


def test_every_test_of_this_folder_names_its_fault() -> None:
    named = {name for names in named_here().values() for name in names}
    tests = {
        test.name
        for path in FAULTS.glob("test_*.py")
        if path.name != Path(__file__).name
        for test in find_tests(path)
    }
    assert tests == named
