"""Where a provider's door is, and whether a key may go there."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def check_address(url: str) -> None:
    """Raises ValueError, whose message never repeats the address: it may hold a secret."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise ValueError("the address of the SMS provider cannot be read") from None
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.fragment:
        raise ValueError("the address of the SMS provider is a plain http(s) address, without user and password")
    if parts.scheme == "http" and not _is_this_machine(host):
        raise ValueError("the key of the SMS provider needs https, or a provider on this machine")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
