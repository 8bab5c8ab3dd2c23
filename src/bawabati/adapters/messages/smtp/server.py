"""The mail server that takes our messages over, written as one address in the settings."""

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit


class Security(StrEnum):
    """How the line to the server is protected, by the scheme of its address."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


_USUAL_PORT = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}
_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 30.0
_OPTIONS = frozenset({"connect_seconds", "answer_seconds", "ca_file", "our_name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where to hand messages over, and how."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    connect_seconds: float = _CONNECT_SECONDS
    answer_seconds: float = _ANSWER_SECONDS
    """For each answer of the server. A busy one may think for a while over the end of a message."""
    ca_file: str = ""
    """Certificates to trust in place of the system's, for a server inside the company."""
    our_name: str = "localhost"
    """How we introduce ourselves. A fixed word: asking the system for its name may wait for a name server."""


def read_server(url: str) -> SmtpServer:
    """The server behind `smtp://`, `smtp+starttls://` or `smtps://[user:password@]host[:port][?option=value]`.

    User and password are percent-encoded. The options are the other fields of `SmtpServer`.

    Raises:
        ValueError: the address cannot be read, or it would send a password over a line that anybody may listen to.
            The message never repeats the address, which may hold a password.
    """
    parts = urlsplit(url)
    try:
        security = Security(parts.scheme)
    except ValueError:
        raise ValueError("a mail server's address begins with smtp://, smtp+starttls:// or smtps://") from None
    if not parts.hostname:
        raise ValueError("the mail server's address names no host")
    if parts.username and security is Security.NONE and not _is_this_machine(parts.hostname):
        raise ValueError("a password needs smtp+starttls:// or smtps://, or a server on this machine")
    options = _options(parts)
    return SmtpServer(
        host=parts.hostname,
        port=parts.port or _USUAL_PORT[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        connect_seconds=float(options.get("connect_seconds", _CONNECT_SECONDS)),
        answer_seconds=float(options.get("answer_seconds", _ANSWER_SECONDS)),
        ca_file=options.get("ca_file", ""),
        our_name=options.get("our_name", "localhost"),
    )


def _options(parts: SplitResult) -> dict[str, str]:
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if unknown := sorted(given.keys() - _OPTIONS):
        raise ValueError(f"the mail server's address has unknown options: {', '.join(unknown)}")
    return given


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
