"""The portal's side of the line, as the API between the two says it: orders in memory, and faults on request."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bridge.scripted import POI, Json

BEARER = "Bearer 7."
BASE = "/api/bridge/v1/"
PATIENCE_SECONDS = 30


@dataclass
class PortalSide:
    """What the portal knows. `down` answers nothing but 503; `forgets_bridge` answers 401."""

    url: str = ""
    down: bool = False
    forgets_bridge: bool = False
    withdraws: bool = False
    refuses_results: bool = False
    silent_about_taken: bool = False
    proxy_refuses: bool = False
    asked_to_take: int = 0
    loses_answers: int = 0
    """So many answers to results are lost: they are kept here, and the bridge does not hear it."""
    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    readers: list[Json] = field(default_factory=list)
    blocks: list[Json] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    results: dict[int, Json] = field(default_factory=dict)
    uploads: list[int] = field(default_factory=list)
    contacts: list[Json] = field(default_factory=list)
    progress: list[tuple[int, str]] = field(default_factory=list)
    receipts: dict[tuple[int, int], Json] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    polls: int = 0
    bearers: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, order: int, kind: str, body: Json, *, poi_id: str = POI) -> None:
        self.orders[order] = {
            "id": order,
            "kind": kind,
            "poi_id": poi_id,
            "body": body,
            "put_at": "2026-11-22T09:38:00Z",
        }

    def waiting(self) -> list[Json]:
        return [
            row | {"taken": number in self.taken}
            for number, row in sorted(self.orders.items())
            if number not in self.results
        ]

    def wait_for(self, what: Any) -> Json:  # noqa: ANN401 - a question about us
        """Until `what()` is true, which is given back."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := what()):
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.01)
        return found

    def result(self, order: int) -> Json:
        return self.wait_for(lambda: self.results.get(order))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, side: PortalSide) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.side = side

    def handle_error(self, *_: object) -> None:
        """A bridge that dies leaves its connections open."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def side(self) -> PortalSide:
        assert isinstance(self.server, _Server)
        return self.server.side

    def do_GET(self) -> None:
        self._answered()

    def do_POST(self) -> None:
        self._answered()

    def log_message(self, *_: object) -> None:
        pass

    def _answered(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        status, row = self._told(self.path.partition("?")[0].removeprefix(BASE), body)
        if status == 0:
            self.close_connection = True
            return
        content = b"" if row is None else json.dumps(row).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _told(self, path: str, body: Json) -> tuple[int, Json]:
        if self.side.down:
            return 503, {}
        if self.side.proxy_refuses:
            return 403, ["not by us"]
        if path == "enrolment":
            return self._enrolled(body)
        bearer = self.headers.get("Authorization", "")
        if self.side.forgets_bridge or not bearer.startswith(BEARER):
            return 401, {"code": "who_are_you", "sentence": "Enrol this bridge again."}
        self.side.bearers.add(bearer)
        with self.side.lock:
            return self._done(path, body)

    def _enrolled(self, body: Json) -> tuple[int, Json]:
        known = self.side.keys.setdefault(body["code"], body["key"])
        if body["code"] == "GONE-GONE-GONE":
            return 404, {"code": "no_such_code", "sentence": "This code is not known."}
        if known != body["key"]:
            return 409, {"code": "code_spent", "sentence": "This code was used."}
        if self.side.loses_answers:
            self.side.loses_answers -= 1
            return 0, None
        return 200, {"bridge": 7, "name": "Accueil", "company": "oran", "agency": "AG07", "more": "later"}

    def _done(self, path: str, body: Json) -> tuple[int, Json]:
        match path.split("/"):
            case ["orders"]:
                self.side.polls += 1
                return 200, {
                    "now": "",
                    "orders": self.side.waiting(),
                    "readers": self.side.readers,
                    "blocks": self.side.blocks,
                }
            case ["orders", _, "taken"] if self.side.silent_about_taken:
                self.side.asked_to_take += 1
                return 503, {}
            case ["orders", number, "taken"]:
                if self.side.withdraws:
                    self.side.orders.pop(int(number), None)
                    return 200, {"go": False}
                self.side.taken.add(int(number))
                return 200, {"go": True}
            case ["orders", number, "progress"]:
                self.side.progress.append((int(number), body["step"]))
                return 204, None
            case ["orders", number, "result"]:
                return self._result(int(number), body)
            case ["contact"]:
                self.side.contacts.append(body)
                return 204, None
            case ["offline-receipts"]:
                self.side.receipts.setdefault((body["block"], body["number"]), body)
                return 200, {"acknowledged": True, "case": "surplus" if body["number"] == 102 else None}
            case _:
                return 404, {"code": "no_such_address"}

    def _result(self, number: int, body: Json) -> tuple[int, Json]:
        row = self.side.orders.get(number)
        if row and row["kind"] in {"pay", "reverse"} and number not in self.side.taken:
            return 409, {"code": "not_taken"}
        self.side.uploads.append(number)
        if self.side.refuses_results:
            return 503, {}
        self.side.results.setdefault(number, body)
        if self.side.loses_answers:
            self.side.loses_answers -= 1
            return 0, None
        return 200, {"acknowledged": True}


@contextmanager
def portal_side() -> Iterator[PortalSide]:
    side = PortalSide()
    server = _Server(side)
    side.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield side
    finally:
        server.shutdown()
        server.server_close()
