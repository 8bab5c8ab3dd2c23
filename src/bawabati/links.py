"""Secret links: addresses that nobody can guess and that need no row to be checked.

A link holds an identifier and 160 bits of a keyed digest over its purpose and that identifier. Who has the link may
see what it leads to, and a link of one purpose opens nothing else.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings

DIGEST_BYTES = 20
ID_BYTES = 8
TOKEN_LENGTH = 38


class Purpose(StrEnum):
    """What a link opens."""

    ATTEMPT = "attempt"
    RECEIPT = "receipt"
    INVITATION = "invitation"
    REMINDER = "reminder"
    CONTACT = "contact"
    AGREEMENT = "agreement"


def link_token(purpose: Purpose, identifier: int) -> str:
    """38 characters that are safe in an address; the same each time."""
    return _encode(settings.LINK_KEYS[0], purpose, identifier)


def read_link_token(purpose: Purpose, token: str) -> int | None:
    """The identifier, or None when the token was not made by us for this purpose."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        identifier = int.from_bytes(urlsafe_b64decode(token + "==")[:ID_BYTES], "big")
    except (NotBase64, ValueError):
        return None
    for key in settings.LINK_KEYS:
        if hmac.compare_digest(_encode(key, purpose, identifier), token):
            return identifier
    return None


def _encode(key: str, purpose: Purpose, identifier: int) -> str:
    body = identifier.to_bytes(ID_BYTES, "big")
    digest = hmac.new(key.encode(), purpose.encode() + b"\0" + body, sha256).digest()[:DIGEST_BYTES]
    return urlsafe_b64encode(body + digest).decode().rstrip("=")


def site(host_name: str = "") -> str:
    """Where the portal answers, as browsers write it: under that host of a company's own, or under ours."""
    if not host_name:
        return str(settings.PUBLIC_URL)
    ours = urlsplit(settings.PUBLIC_URL)
    return f"{ours.scheme}://{host_name}" + (f":{ours.port}" if ours.port else "")


def campaign_address(code: str, *, host_name: str) -> str:
    """The short address of a campaign's code, as people type it. `host_name`: of the company."""
    return f"{site(host_name)}/k/{code}"


def attempt_address(payment_id: int, *, language: str, host_name: str) -> str:
    """Where a payer sees how the attempt stands. `host_name`: of the company."""
    return f"{site(host_name)}/{language}/payment/{link_token(Purpose.ATTEMPT, payment_id)}/"


def return_address(payment_id: int, *, language: str, host_name: str) -> str:
    """Where the gateway sends a payer back. It works without session or cookies, and it only asks."""
    return attempt_address(payment_id, language=language, host_name=host_name) + "back/"


def fail_address(payment_id: int, *, language: str, host_name: str) -> str:
    """Where the gateway sends a payer back who did not pay."""
    return attempt_address(payment_id, language=language, host_name=host_name) + "back/not-paid/"


def callback_address(gateway_account_id: int) -> str:
    """Where a gateway's server may tell ours that something happened to an order of this merchant account."""
    return f"{settings.PUBLIC_URL}/callback/{gateway_account_id}/"


def receipt_address(receipt_id: int, *, host_name: str) -> str:
    """Where the receipt opens, to whoever has paid. `host_name`: of the company."""
    return f"{site(host_name)}/r/{link_token(Purpose.RECEIPT, receipt_id)}/"


def check_address(code: str, *, host_name: str) -> str:
    """Where anybody sees whether a receipt is genuine, from its code alone. In capitals a QR code takes less room."""
    return f"{site(host_name).upper()}/V/{code}"


def check_site(*, host_name: str) -> str:
    """Where a receipt's code can be typed or scanned; short enough to be printed for people."""
    return f"{site(host_name).partition('://')[2]}/v/"


def reminder_address(message_id: int, *, host_name: str, campaign_code: str = "") -> str:
    """Where a reminder leads: to its bills, and to where one ends reminders. `host_name`: of the company."""
    address = f"{site(host_name)}/m/{link_token(Purpose.REMINDER, message_id)}/"
    return f"{address}?c={campaign_code}" if campaign_code else address


def confirm_contact_address(contact_id: int, *, language: str, host_name: str) -> str:
    """Where somebody confirms that he wants reminders at the address to which this link was sent."""
    return f"{site(host_name)}/{language}/m/yes/{link_token(Purpose.CONTACT, contact_id)}/"


def agreement_address(agreement_id: int, *, host_name: str, language: str) -> str:
    """Where whoever asked for instalments sees how that stands, and pays them. `host_name`: of the company."""
    return f"{site(host_name)}/{language}/instalments/{link_token(Purpose.AGREEMENT, agreement_id)}/"


def invitation_address(invitation_id: int, *, language: str) -> str:
    """Where somebody who is invited to work here sets a password. The row says until when, and whether it was used."""
    return f"{settings.PUBLIC_URL}/{language}/staff/invitation/{link_token(Purpose.INVITATION, invitation_id)}/"


def board_address(*, language: str) -> str:
    """Where the director sees the board. No secret."""
    return f"{settings.PUBLIC_URL}/{language}/office/board/"


def work_list_address(*, language: str) -> str:
    """Where the owner of cases sees those that are overdue. No secret."""
    return f"{settings.PUBLIC_URL}/{language}/office/cases/?whose=mine&overdue=1"


def staff_security_address(*, language: str) -> str:
    """Where somebody who works here sees and ends the own sessions. No secret."""
    return f"{settings.PUBLIC_URL}/{language}/staff/security/"
