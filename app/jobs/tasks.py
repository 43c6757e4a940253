"""Every kind of long work, and what Cairn asks itself to do now and then."""

from datetime import timedelta
from importlib import import_module

from app.jobs.task import Task

# Imported only by the process that does it: some need libraries no other process should hold.
TASKS = {
    "teaching-figures": "app.jobs.counting:count",
    "progress": "app.jobs.publishing:publish",
    "replay": "app.jobs.replaying:replay",
    "calibration": "app.jobs.calibrating:calibrate",
    "activation": "app.jobs.calibrating:activate",
    "drift": "app.jobs.calibrating:watch",
    "rehearsal": "app.jobs.rehearsing:rehearse",
    "draft-rehearsal": "app.jobs.rehearsing:rehearse_draft",
}
# Asked for when the last was that long ago.
EVERY = {
    "teaching-figures": timedelta(minutes=10),
    "progress": timedelta(days=7),
    "replay": timedelta(days=7),
    "drift": timedelta(days=7),
}


def find(kind: str) -> Task:
    """The function that does such work."""
    module, _, name = TASKS[kind].partition(":")
    found: Task = getattr(import_module(module), name)
    return found
