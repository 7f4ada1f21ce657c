"""A browser's part of a connection: kept open, one request after the other, as cheap as it can be,
so that what is measured is the server."""

import http.client
import re
import socket
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlencode

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """`seconds` from the first byte sent to the last one received."""

    status: int
    body: bytes
    seconds: float


class Client:
    """One connection to one server. `cookie` is sent with every request."""

    def __init__(self, port: int, cookie: str = "", token: str = "") -> None:
        self.port = port
        self.cookie = cookie
        self.token = token
        self._socket: socket.socket | None = None

    @classmethod
    def signed_in(cls, port: int, email: str, password: str) -> "Client":
        """Through the front door: the form, its token, the cookie that comes back."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/sign-in")
        answer = connection.getresponse()
        token, cookie = _token(answer.read().decode()), _cookie(answer)
        body = urlencode({"csrf_token": token, "email": email, "password": password})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        connection.request("POST", "/sign-in", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status not in (302, 303):
            raise RuntimeError(f"{email} cannot sign in: {answer.status}.")
        client = cls(port, _cookie(answer))
        connection.close()
        client.token = _token(client.get("/audit-log").body.decode(), missing="")
        return client

    def get(self, address: str) -> Answer:
        return self._send(
            f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Cookie: {self.cookie}\r\n\r\n".encode()
        )

    def post(self, address: str, fields: dict[str, str | list[str]]) -> Answer:
        body = urlencode({**fields, "csrf_token": self.token}, doseq=True)
        return self._send(
            f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Cookie: {self.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )

    def _send(self, request: bytes) -> Answer:
        for fresh in (False, True):
            if self._socket is None or fresh:
                self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            begun = perf_counter()
            try:
                self._socket.sendall(request)
                head, body = self._receive(self._socket)
            except OSError:
                # The server closes what was idle for some seconds.
                continue
            return Answer(int(head[9:12]), body, perf_counter() - begun)
        raise RuntimeError("The server closed the connection twice.")

    @staticmethod
    def _receive(sock: socket.socket) -> tuple[bytes, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            more = sock.recv(65536)
            if not more:
                raise ConnectionError
            received += more
        head, _, body = received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        parts, got = [body], len(body)
        while length is not None and got < int(length[1]):
            parts.append(sock.recv(65536))
            got += len(parts[-1])
        return head, b"".join(parts)


def _token(page: str, missing: str | None = None) -> str:
    found = _TOKEN.search(page)
    if found is None:
        if missing is None:
            raise RuntimeError("A page without a token.")
        return missing
    return found[1]


def _cookie(answer: http.client.HTTPResponse) -> str:
    return (answer.getheader("Set-Cookie") or "").partition(";")[0]
