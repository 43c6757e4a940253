"""Every format Cairn reads, in the order they are asked whether a file is theirs."""

from app.exchange.gift import reading as gift
from app.exchange.reader import Reader

READERS: tuple[Reader, ...] = (gift.READER,)


def named(name: str) -> Reader | None:
    return next((reader for reader in READERS if reader.name == name), None)
