"""One POST for each webhook, every wait bounded, no redirect followed, every failure a value."""

from __future__ import annotations

import ssl
from collections.abc import Collection
from threading import Timer

import httpx

from bawabati.adapters.webhooks.contract import NotTaken, Post, PostAnswer, Taken
from bawabati.adapters.webhooks.https_post.destination import (
    LOOK_UP_SECONDS,
    Destination,
    NowhereToGo,
    destination_of,
)

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
WHOLE_SECONDS = 20.0
"""Whoever answers a byte at a time keeps nobody else waiting."""
GOOD = range(200, 300)
ELSEWHERE = range(300, 400)
HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Content-Type": "application/json; charset=utf-8",
    "User-Agent": "bawabati",
}


class HttpsPost:
    """Sends to public addresses over TLS; to `open_hosts` (host with port) also without, and wherever they are.

    Safe to share between threads. Connections are not kept: an address is judged each time before it is gone to.
    """

    def __init__(
        self,
        *,
        open_hosts: Collection[str] = (),
        connect_seconds: float = CONNECT_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._open_hosts = frozenset(host.lower() for host in open_hosts)
        self._timeout = httpx.Timeout(answer_seconds, connect=connect_seconds)
        self._whole_seconds = whole_seconds
        self._tls = ssl.create_default_context()

    def send(self, post: Post) -> PostAnswer:
        """Nothing of the answer is read but its status: what it says is nobody's here."""
        try:
            to = destination_of(
                post.url, open_hosts=self._open_hosts, look_up_seconds=min(LOOK_UP_SECONDS, self._whole_seconds)
            )
        except NowhereToGo as nowhere:
            return NotTaken(status=None, reason=nowhere.reason)
        # No proxy from the environment, and no redirect: this address was judged, and no other.
        client = httpx.Client(timeout=self._timeout, verify=self._tls, trust_env=False, follow_redirects=False)
        watch = Timer(self._whole_seconds, client.close)
        watch.daemon = True
        watch.start()
        try:
            return _answered(client, post, to)
        except httpx.TimeoutException:
            return NotTaken(status=None, reason="timed_out")
        except (httpx.HTTPError, OSError, RuntimeError, ValueError):
            return NotTaken(status=None, reason="no_connection")
        finally:
            watch.cancel()
            client.close()


def _answered(client: httpx.Client, post: Post, to: Destination) -> PostAnswer:
    # The certificate has to be that of the name, although the connection goes to the address that was judged.
    request = client.build_request(
        "POST",
        to.url,
        content=post.body,
        headers={**HEADERS, **post.headers, "Host": to.host},
        extensions={"sni_hostname": to.server_name},
    )
    status = client.send(request, stream=True).status_code
    if status in GOOD:
        return Taken(status=status)
    return NotTaken(status=status, reason="redirected" if status in ELSEWHERE else "answered")
