"""Many browsers at once: each sends when its time has come, whatever became of the others.

Arrivals are open: a slow server does not slow its visitors down, and a latency counts from the
moment a request was due, so waiting in our own queue counts too (no coordinated omission). A
browser keeps its connection as long as the server does, and opens another when it needs one.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import perf_counter

HEAD_ENDS = b"\r\n\r\n"
LENGTH = b"content-length:"
TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request to be sent, complete, by the browser of this number.

    proof: what only its own answer holds.
    """

    browser: int
    name: str
    content: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of a request: status 0 where no answer came."""

    name: str
    status: int
    seconds: float
    proves: bool


class _Connection(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[bytes] | None = None
        self._received = bytearray()
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.open = True

    def connection_lost(self, error: Exception | None) -> None:
        self.open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("closed while answering"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(HEAD_ENDS)
        if head < 0 or self._answer is None or self._answer.done():
            return
        if len(self._received) >= head + len(HEAD_ENDS) + _length(self._received[:head]):
            answer, self._received = bytes(self._received), bytearray()
            self._answer.set_result(answer)

    @property
    def is_free(self) -> bool:
        return self.open and (self._answer is None or self._answer.done())

    async def ask(self, content: bytes) -> bytes:
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(content)
        try:
            return await self._answer
        except asyncio.CancelledError:
            self.close()  # too late: what comes after this would answer the next question
            raise

    def close(self) -> None:
        self.open = False
        if self._transport is not None:
            self._transport.abort()


def _length(head: bytearray) -> int:
    lowered = head.lower()
    at = lowered.find(LENGTH)
    return int(lowered[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0


class Browsers:
    """Browsers that visit one server."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connections: dict[int, _Connection] = {}
        self.opened = 0

    async def visit_all(self, requests: AsyncIterator[Request], *, rate: float) -> list[Visit]:
        """Send requests at this rate a second; what came of each, once all are answered."""
        begun = perf_counter()
        under_way: list[asyncio.Task[Visit]] = []
        number = 0
        async for request in requests:
            due = begun + number / rate
            number += 1
            if (wait := due - perf_counter()) > 0:
                await asyncio.sleep(wait)
            under_way.append(asyncio.create_task(self._visit(request, due)))
        return list(await asyncio.gather(*under_way))

    async def _visit(self, request: Request, due: float) -> Visit:
        try:
            answer = await asyncio.wait_for(self._ask(request), TIMEOUT_SECONDS)
        except (OSError, TimeoutError):
            return Visit(request.name, 0, perf_counter() - due, proves=False)
        return Visit(
            request.name,
            int(answer[9:12]),
            perf_counter() - due,
            proves=request.proof in answer,
        )

    async def _ask(self, request: Request) -> bytes:
        kept = self._connections.get(request.browser)
        if kept is not None and kept.is_free:
            try:
                return await kept.ask(request.content)
            except ConnectionResetError:
                pass  # closed as we wrote: browsers send again, and Cairn takes a repeat as one
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(_Connection, "127.0.0.1", self._port)
        self.opened += 1
        self._connections[request.browser] = connection
        return await connection.ask(request.content)

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()
