"""The line to the gateway: one POST, and either bytes come back or nothing does.

What matters most is known here and nowhere else: whether the request can have reached the gateway.
"""

import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_address
from urllib.parse import urlencode
from weakref import finalize

import httpx

from bawabati.adapters.gateways.contract import MerchantAccount
from bawabati.errors import Broken

LARGEST_BODY = 256 * 1024
_BASE_URL = re.compile(r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(/[\w./-]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back, as bytes."""

    status: int
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReply:
    """Nothing came back that is whole. `sent` is False only when no byte of the request can have arrived."""

    reason: str
    sent: bool


class Line:
    """Connections to one gateway for one merchant account, kept and bounded. Safe to share between threads.

    Raises:
        Broken: the account's address is not one that credentials may be sent to.
    """

    def __init__(self, account: MerchantAccount, *, connections: int) -> None:
        _check_base_url(account)
        self._base_url = account.base_url.rstrip("/")
        self._seconds = account.connect_seconds + account.read_seconds
        ca_file = account.options.get("ca_file")
        self._client = httpx.Client(
            timeout=httpx.Timeout(account.read_seconds, connect=account.connect_seconds, pool=account.connect_seconds),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            verify=ssl.create_default_context(cafile=ca_file) if ca_file else True,
            # No proxy and no certificates from the environment, no session shared between two payers, and a body
            # that is not compressed, so that its size is its size.
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "bawabati"},
            follow_redirects=False,
        )
        # Whoever changes an account's password leaves the old line behind, perhaps in the middle of a call: nobody can
        # say when it is over but the line itself.
        finalize(self, self._client.close)

    def post(self, path: str, form: Mapping[str, str]) -> Reply | NoReply:
        """Sends `form` as the body, never in the address."""
        give_up_at = time.monotonic() + self._seconds
        request = self._client.build_request(
            "POST",
            f"{self._base_url}/{path}",
            content=urlencode(form, errors="replace").encode("ascii"),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        try:
            response = self._client.send(request, stream=True)
            try:
                return _read(response, give_up_at)
            finally:
                response.close()
        except (httpx.ConnectError, httpx.ConnectTimeout):
            # Raised only while connecting, the TLS handshake included: nothing of ours was written yet.
            return NoReply(reason="no_connection", sent=False)
        except httpx.PoolTimeout:
            return NoReply(reason="no_slot", sent=False)
        except httpx.TimeoutException:
            return NoReply(reason="timed_out", sent=True)
        except httpx.HTTPError:
            return NoReply(reason="connection_lost", sent=True)

    def close(self) -> None:
        """Closes the kept connections."""
        self._client.close()


def _read(response: httpx.Response, give_up_at: float) -> Reply | NoReply:
    """The body up to the largest size; a body that trickles is given up like one that never comes."""
    content = bytearray()
    for piece in response.iter_raw():
        content += piece
        if len(content) > LARGEST_BODY:
            return NoReply(reason="unreadable", sent=True)
        if time.monotonic() > give_up_at:
            return NoReply(reason="timed_out", sent=True)
    return Reply(
        status=response.status_code,
        content_type=response.headers.get("content-type", ""),
        content=bytes(content),
    )


def is_loopback(host: str) -> bool:
    """Whether `host`, as written in an address, is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _check_base_url(account: MerchantAccount) -> None:
    """Credentials go only over TLS, but for this machine or where the account says that it must be so."""
    parts = _BASE_URL.fullmatch(account.base_url)
    if parts is None:
        raise Broken("the gateway's base URL is not a plain http(s) address", user_name=account.user_name)
    plain_allowed = is_loopback(parts["host"]) or account.options.get("plain_http") == "allowed"
    if parts["scheme"] == "http" and not plain_allowed:
        raise Broken("credentials are not sent to a gateway without TLS", base_url=account.base_url)
