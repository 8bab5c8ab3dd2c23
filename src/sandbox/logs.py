"""Logs that never hold a card number, a code or a password, even when a library writes them."""

from __future__ import annotations

import logging
import re
import sys

_SECRETS = (
    (re.compile(r"(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)"), "[card]"),
    (re.compile(r"(?i)\b(password|passwordEdit|iCVC|cvv2?|code|iPAN|pan_visible)=[^&\s\"']*"), r"\1=[hidden]"),
)


def redacted(text: str) -> str:
    """The same text without what looks like a card number, a CVV2, a code or a password."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def log_to_stderr(*, level: str) -> None:
    """One line for each call on standard error; libraries speak only of what went wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting("%(asctime)s sandbox %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("sandbox").setLevel(level)
    # These two complain of every connection that a fault breaks off on purpose.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
