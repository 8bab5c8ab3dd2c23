"""A real mail server for the tests of the channel: aiosmtpd on a free port, told what to answer."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Inbox:
    """Where the server listens, what it received, and how it behaves at each step ("" is the ordinary answer)."""

    port: int = 0
    received: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    at_sender: str = ""
    at_recipient: str = ""
    at_content: str = ""
    hangs_up_at_content: bool = False
    silent_at_content: bool = False

    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=policy.default) for content in self.received]


class _Handler:
    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def handle_MAIL(  # noqa: N802 - aiosmtpd finds its hooks by these names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._inbox.at_sender:
            return self._inbox.at_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self._inbox.at_recipient:
            return self._inbox.at_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self._inbox.at_content:
            return self._inbox.at_content
        assert isinstance(envelope.content, bytes)
        self._inbox.received.append(envelope.content)
        self._inbox.recipients.extend(address for address in envelope.rcpt_tos if address)
        if self._inbox.hangs_up_at_content:
            _hang_up(server)
        if self._inbox.silent_at_content:
            await asyncio.sleep(60)
        return "250 taken"


@contextmanager
def mail_server(
    *,
    tls: ssl.SSLContext | None = None,
    tls_from_the_start: bool = False,
    login: tuple[str, str] | None = None,
) -> Iterator[Inbox]:
    """A server that listens until the block ends."""
    inbox = Inbox()

    def check_login(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, credentials: object
    ) -> AuthResult:
        assert isinstance(credentials, LoginPassword)
        given = (credentials.login, credentials.password)
        inbox.logins.append(given)
        wanted = login and (login[0].encode(), login[1].encode())
        return AuthResult(success=given == wanted, handled=False)

    loop = asyncio.new_event_loop()

    conversations: list[SMTP] = []

    def make() -> SMTP:
        conversation = SMTP(
            _Handler(inbox),
            hostname="mail.test",
            tls_context=None if tls_from_the_start else tls,
            require_starttls=tls is not None and not tls_from_the_start,
            authenticator=check_login if login else None,
            auth_require_tls=False,
            loop=loop,
        )
        conversations.append(conversation)
        return conversation

    async def listen() -> asyncio.Server:
        return await loop.create_server(make, "127.0.0.1", 0, ssl=tls if tls_from_the_start else None)

    # In a thread of its own from the start: a browser's test may keep a loop in this one.
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(timeout=10)
    inbox.port = server.sockets[0].getsockname()[1]
    try:
        yield inbox
    finally:
        asyncio.run_coroutine_threadsafe(_close(server, conversations), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _close(server: asyncio.Server, conversations: list[SMTP]) -> None:
    server.close()
    running = asyncio.all_tasks() - {asyncio.current_task()}
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for conversation in conversations:
        _hang_up(conversation)
    await asyncio.sleep(0.01)  # the loop closes what was aborted on its next rounds


def _hang_up(conversation: SMTP) -> None:
    if isinstance(conversation.transport, asyncio.WriteTransport):
        conversation.transport.abort()
