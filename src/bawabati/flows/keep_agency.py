"""An agency of the company: added, described anew, closed or opened. Each change is written down."""

from __future__ import annotations

import re
from datetime import datetime
from typing import ClassVar, Final

from bawabati.audit.writes import record_act
from bawabati.companies.models import Agency
from bawabati.companies.reads import list_agencies
from bawabati.companies.rules import SettingWrong, check_value
from bawabati.companies.writes import AgencyFacts, write_agency
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action

__all__ = ["AgencyFacts", "keep_agency"]

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}", re.ASCII)
_NEEDED: Final = ("name_ar", "name_fr", "commune_ar", "commune_fr")
_PERHAPS: Final = ("address", "phone")


class AgencyCodeWrong(SettingWrong):
    """It stands on receipts and names desks."""

    code: ClassVar[str] = "agency_code_wrong"
    sentence: ClassVar[str] = "An agency's code has at most 20 letters, digits and hyphens, like AG07."


class AgencyCodeTaken(SettingWrong):
    """Two agencies could not be told apart."""

    code: ClassVar[str] = "agency_code_taken"
    sentence: ClassVar[str] = "Another agency has this code already."


def keep_agency(
    *, company_id: int, facts: AgencyFacts, is_open: bool, is_new: bool, staff: Staff, now: datetime
) -> Agency:
    """The agency of that code as it is described. A closed one starts no sale; those under way end normally.

    `is_new`: it is to be added, and no other may have its code. Safe to repeat otherwise.

    Raises:
        NotAllowed, AgencyCodeWrong, AgencyCodeTaken, SettingWrong, LooksLikeACardNumber.
    """
    if not _CODE.fullmatch(facts.code):
        raise AgencyCodeWrong("code")
    for column in (*_NEEDED, *_PERHAPS):
        check_value(column, getattr(facts, column), is_needed=column in _NEEDED)
    with written_together("keep_agency: kept"):
        get_staff_allowed(login=staff.login, action=Action.CHANGE_COMPANY, company_id=company_id)
        codes = {agency.code.lower() for agency in list_agencies(company_id)}
        if is_new and facts.code.lower() in codes:
            raise AgencyCodeTaken("code")
        agency, changed = write_agency(company_id=company_id, facts=facts, is_open=is_open)
        if changed:
            record_act(
                staff_id=staff.id,
                company_id=company_id,
                action="keep_agency",
                target=f"agency:{agency.id}",
                details={"code": agency.code, "changed": changed},
                now=now,
            )
    return agency
