"""What a message channel does for us: one verb, and answers that are values."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that travels with a message."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one person. `message_id` is the same each time the same message is sent again.

    An e-mail goes `to` an address; an SMS to a number in E.164, without subject and attachments.
    """

    message_id: str
    to: str
    subject: str
    text: str
    language: str
    sender: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The next server has taken the message over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The address or the message is refused for good; sending it again cannot help."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TryLater:
    """Not now: no connection, a time-out, a temporary refusal. It may also have been accepted without our knowing."""

    reason: str


SendAnswer = Accepted | Rejected | TryLater


class Channel(Protocol):
    """A way to send messages: SMTP, and SMS over HTTP. Safe to share between threads."""

    def send(self, message: Message) -> SendAnswer:
        """Sends. Safe to repeat: the message keeps its `message_id`, so a second copy is recognisable."""
