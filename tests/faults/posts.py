"""Posting an answer over a real connection, as a browser does."""

import http.client
import socket
from urllib.parse import urlencode

from app.models import Serving
from tests.faults.doors import Door, Form

PATIENCE_SECONDS = 20


def request_of(door: Door, serving: Serving, form: Form) -> tuple[str, str, dict[str, str]]:
    """The path, body and headers a browser would send for this answer."""
    cookie = door.client.get_cookie("cairn")
    assert cookie is not None
    body = urlencode({"csrf_token": door.token, **form}, doseq=True)
    return (
        f"/learn/servings/{serving.id}/answer",
        body,
        {
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
            "Cookie": f"cairn={cookie.value}",
            "HX-Request": "true",
        },
    )


def send(door: Door, port: int, serving: Serving, form: Form) -> tuple[int, bytes]:
    """Post the answer through whatever is at this port."""
    path, body, headers = request_of(door, serving, form)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("POST", path, body=body, headers=headers)
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def send_half(door: Door, port: int, serving: Serving, form: Form) -> bytes:
    """Post half of the answer, hang up the sending side, and return what comes back."""
    path, body, headers = request_of(door, serving, form)
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in headers.items())]
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall("\r\n".join([*lines, "", body[: len(body) // 2]]).encode())
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))
