"""What may be kept of an answer: enough to prove what was said, nothing that must not lie in a database.

No card number, card-holder name, expiry or password stays; the number that the gateway has masked itself does. What is
left can be stored as JSON by PostgreSQL.
"""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

from bawabati.adapters.gateways.satim.body import fold, printable

# Personal, secret, or a key to a stored card. Names folded to small letters.
_NEVER_KEPT = frozenset(
    {
        "bindingid",
        "cardholder",
        "cardholdername",
        "clientid",
        "cvc",
        "cvc2",
        "cvv",
        "cvv2",
        "email",
        "expiration",
        "expiry",
        "ip",
        "password",
        "paymentaccountreference",
        "phone",
        "username",
    }
)
_CARD_NUMBER_FIELDS = frozenset({"pan", "maskedpan"})
_MASKED = re.compile(r"[0-9*Xx•. -]{8,32}")
_MASK = re.compile(r"[*Xx•.]{2,}")
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)", re.ASCII)
_DIGITS_SHOWN = 4
_ASKED_MAY_BE_KEPT = (*("orderNumber", "orderId", "mdOrder", "amount", "currency", "language", "externalRefundId"),)
"""Not who we are, nor the payer's secret links, nor the numbers of his bills."""
_LARGEST_PLAIN_NUMBER = 10**14  # a moment in milliseconds has 13 digits; from 15 on it could be a card number
_DEEPEST = 6
_LONGEST_LIST = 100
_LONGEST_TEXT = 2000
_CUT = "…"


def asked_of(form: Mapping[str, str]) -> dict[str, str]:
    """What may be kept of a message of ours."""
    return {name: form[name] for name in _ASKED_MAY_BE_KEPT if name in form}


def unreadable_body(text: str, *, secrets: Iterable[str] = ()) -> dict[str, object]:
    """What may be kept of a body that is no JSON. A broken piece of JSON may hold a name in clear: only its digest."""
    if text.lstrip()[:1] in {"{", "["}:
        return {"length": len(text), "sha256": sha256(text.encode(errors="replace")).hexdigest()}
    return {"text": kept_text(text, secrets=secrets)}


def kept(answer: object, *, secrets: Iterable[str] = (), depth: int = 0) -> object:
    """`answer`, any JSON value, as it may be stored. `secrets` are blanked wherever they appear."""
    if isinstance(answer, str):
        return kept_text(answer, secrets=secrets)
    if isinstance(answer, int) and abs(answer) >= _LARGEST_PLAIN_NUMBER:
        return kept_text(str(answer), secrets=secrets)
    if isinstance(answer, (dict, list)) and depth >= _DEEPEST:
        return _CUT
    if isinstance(answer, list):
        rows = [row for row in answer[:_LONGEST_LIST] if not _names_something_private(row)]
        return [kept(row, secrets=secrets, depth=depth + 1) for row in rows]
    if isinstance(answer, dict):
        return {
            kept_text(name, secrets=secrets)[:64]: _kept_field(name, value, secrets=secrets, depth=depth + 1)
            for name, value in list(answer.items())[:_LONGEST_LIST]
            if fold(name) not in _NEVER_KEPT
        }
    return answer


def _kept_field(name: str, value: object, *, secrets: Iterable[str], depth: int) -> object:
    if fold(name) in _CARD_NUMBER_FIELDS:
        return masked_card(value)
    return kept(value, secrets=secrets, depth=depth)


def _names_something_private(row: object) -> bool:
    """A `{"name": "cardholderName", "value": ...}` of the lists in the extended status."""
    return isinstance(row, dict) and any(
        fold(key) == "name" and isinstance(name, str) and fold(name) in _NEVER_KEPT for key, name in row.items()
    )


def kept_text(text: str, *, secrets: Iterable[str] = ()) -> str:
    """Text without secrets and card numbers, printable and bounded."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return _LONG_NUMBER.sub(_mask_if_card, printable(text[: 2 * _LONGEST_TEXT]))[:_LONGEST_TEXT]


def masked_card(value: object) -> str:
    """The card number as the gateway masked it; masked here when it did not; "" when there is none."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _MASKED.fullmatch(text):
        return ""
    if _MASK.search(text) and not _LONG_NUMBER.search(text):
        return text
    digits = re.sub(r"\D", "", text)
    return f"{digits[:_DIGITS_SHOWN]}****{digits[-_DIGITS_SHOWN:]}" if len(digits) > 2 * _DIGITS_SHOWN else ""


def _mask_if_card(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    return f"{digits[:_DIGITS_SHOWN]}****{digits[-_DIGITS_SHOWN:]}" if _passes_luhn(digits) else found[0]


def _passes_luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0  # noqa: PLR2004 - Luhn's nine
