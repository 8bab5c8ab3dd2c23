"""How the files of an acquirer or a bank are read, and what the acquirer may keep: described by the finance officer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Final

from django.db import IntegrityError

from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.settlement.models import FeeTable, StatementProfile
from bawabati.settlement.reads import find_profile
from bawabati.settlement.writes import keep_profile, write_fee_table

_CODE: Final = re.compile(r"[a-z0-9-]{2,30}", re.ASCII)
LONGEST_REASON: Final = 500


class ProfileCodeWrong(CannotDo):
    """It stands in addresses and in commands."""

    code: ClassVar[str] = "profile_code_wrong"
    sentence: ClassVar[str] = "The name of a profile has 2 to 30 small letters, digits and hyphens, like cib-oran."


class ReasonMissing(CannotDo):
    """Terms without a source could not be defended."""

    code: ClassVar[str] = "fees_reason_missing"
    sentence: ClassVar[str] = "Say where these fees stand: the contract, or the bank's letter."


class FeesKnown(CannotDo):
    """Terms are added, never changed."""

    code: ClassVar[str] = "fees_known"
    sentence: ClassVar[str] = "There are fees from this day already. Choose a later day: what was is never changed."


def keep_statement_profile(
    *, company_id: int, code: str, layout: Mapping[str, Any], is_active: bool, staff: Staff, now: datetime
) -> StatementProfile:
    """The profile as it is described, from the next file on. Safe to repeat.

    Raises:
        NotAllowed, ProfileCodeWrong, ProfileNotReadable.
    """
    get_staff_allowed(login=staff.login, action=Action.IMPORT_STATEMENTS, company_id=company_id)
    if not _CODE.fullmatch(code):
        raise ProfileCodeWrong
    known = find_profile(company_id=company_id, code=code)
    with written_together("keep_statement_profile: profile kept"):
        profile = keep_profile(
            company_id=company_id, code=code, layout=layout, is_active=is_active, changed_by_id=staff.id, now=now
        )
        record_act(
            staff_id=staff.id,
            company_id=company_id,
            action="keep_statement_profile",
            target=f"statement_profile:{code}",
            details={"before": known.layout if known else None, "after": dict(layout), "is_active": is_active},
            now=now,
        )
    return profile


def write_acquirer_fees(
    *,
    company_id: int,
    way: str,
    from_on: date,
    tiers: Sequence[Mapping[str, Any]],
    vat_ppm: int,
    least_centimes: int,
    cap_centimes: int | None,
    because: str,
    staff: Staff,
    now: datetime,
) -> FeeTable:
    """What the acquirer may keep from a day on; what was before stays. Later lines are checked against it.

    Raises:
        NotAllowed, ReasonMissing, FeesKnown, FeeTableNotReadable.
    """
    get_staff_allowed(login=staff.login, action=Action.IMPORT_STATEMENTS, company_id=company_id)
    if not because:
        raise ReasonMissing
    try:
        with written_together("keep_statement_profile: fees written"):
            table = write_fee_table(
                company_id=company_id,
                way=way,
                from_on=from_on,
                tiers=tiers,
                vat_ppm=vat_ppm,
                least_centimes=least_centimes,
                cap_centimes=cap_centimes,
                because=because[:LONGEST_REASON],
                written_by_id=staff.id,
                now=now,
            )
            record_act(
                staff_id=staff.id,
                company_id=company_id,
                action="write_acquirer_fees",
                target=f"fee_table:{table.id}",
                details={"way": way, "from_on": from_on.isoformat(), "tiers": [dict(tier) for tier in tiers]},
                now=now,
            )
    except IntegrityError:
        raise FeesKnown from None
    return table
