"""A stranger between a browser and a portal: hands everything on, and changes words of the pages on their way."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

OF_ONE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length", "accept-encoding"}


@contextmanager
def tampering(portal: str, *, port: int, changes: Mapping[str, str]) -> Iterator[str]:
    """Stands at `port` in front of `portal`; in every page each key of `changes` becomes its value."""
    host = urlsplit(portal).netloc

    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._hand_on()

        def do_POST(self) -> None:
            self._hand_on()

        def _hand_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = {name: value for name, value in self.headers.items() if name.lower() not in OF_ONE_CONNECTION}
            line = http.client.HTTPConnection(host, timeout=60)
            line.request(self.command, self.path, body=body or None, headers=asked)
            answer = line.getresponse()
            content = answer.read()
            line.close()
            if "text/html" in (answer.getheader("Content-Type") or ""):
                text = content.decode()
                for was, becomes in changes.items():
                    text = text.replace(was, becomes)
                content = text.encode()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in OF_ONE_CONNECTION:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Stranger) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.shutdown()
            thread.join()
