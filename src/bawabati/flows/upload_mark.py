"""The card schemes' mark on the button that pays: shown only with the licence under which it may be."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from bawabati.audit.writes import record_act
from bawabati.companies.models import Company
from bawabati.companies.rules import CARD_MARK, LooksLikeACardNumber, check_mark, looks_like_a_card_number
from bawabati.companies.writes import put_mark, remove_mark
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action


class LicenceMissing(CannotDo):
    """Nobody said who allowed the mark's use."""

    code: ClassVar[str] = "licence_missing"
    sentence: ClassVar[str] = "Say who allowed the use of this mark, when, and for what."


class NoMark(CannotDo):
    """There is nothing to remove."""

    code: ClassVar[str] = "no_mark"
    sentence: ClassVar[str] = "This company shows no mark."


def upload_mark(*, company: Company, content: bytes, licence: str, login: str, now: datetime) -> None:
    """Shows the mark from now on, in place of an earlier one. Safe to repeat.

    Raises:
        MarkRefused: neither a PNG nor a harmless SVG, or too large.
        LicenceMissing, LooksLikeACardNumber: the licence cannot be taken.
        NotAllowed: that person may not change the company.
    """
    content_type = check_mark(content)
    if not licence.strip():
        raise LicenceMissing
    if looks_like_a_card_number(licence):
        raise LooksLikeACardNumber
    with written_together("upload_mark: kept"):
        staff = get_staff_allowed(login=login, action=Action.CHANGE_COMPANY, company_id=company.id)
        put_mark(company_id=company.id, content=content, content_type=content_type, licence=licence.strip(), now=now)
        record_act(
            staff_id=staff.id,
            company_id=company.id,
            action="upload_mark",
            target=f"mark:{CARD_MARK}",
            details={
                "content_type": content_type,
                "content_sha256": sha256(content).hexdigest(),
                "licence": licence.strip(),
            },
            now=now,
        )


def take_mark_down(*, company: Company, login: str, now: datetime) -> None:
    """Neutral text again. Raises NoMark, NotAllowed."""
    with written_together("take_mark_down: removed"):
        staff = get_staff_allowed(login=login, action=Action.CHANGE_COMPANY, company_id=company.id)
        if not remove_mark(company_id=company.id):
            raise NoMark
        record_act(
            staff_id=staff.id,
            company_id=company.id,
            action="remove_mark",
            target=f"mark:{CARD_MARK}",
            details={},
            now=now,
        )
