"""A line that breaks at the worst moment: a small proxy on the loopback, for real connections."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHUNK = 65_536
Address = tuple[str, int] | str  # host and port, or the path of a socket


class Line:
    """Carries bytes to a server and back until a cue goes by; then it breaks.

    With `delivers`, what the cue belongs to still arrives and only the reply is lost; without,
    the cue itself never arrives. It breaks `times` times and then carries everything.
    """

    def __init__(self, server: Address, *, cue: bytes, delivers: bool, times: int) -> None:
        self.cuts = 0
        self._server, self._cue, self._delivers, self._left = server, cue, delivers, times
        self._door = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._welcome)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        port: int = self._door.getsockname()[1]
        return port

    def close(self) -> None:
        """Stop welcoming; carried connections end when either side hangs up."""
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for thread in self._threads:
            thread.join()

    def _welcome(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            self._threads.append(threading.Thread(target=self._carry, args=(client,)))
            self._threads[-1].start()

    def _carry(self, client: socket.socket) -> None:
        with client, self._reach() as server, suppress(OSError):
            cued = False
            while True:
                ready, _, _ = select.select([client, server], [], [])
                for source in ready:
                    said = source.recv(CHUNK)
                    if not said or (source is server and cued):
                        return
                    if source is client and self._left > 0 and self._cue in said:
                        cued = True
                        self._left, self.cuts = self._left - 1, self.cuts + 1
                        if not self._delivers:
                            return
                    (server if source is client else client).sendall(said)

    def _reach(self) -> socket.socket:
        if isinstance(self._server, tuple):
            return socket.create_connection(self._server)
        reached = socket.socket(socket.AF_UNIX)
        reached.connect(self._server)
        return reached


@contextmanager
def breaking_line(
    server: Address, *, cue: bytes, delivers: bool = True, times: int = 1
) -> Iterator[Line]:
    """A line to this server that breaks at the cue; leave the block with your end hung up."""
    line = Line(server, cue=cue, delivers=delivers, times=times)
    try:
        yield line
    finally:
        line.close()
