"""A gateway that says exactly the bytes it is told to: a real server on a real socket."""

import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs

Script = bytes | Callable[[socket.socket], None]


def http(
    body: bytes | str | object,
    *,
    status: int = 200,
    content_type: str = "application/json;charset=UTF-8",
    headers: str = "",
) -> bytes:
    """A whole HTTP answer. `body` goes out as it is when it is text or bytes, as JSON otherwise."""
    content = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    head = f"HTTP/1.1 {status} Whatever\r\nContent-Type: {content_type}\r\nContent-Length: {len(content)}\r\n"
    return f"{head}Connection: close\r\n{headers}\r\n".encode() + content


def hang_up(_connection: socket.socket) -> None:
    """Reads the request and closes without a word."""


@dataclass
class Request:
    """What arrived, as it was on the wire."""

    line: str
    headers: str
    body: str

    @property
    def path(self) -> str:
        return self.line.split(" ")[1]

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body, strict_parsing=True).items()}


@dataclass
class ScriptedGateway:
    """Answers the next request with the next line of its script."""

    port: int
    script: deque[Script] = field(default_factory=deque, repr=False)
    requests: list[Request] = field(default_factory=list, repr=False)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/payment/rest"

    def will_say(self, *answers: Script) -> None:
        self.script.extend(answers)

    def serve(self, connection: socket.socket) -> None:
        received = b""
        while b"\r\n\r\n" not in received:
            piece = connection.recv(65536)
            if not piece:
                return
            received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        line, _, headers = head.decode("latin-1").partition("\r\n")
        length = next(
            int(header.partition(":")[2])
            for header in headers.split("\r\n")
            if header.lower().startswith("content-length:")
        )
        while len(body) < length:
            body += connection.recv(65536)
        self.requests.append(Request(line=line, headers=headers, body=body.decode("latin-1")))
        answer = self.script.popleft()
        if callable(answer):
            answer(connection)
        else:
            connection.sendall(answer)


@contextmanager
def scripted_gateway() -> Iterator[ScriptedGateway]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gateway = ScriptedGateway(port=listener.getsockname()[1])

        def one(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                gateway.serve(connection)

        def listen() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=one, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield gateway
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()
