"""Where a webhook really goes: the name is looked up once, judged, and connected to as it was judged.

Whoever could choose the address of a webhook could otherwise make us knock at doors inside: the cloud's metadata, the
database, a neighbour. A name that leads elsewhere the second time is no way round: there is no second time.
"""

from __future__ import annotations

import socket
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Thread
from urllib.parse import urlsplit

CLOSED = tuple(
    ip_network(network)
    for network in (
        "64:ff9b::/96",  # another kind of address inside
        "64:ff9b:1::/48",
        "fec0::/10",  # a site's own, from before fc00::/7
        "5f00::/16",  # segment routing, never outside one network
        "3fff::/20",  # documentation
    )
)
"""What Python takes for the open internet, or did in one version, and is not."""
LOOK_UP_SECONDS = 5.0
PORTS = {"https": 443, "http": 80}


class NowhereToGo(Exception):  # noqa: N818 - says what it is
    """The address may not be gone to, or leads nowhere; `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """`url` names an address of the network, `host` what the certificate and the Host header have to say."""

    url: str
    host: str
    server_name: str


def destination_of(url: str, *, open_hosts: Collection[str], look_up_seconds: float = LOOK_UP_SECONDS) -> Destination:
    """The destination, looked up now, and not for long. Raises NowhereToGo.

    Rule: webhook-address (failures.md 5.2, 1.3.6)
    """
    parts = urlsplit(url)
    host, is_open = parts.hostname or "", parts.netloc.lower() in open_hosts
    if parts.scheme != "https" and not is_open:
        raise NowhereToGo("not_https")
    port = parts.port or PORTS[parts.scheme]
    addresses = _look_up(host, port, look_up_seconds)
    if not is_open and not all(is_public(address) for address in addresses):
        raise NowhereToGo("private_address")
    address = addresses[0]
    place = f"[{address}]" if ":" in address else address
    path = parts._replace(scheme="", netloc="").geturl() or "/"
    return Destination(url=f"{parts.scheme}://{place}:{port}{path}", host=parts.netloc, server_name=host)


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a name, never none. A thread of its own waits for the resolver, which takes no time limit.

    Raises NowhereToGo.
    """
    told: list[list[str]] = []

    def ask() -> None:
        try:
            told.append([str(place[4][0]) for place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError):
            told.append([])

    resolver = Thread(target=ask, name="look-up", daemon=True)
    resolver.start()
    resolver.join(seconds)
    if not told:
        raise NowhereToGo("timed_out")
    if not told[0]:
        raise NowhereToGo("unknown_name")
    return told[0]


def is_public(address: str) -> bool:
    """Whether it is an address of the open internet, written plainly or inside another kind of address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inside is not None or any(found in network for network in CLOSED):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved and not found.is_unspecified
