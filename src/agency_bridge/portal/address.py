"""Where the portal is. The key goes over TLS, or stays on this machine."""

import re
from ipaddress import ip_address
from typing import Final

_ADDRESS: Final = re.compile(r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(/[\w./-]*)?")


class BadAddress(Exception):  # noqa: N818 - it says what happened
    """Not an address that a key may be sent to; the sentence says why."""


def checked_address(portal: str) -> str:
    """The portal's address without a slash at the end.

    Raises:
        BadAddress: no http(s) address, or one without TLS on another machine.
    """
    parts = _ADDRESS.fullmatch(portal)
    if parts is None:
        raise BadAddress("the portal's address has to look like https://paiement.example.dz")
    if parts["scheme"] == "http" and not _is_loopback(parts["host"]):
        raise BadAddress("a key is not sent over http: the portal's address has to begin with https")
    return portal.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
