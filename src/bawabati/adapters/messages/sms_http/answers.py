"""What a provider's answer means. Only its own word refuses a message for good: an HTTP status alone never does."""

import json
from typing import Any

from bawabati.adapters.messages.contract import Accepted, Rejected, SendAnswer, TryLater

_LONGEST_REASON = 200
_ANSWERED = range(200, 300)
_REFUSED = range(400, 500)
_OURS = frozenset({401, 403, 404, 405, 407, 408, 413, 415, 429})
"""The key, the address or the pace is at fault, whatever the body says: the message stays good."""


def read_answer(*, status: int, content: bytes, hiding: str) -> SendAnswer:
    """The answer as a value; `hiding` is taken out of the reason, which is kept longer than the number is."""
    said = _said(content)
    word = said.get("status")
    reason = _one_line(f"{status} {said.get('reason') or word or 'without a readable word'}", hiding=hiding)
    if status in _ANSWERED and word == "accepted":
        return Accepted()
    if word == "rejected" and status not in _OURS and (status in _ANSWERED or status in _REFUSED):
        return Rejected(reason=reason)
    return TryLater(reason=reason)


def _said(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _one_line(said: str, *, hiding: str) -> str:
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in said).split())
    for known in (hiding, hiding.removeprefix("+")):
        line = line.replace(known, "(the recipient)")
    return line[:_LONGEST_REASON]
