"""Messages over SMTP: one connection for each message, every wait bounded, every failure a value."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import UTC, datetime

from bawabati.adapters.messages.contract import Accepted, Message, Rejected, SendAnswer, TryLater
from bawabati.adapters.messages.smtp.addresses import NotAnAddressError
from bawabati.adapters.messages.smtp.letter import Letter, write_letter
from bawabati.adapters.messages.smtp.server import Security, SmtpServer, read_server

_LONGEST_REASON = 300
# The server wants a login, or another one: our settings are at fault, so the message stays good.
_LOGIN_REPLIES = frozenset({530, 534, 535, 538})
_PERMANENT = range(500, 600)


def _now() -> datetime:
    return datetime.now(UTC)


class Smtp:
    """Sends through the mail server of `url` (see `read_server`). Safe to share between threads; never raises.

    A message whose end was sent and never answered comes back as `TryLater`, although the server may have it: sent
    again it carries the same Message-ID.

    Raises:
        ValueError: at the start, when `url` cannot be read.
    """

    def __init__(self, *, url: str, clock: Callable[[], datetime] = _now) -> None:
        self._server = read_server(url)
        self._clock = clock
        self._tls = ssl.create_default_context(cafile=self._server.ca_file or None)

    def send(self, message: Message) -> SendAnswer:
        try:
            letter = write_letter(message, dated=self._clock())
        except NotAnAddressError as refusal:
            return Rejected(reason=str(refusal))
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException) as failure:
            # Nothing was said about this message yet: the line or our settings are at fault.
            return TryLater(reason=_reason(failure, hiding=letter.recipient))
        return _hand_over(letter, connection)

    def _connect(self) -> smtplib.SMTP:
        """A connection on which a message may begin."""
        connection = _dial(self._server, self._tls)
        try:
            if connection.sock is not None:
                connection.sock.settimeout(self._server.answer_seconds)
            if self._server.security is Security.STARTTLS:
                connection.starttls(context=self._tls)
            connection.ehlo_or_helo_if_needed()
            if self._server.user:
                connection.login(self._server.user, self._server.password)
        except BaseException:
            connection.close()
            raise
        return connection


def _dial(server: SmtpServer, tls: ssl.SSLContext) -> smtplib.SMTP:
    if server.security is Security.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, server.our_name, timeout=server.connect_seconds, context=tls)
    return smtplib.SMTP(server.host, server.port, server.our_name, timeout=server.connect_seconds)


def _hand_over(letter: Letter, connection: smtplib.SMTP) -> SendAnswer:
    try:
        connection.sendmail(letter.sender, [letter.recipient], letter.content)
    except (OSError, smtplib.SMTPException) as failure:
        return _judge(failure, hiding=letter.recipient)
    else:
        _say_goodbye(connection)
        return Accepted()
    finally:
        connection.close()


def _judge(failure: Exception, *, hiding: str) -> Rejected | TryLater:
    reason = _reason(failure, hiding=hiding)
    code = _code(failure)
    if code in _PERMANENT and code not in _LOGIN_REPLIES:
        return Rejected(reason=reason)
    return TryLater(reason=reason)


def _say_goodbye(connection: smtplib.SMTP) -> None:
    """Politeness only: the server already has the message, whatever happens here."""
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        return


def _code(failure: Exception) -> int | None:
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return next(code for code, _ in failure.recipients.values())
    return failure.smtp_code if isinstance(failure, smtplib.SMTPResponseException) else None


def _reason(failure: Exception, *, hiding: str) -> str:
    """What went wrong on one line, without the person's address: reasons are kept longer than addresses."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        said = " ".join(f"{code} {_text(text)}" for code, text in failure.recipients.values())
    elif isinstance(failure, smtplib.SMTPResponseException):
        said = f"{failure.smtp_code} {_text(failure.smtp_error)}"
    else:
        said = f"{type(failure).__name__}: {failure}"
    one_line = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    return one_line.replace(hiding, "(the recipient)")[:_LONGEST_REASON]


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
