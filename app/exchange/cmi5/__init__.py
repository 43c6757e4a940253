"""cmi5 course structures: written for a module, and read to tell a good one from a broken one."""

from app.exchange.cmi5.course import Course, Part
from app.exchange.cmi5.reading import read_course
from app.exchange.cmi5.writing import write_course

__all__ = ["Course", "Part", "read_course", "write_course"]
