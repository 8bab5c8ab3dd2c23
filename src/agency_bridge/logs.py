"""Logs that never hold a card number or a key, even when a library writes them."""

from __future__ import annotations

import logging
import re
import sys
from typing import Final

from agency_bridge.redaction import masked_text

_KEYS: Final = re.compile(r"(?i)\b(bearer\s+|key['\"=: ]+|code['\"=: ]+|passphrase['\"=: ]+)[^\s&'\",}]+")


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _KEYS.sub(r"\1[hidden]", masked_text(super().format(record)))


def log_to_stderr(*, level: str) -> None:
    """One line for each thing that happened; libraries speak only of what went wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("agency_bridge").setLevel(level.upper())
