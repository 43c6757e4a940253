"""Counting what trainers look at, now and then."""

from app.clock import now
from app.jobs.task import Work
from app.services.teaching import module_figures


def count(work: Work) -> None:
    counted = module_figures.refresh(work.database.reader, work.database.transact, at=now())
    work.finish(lambda _: {"modules": counted})
