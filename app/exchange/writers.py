"""Every format Cairn writes questions in."""

from app.exchange import csv_writing
from app.exchange.gift import writing as gift
from app.exchange.moodle import writing as moodle_xml
from app.exchange.qti import writing as qti
from app.exchange.writing import Writer

WRITERS: tuple[Writer, ...] = (
    gift.WRITER,
    moodle_xml.WRITER,
    qti.WRITER,
    csv_writing.WRITER,
)


def named(name: str) -> Writer | None:
    return next((writer for writer in WRITERS if writer.name == name), None)
