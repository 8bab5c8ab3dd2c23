"""Until when the certificate of the public address holds, as a browser sees it."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

SECONDS: Final = 10


def certificate_ends_at(public_url: str) -> datetime | None:
    """The end of the certificate that the address shows; None where it has none. Raises OSError when nobody answers.

    A certificate that browsers refuse raises ssl.SSLCertVerificationError, which is an OSError too.
    """
    address = urlsplit(public_url)
    if address.scheme != "https" or address.hostname is None:
        return None
    context = ssl.create_default_context()
    with (
        socket.create_connection((address.hostname, address.port or 443), timeout=SECONDS) as line,
        context.wrap_socket(line, server_hostname=address.hostname) as secured,
    ):
        shown = secured.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
