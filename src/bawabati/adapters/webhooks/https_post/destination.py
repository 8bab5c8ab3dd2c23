"""Where a webhook really goes: the name is looked up once, judged, and connected to as it was judged.

Whoever could choose the address of a webhook could otherwise make us knock at doors inside: the cloud's metadata, the
database, a neighbour. A name that leads elsewhere the second time is no way round: there is no second time.
"""

from __future__ import annotations

import socket
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

NAT64 = ip_network("64:ff9b::/96")
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


def destination_of(url: str, *, open_hosts: Collection[str]) -> Destination:
    """The destination, looked up now. Raises NowhereToGo. Rule: webhook-address (failures.md 5.2, 1.3.6)"""
    parts = urlsplit(url)
    host, is_open = parts.hostname or "", parts.netloc.lower() in open_hosts
    if parts.scheme != "https" and not is_open:
        raise NowhereToGo("not_https")
    port = parts.port or PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NowhereToGo("unknown_name") from None
    addresses = [str(place[4][0]) for place in found]
    if not is_open and not all(is_public(address) for address in addresses):
        raise NowhereToGo("private_address")
    address = addresses[0]
    place = f"[{address}]" if ":" in address else address
    path = parts._replace(scheme="", netloc="").geturl() or "/"
    return Destination(url=f"{parts.scheme}://{place}:{port}{path}", host=parts.netloc, server_name=host)


def is_public(address: str) -> bool:
    """Whether it is an address of the open internet, written plainly or inside another kind of address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inside is not None or found in NAT64:
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved and not found.is_unspecified
