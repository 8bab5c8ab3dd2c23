"""The mail server that every message of the portal ends at. It takes any mail for anybody and delivers it nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from sandbox.clock import Clock
from sandbox.gateway.faults import MAIL_KINDS, FaultPlan, Kind, Moment
from sandbox.phone.messages import Inbox

LARGEST_BYTES = 25 * 1024 * 1024


class MailDoor:
    """What happens to each message that is offered."""

    def __init__(self, *, inbox: Inbox, faults: FaultPlan, clock: Clock) -> None:
        self._inbox = inbox
        self._faults = faults
        self._clock = clock

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        fault = self._faults.draw(Moment.MAIL, kinds=MAIL_KINDS)
        if fault is not None and fault.kind is Kind.MAIL_REFUSED:
            temporary = fault.status is not None and fault.status < 500  # noqa: PLR2004 - SMTP's own border
            return "451 Try again later" if temporary else "550 Mailbox unavailable"
        if fault is not None and fault.kind is Kind.MAIL_SLOW:
            await asyncio.sleep(fault.seconds)
        copies = 2 if fault is not None and fault.kind is Kind.MAIL_TWICE else 1
        for _ in range(copies):
            self._inbox.receive(
                sender=envelope.mail_from or "",
                recipients=envelope.rcpt_tos,
                raw=_as_bytes(envelope.content),
                now=self._clock.now(),
            )
        return "250 Accepted"


def _as_bytes(content: str | bytes | None) -> bytes:
    return content.encode() if isinstance(content, str) else content or b""


def _anybody(*_told: Any) -> AuthResult:  # noqa: ANN401 - aiosmtpd tells much, and none of it matters here
    return AuthResult(success=True)


def mail_server(door: MailDoor) -> Callable[[], SMTP]:
    """What the loop needs for each connection."""

    def connection() -> SMTP:
        return SMTP(
            door,
            data_size_limit=LARGEST_BYTES,
            enable_SMTPUTF8=True,
            hostname="sandbox.invalid",
            ident="sandbox, not real",
            authenticator=_anybody,
            auth_require_tls=False,
        )

    return connection
