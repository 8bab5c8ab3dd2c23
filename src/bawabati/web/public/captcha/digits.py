"""Six digits that only we can tell from their ticket: nothing is stored until they are typed."""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from bawabati.companies.rules import clean_number
from bawabati.web.public.captcha.occasion import LIFE, Occasion, sign

HOW_MANY: Final = 6
_NONCE: Final = 9
_ENDS_AT: Final = 5
_MARK: Final = 16
_SIGNATURE: Final = 15
TICKET_LENGTH: Final = (_NONCE + _ENDS_AT + _MARK + _SIGNATURE) * 4 // 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket that we made and that is still alive. `text` stands in the form and in the sound's address."""

    text: str
    mark: str
    ends_at: int

    @property
    def digits(self) -> str:
        """What the picture shows and the sound says."""
        return f"{int.from_bytes(sign('digits', self.text.encode())) % 10**HOW_MANY:0{HOW_MANY}}"

    @property
    def digest(self) -> str:
        """By which the ticket is spent."""
        return sha256(f"digits {self.text}".encode()).hexdigest()

    def is_for(self, occasion: Occasion) -> bool:
        """Whether it was made for that form."""
        return hmac.compare_digest(self.mark, occasion.mark())

    def is_answered_by(self, typed: str) -> bool:
        """Whether these are its digits, in whatever script and with whatever spaces."""
        return hmac.compare_digest(clean_number(typed).encode(), self.digits.encode())


def new_ticket(*, occasion: Occasion, now: datetime) -> Ticket:
    """A ticket for that form, alive for ten minutes."""
    ends_at = int((now + LIFE).timestamp())
    body = secrets.token_bytes(_NONCE) + ends_at.to_bytes(_ENDS_AT) + bytes.fromhex(occasion.mark())
    text = urlsafe_b64encode(body + sign("ticket", body)[:_SIGNATURE]).decode()
    return Ticket(text=text, mark=occasion.mark(), ends_at=ends_at)


def read_ticket(text: str, *, now: datetime) -> Ticket | None:
    """The ticket, or None when it is none of ours or its ten minutes are over."""
    if len(text) != TICKET_LENGTH or not text.isascii():
        return None
    try:
        whole = urlsafe_b64decode(text)
    except (NotBase64, ValueError):
        return None
    body, signature = whole[:-_SIGNATURE], whole[-_SIGNATURE:]
    if urlsafe_b64encode(whole).decode() != text or not hmac.compare_digest(
        signature, sign("ticket", body)[:_SIGNATURE]
    ):
        return None
    ends_at = int.from_bytes(body[_NONCE : _NONCE + _ENDS_AT])
    if ends_at < now.timestamp():
        return None
    return Ticket(text=text, mark=body[_NONCE + _ENDS_AT :].hex(), ends_at=ends_at)
