"""An agency of the company: added, described anew, closed or opened. Each change is written down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Final

from bawabati.audit.writes import record_act
from bawabati.companies.models import Agency
from bawabati.companies.reads import list_agencies
from bawabati.companies.rules import SettingWrong, check_value
from bawabati.companies.writes import AgencyFacts, ReaderFacts, describe_agency, lock_company, write_agency
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action

__all__ = ["AgencyFacts", "LineWrong", "MostAgencies", "keep_agencies", "keep_agency"]

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}", re.ASCII)
_SERIAL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", re.ASCII)
_NEEDED: Final = ("name_ar", "name_fr", "commune_ar", "commune_fr")
_PERHAPS: Final = ("address", "phone")
MOST_AGENCIES: Final = 500
FIRST_LINE: Final = 2
"""The first has the names of the columns."""


class AgencyCodeWrong(SettingWrong):
    """It stands on receipts and names desks."""

    code: ClassVar[str] = "agency_code_wrong"
    sentence: ClassVar[str] = "An agency's code has at most 20 letters, digits and hyphens, like AG07."


class ReaderSerialWrong(SettingWrong):
    """It stands on the reader's back."""

    code: ClassVar[str] = "reader_serial_wrong"
    sentence: ClassVar[str] = "A reader's serial number has at most 40 letters, digits and hyphens."


class AgencyCodeTaken(SettingWrong):
    """Two agencies could not be told apart."""

    code: ClassVar[str] = "agency_code_taken"
    sentence: ClassVar[str] = "Another agency has this code already."


class LineWrong(CannotDo):
    """A line of a file: `line` counts from the head, `why` says what is wrong there."""

    code: ClassVar[str] = "line_wrong"
    sentence: ClassVar[str] = "Line %(line)s cannot be taken. Nothing was changed."

    def __init__(self, line: int, why: CannotDo) -> None:
        self.why = why
        super().__init__(line=line)


class MostAgencies(CannotDo):
    """No company has as many."""

    code: ClassVar[str] = "most_agencies"
    sentence: ClassVar[str] = "At most %(most)s agencies at once."


def check_agency(facts: AgencyFacts) -> None:
    """Raises AgencyCodeWrong, SettingWrong, LooksLikeACardNumber."""
    if not _CODE.fullmatch(facts.code):
        raise AgencyCodeWrong("code")
    for column in (*_NEEDED, *_PERHAPS):
        check_value(column, getattr(facts, column), is_needed=column in _NEEDED)
    if facts.reader_serial and not _SERIAL.fullmatch(facts.reader_serial):
        raise ReaderSerialWrong("reader")


def keep_agency(
    *, company_id: int, facts: AgencyFacts, is_open: bool, is_new: bool, staff: Staff, now: datetime
) -> Agency:
    """The agency of that code as it is described. A closed one starts no sale; those under way end normally.

    `is_new`: it is to be added, and no other may have its code. Safe to repeat otherwise.

    Raises:
        NotAllowed, AgencyCodeWrong, AgencyCodeTaken, SettingWrong, LooksLikeACardNumber.
    """
    check_agency(facts)
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


def keep_agencies(*, company_id: int, agencies: Sequence[AgencyFacts], staff: Staff, now: datetime) -> list[Agency]:
    """All of them as they are described, new ones open, with their readers: all or none. Safe to repeat.

    Agencies that are not named stay as they are.

    Raises:
        NotAllowed, MostAgencies.
        LineWrong: which one cannot be taken, and why; nothing was changed.
    """
    if len(agencies) > MOST_AGENCIES:
        raise MostAgencies(most=MOST_AGENCIES)
    _check_lines(agencies)
    with written_together("keep_agencies: kept"):
        get_staff_allowed(login=staff.login, action=Action.CHANGE_COMPANY, company_id=company_id)
        lock_company(company_id)
        known = {agency.code.lower(): agency for agency in list_agencies(company_id)}
        kept = [_describe(company_id, facts, known.get(facts.code.lower())) for facts in agencies]
        changed = {agency.code: columns for agency, columns in kept if columns}
        if changed:
            record_act(
                staff_id=staff.id,
                company_id=company_id,
                action="keep_agencies",
                target=f"company:{company_id}",
                details={"changed": changed},
                now=now,
            )
    return [agency for agency, _ in kept]


def _describe(company_id: int, facts: AgencyFacts, known: Agency | None) -> tuple[Agency, list[str]]:
    """An agency that is there keeps its code as it is written, and stays closed when it was."""
    readers = [ReaderFacts(serial=facts.reader_serial, model="", is_active=True)] if facts.reader_serial else []
    return describe_agency(
        company_id=company_id,
        facts=replace(facts, code=known.code) if known else facts,
        is_open=known.is_open if known else True,
        readers=readers,
    )


def _check_lines(agencies: Sequence[AgencyFacts]) -> None:
    codes: set[str] = set()
    for number, facts in enumerate(agencies, start=FIRST_LINE):
        try:
            check_agency(facts)
            if facts.code.lower() in codes:
                raise AgencyCodeTaken("code")
        except CannotDo as why:
            raise LineWrong(number, why) from why
        codes.add(facts.code.lower())
