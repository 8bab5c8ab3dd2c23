"""What a Caisse-AP answer says, as outcomes and facts.

Rule: caisse-ap-answers (readers.md 2.B.2)
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from agency_bridge.drivers.caisse_ap import tlv
from agency_bridge.drivers.contract import Facts, Outcome, Slip
from agency_bridge.moments import ALGIERS
from agency_bridge.redaction import masked_card, masked_text

_DONE: Final = "10"
_NOT_DONE: Final = "01"
_CANCELLED: Final = frozenset({"06", "08", "11"})
_AGREES_WITH_DONE: Final = frozenset({"", "00", "01", "03"})
_ENTRY: Final = {"1": "ICC", "2": "Contactless", "3": "MagStripe", "4": "Keyed"}
_CURRENCIES: Final = {"012": "DZD"}
_WHEN: Final = re.compile(
    r"(?P<day>\d{2})[/.-](?P<month>\d{2})[/.-](?P<year>\d{4}|\d{2})\D{1,12}(?P<hour>\d{2})[:hH](?P<minute>\d{2})(?:[:mM](?P<second>\d{2}))?",
    re.ASCII,
)
_MOST_LINES: Final = 200


def is_answer_to(answer: Mapping[str, str], sent: Mapping[str, str]) -> bool:
    """Whether till, action, currency and amount are those that we sent. An amount may come padded with zeros."""
    return all(answer.get(tag) == sent[tag] for tag in ("CA", "CD", "CE")) and (
        "CB" not in sent or amount_of(answer) == int(sent["CB"])
    )


def amount_of(answer: Mapping[str, str]) -> int | None:
    """Centimes; None when there is no readable amount."""
    amount = answer.get("CB", "")
    return int(amount) if amount.isascii() and amount.isdigit() and len(amount) <= 12 else None  # noqa: PLR2004 - as long as the field


def outcome_of(answer: Mapping[str, str]) -> Outcome:
    """`AE` decides, `AF` says why; where they contradict each other nothing is known."""
    done, detail = answer.get("AE"), answer.get("AF", "")
    if done == _DONE:
        return Outcome.APPROVED if detail in _AGREES_WITH_DONE else Outcome.UNKNOWN
    if done != _NOT_DONE or detail in {"01", "03"}:
        return Outcome.UNKNOWN
    return Outcome.CANCELLED if detail in _CANCELLED else Outcome.DECLINED


def facts_of(answer: Mapping[str, str], *, reference: str) -> Facts:
    """Everything that an answer says and may be kept. `reference` is what we sent as private data."""
    said = answer.get("CF", "")
    printed = ticket_moment(answer)
    return Facts(
        sale_reference=masked_text(said),
        echoes_reference=bool(reference) and said == reference,
        amount_centimes=amount_of(answer),
        currency=_CURRENCIES.get(answer.get("CE", ""), answer.get("CE", "")),
        approval_code=answer.get("AC", ""),
        masked_card=masked_card(answer.get("AA", "")),
        entry_mode=_ENTRY.get(answer.get("CI", ""), ""),
        poi_transaction_at=printed.isoformat() if printed else "",
        merchant_id=answer.get("CG", ""),
        reason=f"AF{answer['AF']}" if answer.get("AE") != _DONE and "AF" in answer else "",
        slip=Slip(customer=ticket_lines(answer)),
    )


def ticket_lines(answer: Mapping[str, str]) -> tuple[str, ...]:
    """The ticket that an answer carries, line by line; empty when it carries none, or none that is plain text."""
    try:
        ticket = tlv.read(answer.get("ZT", "").encode("ascii"))
        text = base64.b64decode(ticket["AK"], validate=True).decode("latin-1")
    except (tlv.Malformed, KeyError, binascii.Error, ValueError):
        return ()
    if ticket.get("CK", "000")[2:] == "1":  # HTML
        return ()
    lines = (re.sub(r"[^\x20-\x7e\xa0-\xff]", "", line).rstrip() for line in text.splitlines())
    return tuple(masked_text(line)[:120] for line in lines)[:_MOST_LINES]


def ticket_moment(answer: Mapping[str, str]) -> datetime | None:
    """When the ticket was printed, by the reader's own clock; None where it does not say."""
    found = _WHEN.search("\n".join((answer.get("AP", ""), *ticket_lines(answer))))
    if found is None:
        return None
    year = int(found["year"])
    try:
        return datetime(
            year if year > 99 else 2000 + year,  # noqa: PLR2004 - two digits or four
            int(found["month"]),
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"]),
            int(found["second"] or 0),
            tzinfo=ALGIERS,
        )
    except ValueError:
        return None
