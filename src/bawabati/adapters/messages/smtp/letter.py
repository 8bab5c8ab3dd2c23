"""From a message to the bytes that travel: headers that nobody can break out of, text and attachments.

Python's newer `EmailMessage` decodes what looks like an encoded word when a header is set, so that a subject of
`=?utf-8?q?=0d=0aBcc:...?=` becomes a line end after it was checked. The older classes put a header down as given, and
every value from outside is given encoded.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime
from urllib.parse import quote

from bawabati.adapters.messages.contract import Attachment, Message
from bawabati.adapters.messages.smtp.addresses import Mailbox, read_address, read_named_address

_CONTENT_TYPE = re.compile(r"(?P<kind>[a-z0-9.+-]+)/(?P<detail>[a-z0-9.+-]+)")
_DOT_ATOM = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*")
_ID_WITH_DOMAIN = re.compile(rf"{_DOT_ATOM.pattern}@{_DOT_ATOM.pattern}")
_LONGEST_ID = 60
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_LINE_END = re.compile(r"\r\n?|\n")
# SMTP ends lines by CR LF, and counts a letter without them as one line that is too long.
_ON_THE_WIRE = compat32.clone(linesep="\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message ready for a mail server. The addresses are those of the envelope; the content is ASCII."""

    sender: str
    recipient: str
    content: bytes


def write_letter(message: Message, *, dated: datetime) -> Letter:
    """The letter of a message. The same message and date give the same bytes.

    Line ends and control characters in the subject or in a file's name become spaces.

    Raises:
        NotAnAddressError: the recipient or the sender is not one address.
    """
    sender = read_named_address(_one_line(message.sender))
    recipient = read_address(message.to)
    message_id = _message_id(message.message_id, domain=sender.domain)
    content = MIMEMultipart(boundary=_boundary(message_id))
    content["From"] = _named(sender)
    content["To"] = recipient.address
    content["Subject"] = _encoded(message.subject, header="Subject")
    content["Date"] = format_datetime(dated)
    content["Message-ID"] = message_id
    if _LANGUAGE.fullmatch(message.language):
        content["Content-Language"] = message.language
    # Holiday notices and the like are not sent back to a machine (RFC 3834).
    content["Auto-Submitted"] = "auto-generated"
    content.attach(MIMEText(_LINE_END.sub("\r\n", _encodable(message.text)), "plain", "utf-8"))
    for attachment in message.attachments:
        content.attach(_enclosed(attachment))
    return Letter(sender=sender.address, recipient=recipient.address, content=content.as_bytes(policy=_ON_THE_WIRE))


def _enclosed(attachment: Attachment) -> MIMEBase:
    known = _CONTENT_TYPE.fullmatch(attachment.content_type)
    part = MIMEBase(known["kind"], known["detail"]) if known else MIMEBase("application", "octet-stream")
    part.set_payload(attachment.content)
    encode_base64(part)
    name = _one_line(attachment.name) or "document"
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    return part


def _encoded(value: str, *, header: str) -> str:
    """One line, every character of it encoded: nothing in it can mean anything to a mail program."""
    # Cut to fit behind the header's name, and without line ends: the letter is folded once, when it is written out.
    return Header(_one_line(value), "utf-8", header_name=header).encode(linesep="")


def _named(mailbox: Mailbox) -> str:
    if not mailbox.name:
        return mailbox.address
    return f"{_encoded(mailbox.name, header='From')} <{mailbox.address}>"


def _message_id(given: str, *, domain: str) -> str:
    """`<id@domain>`, whatever was given, and always the same for the same id."""
    bare = given.strip().removeprefix("<").removesuffix(">")
    if len(bare) > _LONGEST_ID:
        return f"<{hashlib.sha256(_encodable(bare).encode()).hexdigest()}@{domain}>"
    if _ID_WITH_DOMAIN.fullmatch(bare):
        return f"<{bare}>"
    local_part = bare if _DOT_ATOM.fullmatch(bare) else quote(_encodable(bare), safe="").replace(".", "%2E")
    return f"<{local_part or 'message'}@{domain}>"


def _boundary(message_id: str) -> str:
    """What separates the parts. Every part is base64, in which "=_" cannot occur."""
    return f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:32]}"


def _one_line(value: str) -> str:
    spaced = "".join(character if character.isprintable() else " " for character in value)
    return " ".join(spaced.split())


def _encodable(value: str) -> str:
    """Without the halves of characters that a broken source may hold, and that no encoding has."""
    return value.encode("utf-8", "replace").decode("utf-8")
