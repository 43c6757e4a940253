"""CASE 1.0 competency frameworks: read for authors to pick codes from, written for our skills."""

from app.exchange.case.framework import Framework, Statement
from app.exchange.case.reading import read_framework
from app.exchange.case.writing import write_framework

__all__ = ["Framework", "Statement", "read_framework", "write_framework"]
