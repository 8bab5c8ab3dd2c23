"""A line that a test can cut, between a bridge and its portal."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class CuttableLine:
    """Everything that comes to `port` goes on to `target`, while it is not cut."""

    target: int
    port: int = 0
    is_cut: bool = False
    open: set[socket.socket] = field(default_factory=set)

    def cut(self) -> None:
        self.is_cut = True
        for each in list(self.open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.is_cut = False

    def carry(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near, socket.create_connection(("127.0.0.1", self.target)) as far:
            self.open |= {near, far}
            back = threading.Thread(target=self.pump, args=(far, near), daemon=True)
            back.start()
            self.pump(near, far)
            back.join(30)
            self.open -= {near, far}

    def pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(65536):
                other.sendall(piece)
            other.shutdown(socket.SHUT_WR)


@contextmanager
def cuttable_line(target: int) -> Iterator[CuttableLine]:
    line = CuttableLine(target=target)
    listener = socket.create_server(("127.0.0.1", 0))
    line.port = listener.getsockname()[1]

    def listen() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            if line.is_cut:
                near.close()
                continue
            threading.Thread(target=line.carry, args=(near,), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield line
    finally:
        line.cut()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
