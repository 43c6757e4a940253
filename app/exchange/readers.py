"""Every format Cairn reads, in the order they are asked whether a file is theirs."""

from app.exchange import aiken, archive, csv_reading
from app.exchange.gift import reading as gift
from app.exchange.moodle import reading as moodle_xml
from app.exchange.qti import package as qti
from app.exchange.reader import Reader

READERS: tuple[Reader, ...] = (
    archive.READER,
    moodle_xml.READER,
    qti.CARTRIDGE,
    qti.QTI,
    csv_reading.READER,
    aiken.READER,
    gift.READER,
)


def named(name: str) -> Reader | None:
    return next((reader for reader in READERS if reader.name == name), None)
