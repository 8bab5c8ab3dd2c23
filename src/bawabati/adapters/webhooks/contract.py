"""What a webhook sender does for us: one verb, and answers that are values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One webhook: the body goes to `url` byte for byte, with these headers beside the usual ones."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """It was answered with a status of 200 to 299."""

    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTaken:
    """It may have arrived all the same. `status`: of an answer that is not good; None: no answer came.

    `reason` is a stable code: answered, redirected, timed_out, no_connection, not_https, private_address, unknown_name.
    """

    status: int | None
    reason: str


PostAnswer = Taken | NotTaken


class WebhookSender(Protocol):
    """Sends webhooks. Safe to share between threads; never raises."""

    def send(self, post: Post) -> PostAnswer:
        """Sends once. Safe to repeat: who receives knows it by its number."""
