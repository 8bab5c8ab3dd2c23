"""From the facts of a receipt to what its page shows: text, figures, times and the QR code, as one JSON object."""

import io
import json
from datetime import UTC, datetime
from typing import Final

import segno

from bawabati.adapters.documents.contract import Issuer, ReceiptFacts, ReceiptLine
from bawabati.adapters.documents.plain_text import LONGEST, breakable, plain_text, unbreakable
from bawabati.money.dates import display_moment
from bawabati.money.display import with_currency

LANGUAGES: Final = frozenset({"ar", "fr", "en"})

_LONGEST_QR_ADDRESS: Final = 500
# Readers accept any of the eight masks; trying them all for the best-looking one takes a quarter of a receipt's time.
_MASK: Final = 3
_LONGEST_LOGO: Final = 200_000
# In characters: what the narrowest column of the table shows on one line.
_WIDEST_CELL: Final = 18
# What surely fits on the page at full size. Above any of it, the template measures before it sets.
_COMFORTABLE_LINES: Final = 2
_COMFORTABLE_LENGTH: Final = 24
_COMFORTABLE_LENGTHS: Final = {
    "status": 45,
    "gateway_message": 90,
    "amount_in_words": 160,
    "check_url": 300,  # inside the square, not beside it
    "shown_url": 60,
    "name": 80,
    "legal_form": 40,
    "address": 100,
}


def receipt_page(facts: ReceiptFacts, *, with_logo: bool = True) -> str:
    """The JSON that `receipt.typ` reads. The same facts give the same text.

    Raises:
        ValueError: The language is not one of `LANGUAGES`, or `paid_at` has no zone.
    """
    if facts.language not in LANGUAGES:
        raise ValueError(f"there is no receipt in {facts.language!r}, only in {', '.join(sorted(LANGUAGES))}")
    shown = _texts(facts)
    issuer = _issuer(facts.issuer)
    lines = [_line(line, language=facts.language) for line in facts.lines]
    return json.dumps(
        {
            **shown,
            "language": facts.language,
            "duplicata": facts.duplicata,
            "issuer": issuer,
            "logo": _logo(facts.issuer.logo_svg) if with_logo else "",
            "paid_moment": _moment_parts(facts.paid_at),
            "lines": lines,
            "qr": _qr_svg(shown["check_url"]),
            "crowded": _crowded([shown, issuer, *lines], lines=len(lines)),
        }
    )


def _texts(facts: ReceiptFacts) -> dict[str, str]:
    return {
        "number": _identifier(facts.number),
        "status": _phrase(facts.status),
        "gateway_message": _phrase(facts.gateway_message),
        "transaction_id": _identifier(facts.transaction_id),
        "order_number": _identifier(facts.order_number),
        "approval_code": _identifier(facts.approval_code),
        "masked_card": _identifier(facts.masked_card),
        "payment_method": _phrase(facts.payment_method, longest=60),
        "paid_at": unbreakable(f"{display_moment(facts.paid_at)} (GMT+1)"),
        "amount": with_currency(facts.amount, facts.language),
        "stamp_duty": with_currency(facts.stamp_duty, facts.language) if facts.stamp_duty else "",
        "total_paid": with_currency(facts.amount + facts.stamp_duty, facts.language),
        "agency_name": _phrase(facts.agency_name, longest=80),
        "desk_code": _identifier(facts.desk_code),
        "cashier_name": _phrase(facts.cashier_name, longest=80),
        "cheque_number": _identifier(facts.cheque_number),
        "terminal_id": _identifier(facts.terminal_id),
        "merchant_id": _identifier(facts.merchant_id),
        "amount_in_words": _phrase(facts.amount_in_words),
        "check_url": plain_text(facts.check_url, longest=2000),
        "shown_url": breakable(plain_text(facts.check_site), longest_word=70),
        "help_number": _identifier(facts.help_number),
    }


def _issuer(issuer: Issuer) -> dict[str, str]:
    return {
        "name": _phrase(issuer.name, longest=120),
        "legal_form": _phrase(issuer.legal_form, longest=120),
        "address": _phrase(issuer.address, longest=200),
        "phone": _identifier(issuer.phone),
        "nif": _identifier(issuer.nif),
        "nis": _identifier(issuer.nis),
        "rc": _identifier(issuer.rc),
        "ai": _identifier(issuer.ai),
    }


def _line(line: ReceiptLine, *, language: str) -> dict[str, str]:
    return {
        "payment_number": _cell(line.payment_number),
        "bill_number": _cell(line.bill_number),
        "customer_number": _cell(line.customer_number),
        "holder_initials": unbreakable(plain_text(line.holder_initials, longest=20)),
        "period": _phrase(line.period, longest=60),
        "amount": with_currency(line.amount, language),
        "left": with_currency(line.left, language) if line.left else "",
        "moved": with_currency(line.moved, language) if line.moved else "",
        "moved_to": _cell(line.moved_to),
        "surplus": with_currency(line.surplus, language) if line.surplus else "",
    }


def _phrase(value: str, *, longest: int = LONGEST) -> str:
    return breakable(plain_text(value, longest=longest))


def _cell(value: str) -> str:
    """A number in the table of bills: in one piece when its column has the room."""
    text = plain_text(value, longest=64)
    return unbreakable(text) if len(text) <= _WIDEST_CELL else breakable(text, longest_word=_WIDEST_CELL)


def _identifier(value: str) -> str:
    return breakable(unbreakable(plain_text(value, longest=64)))


def _moment_parts(paid_at: datetime) -> dict[str, int]:
    """The moment of payment as the document's own date: a date of today would change the file each time.

    In UTC, because typst writes the document's date as such.
    """
    moment = paid_at.astimezone(UTC)
    parts = ("year", "month", "day", "hour", "minute", "second")
    return {part: getattr(moment, part) for part in parts}


def _logo(svg: str) -> str:
    return svg if len(svg) <= _LONGEST_LOGO else ""


def _qr_svg(address: str) -> str:
    """A QR code of the address; nothing when there is none, or when it would be too dense for a phone."""
    if not address or len(address) > _LONGEST_QR_ADDRESS:
        return ""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=_MASK).save(picture, kind="svg", border=0, xmldecl=False)
    return picture.getvalue().decode("ascii")


def _crowded(parts: list[dict[str, str]], *, lines: int) -> bool:
    return lines > _COMFORTABLE_LINES or any(
        len(value) > _COMFORTABLE_LENGTHS.get(name, _COMFORTABLE_LENGTH)
        for part in parts
        for name, value in part.items()
    )
