"""The payer's phone and inbox: what was sent to whom, newest first, and never more than a thousand of each."""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from sandbox.shelf import NoShelf, Shelf

MOST_KEPT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """A text message as the phone shows it: a bank's, with a code, or one that a merchant sent through the SMS door."""

    number: int
    phone: str
    text: str
    code: str
    md_order: str
    at: float
    sender: str = ""
    identifier: str = ""
    """What the merchant calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came with an e-mail."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An e-mail as it came over SMTP: the envelope, and the message as bytes."""

    number: int
    sender: str
    recipients: tuple[str, ...]
    at: float
    raw: bytes = field(repr=False)

    def parsed(self) -> EmailMessage:
        """The message, however broken."""
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def subject(self) -> str:
        return _header(self.parsed(), "Subject")

    @property
    def message_id(self) -> str:
        return _header(self.parsed(), "Message-ID")

    @property
    def text(self) -> str:
        """The plain text; empty when there is none."""
        return _text_of(self.parsed(), "plain")

    @property
    def html(self) -> str:
        """The HTML text; empty when there is none."""
        return _text_of(self.parsed(), "html")

    @property
    def attachments(self) -> list[Attachment]:
        message = self.parsed()
        bodies = {id(message.get_body((kind,))) for kind in ("plain", "html")}
        return [
            Attachment(
                name=part.get_filename() or f"part-{index}",
                content_type=part.get_content_type(),
                content=_bytes_of(part),
            )
            for index, part in enumerate(message.walk())
            if not part.is_multipart() and id(part) not in bodies
        ]


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError, TypeError):
        # The standard library gives up in many ways on a header that is not one; the inbox shows what it can.
        return ""


def _text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    charset = part.get_content_charset() or "utf-8"
    content = _bytes_of(part)
    try:
        return content.decode(charset, errors="replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", errors="replace")


def _bytes_of(part: object) -> bytes:
    content = part.get_payload(decode=True) if isinstance(part, EmailMessage) else None
    return content if isinstance(content, bytes) else b""


class Phone:
    """Every phone of every card holder."""

    def __init__(self, *, shelf: Shelf | None = None) -> None:
        self._shelf = shelf or NoShelf()
        self._messages = deque((Sms(**row) for row in self._shelf.rows("sms")), maxlen=MOST_KEPT)
        self._counted = max((sms.number for sms in self._messages), default=0)

    def receive(
        self,
        *,
        phone: str,
        text: str,
        now: float,
        code: str = "",
        md_order: str = "",
        sender: str = "",
        identifier: str = "",
    ) -> Sms:
        self._counted += 1
        sms = Sms(
            number=self._counted,
            phone=phone,
            text=text,
            code=code,
            md_order=md_order,
            at=now,
            sender=sender,
            identifier=identifier,
        )
        if len(self._messages) == MOST_KEPT:
            self._shelf.drop("sms", str(self._messages[0].number))
        self._messages.append(sms)
        self._shelf.put("sms", str(sms.number), asdict(sms))
        return sms

    def has(self, identifier: str) -> bool:
        """Whether a merchant's message of that identifier has come."""
        return any(sms.identifier == identifier for sms in self._messages)

    def messages(self, *, phone: str = "", md_order: str = "") -> list[Sms]:
        """Newest first; all phones when `phone` is empty."""
        return [sms for sms in reversed(self._messages) if phone in {"", sms.phone} and md_order in {"", sms.md_order}]

    def clear(self) -> None:
        self._messages.clear()


class Inbox:
    """Every mailbox of every payer."""

    def __init__(self, *, shelf: Shelf | None = None) -> None:
        self._shelf = shelf or NoShelf()
        self._mails: dict[int, Mail] = {}
        for row in self._shelf.rows("mail"):
            raw = base64.b64decode(row["raw"])
            self._mails[row["number"]] = Mail(**{**row, "recipients": tuple(row["recipients"]), "raw": raw})
        self._counted = max(self._mails, default=0)

    def receive(self, *, sender: str, recipients: Iterable[str], raw: bytes, now: float) -> Mail:
        self._counted += 1
        mail = Mail(number=self._counted, sender=sender, recipients=tuple(recipients), at=now, raw=raw)
        if len(self._mails) == MOST_KEPT:
            oldest = next(iter(self._mails))
            del self._mails[oldest]
            self._shelf.drop("mail", str(oldest))
        self._mails[mail.number] = mail
        row = asdict(mail) | {"raw": base64.b64encode(raw).decode()}
        self._shelf.put("mail", str(mail.number), row)
        return mail

    def find_mail(self, number: int) -> Mail | None:
        return self._mails.get(number)

    def mails(self, *, to: str = "") -> list[Mail]:
        """Newest first; everybody's when `to` is empty."""
        return [mail for mail in reversed(self._mails.values()) if not to or to in mail.recipients]

    def clear(self) -> None:
        self._mails.clear()
