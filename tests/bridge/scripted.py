"""A reader whose line does exactly what a test says, byte by byte: for faults that no honest reader has."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

POI = "SIM1000-000000012"
Json = Any
"""Whatever stands in a JSON text."""


@dataclass(frozen=True)
class Certificate:
    """A certificate that signed itself, its key, and where both are."""

    pem: str
    chain: Path

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain)
        return context


def make_certificate(folder: Path, name: str = POI) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    chain = folder / f"{name}.pem"
    chain.write_bytes(
        pem
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return Certificate(pem=pem.decode(), chain=chain)


@dataclass
class Line:
    """One connection, as a script sees it."""

    socket: socket.socket
    read_so_far: bytes = b""

    def read_request(self) -> Json:
        """The JSON of an HTTP request."""
        head, _, rest = self._until(b"\r\n\r\n").partition(b"\r\n\r\n")
        length = next(
            int(row.split(b":")[1]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length")
        )
        while len(rest) < length:
            rest += self.socket.recv(4096)
        return json.loads(rest, parse_float=Decimal)

    def _until(self, end: bytes) -> bytes:
        while end not in self.read_so_far:
            piece = self.socket.recv(4096)
            if not piece:
                raise ConnectionError
            self.read_so_far += piece
        return self.read_so_far

    def answer(self, body: bytes, *, status: str = "200 OK") -> None:
        self.send(
            b"HTTP/1.1 " + status.encode() + b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
        )

    def send(self, content: bytes, *, at_once: int = 1 << 20) -> None:
        for begin in range(0, len(content), at_once):
            self.socket.sendall(content[begin : begin + at_once])

    def reset(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


Script = Callable[[Line], None]


@dataclass
class ScriptedReader:
    """Every connection is given to the next script; the last one stays."""

    port: int
    scripts: list[Script]
    connections: int = 0
    requests: list[Json] = field(default_factory=list)


@contextmanager
def scripted(*scripts: Script, tls: ssl.SSLContext | None = None) -> Iterator[ScriptedReader]:
    listener = socket.create_server(("127.0.0.1", 0))
    reader = ScriptedReader(port=listener.getsockname()[1], scripts=list(scripts))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            script = reader.scripts[min(reader.connections, len(reader.scripts) - 1)]
            reader.connections += 1
            threading.Thread(target=play, args=(connection, script), daemon=True).start()

    def play(connection: socket.socket, script: Script) -> None:
        with contextlib.suppress(OSError, ssl.SSLError, StopIteration, ValueError):
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
            with connection:
                script(Line(connection))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield reader
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
