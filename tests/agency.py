"""An agency, its desks, and who works there.

Warda and Reda sit at the desks of agency AG07; Houria heads it. Samir is a cashier of another agency.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from people import NOON

if TYPE_CHECKING:
    from bawabati.bills.models import Bill
    from bawabati.companies.models import Agency, Company, Desk
    from bawabati.desks.models import DeskSession
    from bawabati.payments.models import Sale
    from bawabati.people.models import Staff

WARDA = "warda@oran.example"
REDA = "reda@oran.example"
HOURIA = "houria@oran.example"
SAMIR = "samir@oran.example"

FLOAT: Mapping[int, int] = {1_000_00: 2, 200_00: 5, 100_00: 10, 50_00: 10, 10_00: 40, 5_00: 20}
"""5,000 DA in small money."""
FLOAT_CENTIMES = sum(value * count for value, count in FLOAT.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """The agency with two desks."""

    company: Company
    agency: Agency
    first: Desk
    second: Desk
    warda: Staff
    reda: Staff
    houria: Staff
    samir: Staff
    samir_agency: Agency


def add_agency(company: Company) -> At:
    """AG07 with desks AG07-C1 and AG07-C2, two cashiers and a head; and a cashier of AG08."""
    from bawabati.companies.models import Agency, Desk  # noqa: PLC0415 - settings first
    from bawabati.people.rules import Role  # noqa: PLC0415
    from bawabati.people.writes import add_staff, give_role  # noqa: PLC0415

    def agency(code: str, name: str) -> Agency:
        return Agency.objects.create(
            company=company, code=code, name_ar="وكالة", name_fr=name, commune_ar="وهران", commune_fr="Oran"
        )

    def person(login: str, name: str, role: Role, place: Agency) -> Staff:
        staff = add_staff(login=login, name=name, language="fr", now=NOON)
        give_role(staff=staff, role=role, company=company, agency=place)
        return staff

    here, elsewhere = agency("AG07", "Agence Es Seddikia"), agency("AG08", "Agence Arzew")
    first, second = (
        Desk.objects.create(company=company, agency=here, code=f"AG07-C{number}", name=f"Guichet {number}")
        for number in (1, 2)
    )
    return At(
        company=company,
        agency=here,
        first=first,
        second=second,
        warda=person(WARDA, "Warda", Role.CASHIER, here),
        reda=person(REDA, "Reda", Role.CASHIER, here),
        houria=person(HOURIA, "Houria", Role.AGENCY_HEAD, here),
        samir_agency=elsewhere,
        samir=person(SAMIR, "Samir", Role.CASHIER, elsewhere),
    )


def open_desk(at: At, *, second: bool = False, now: datetime = NOON) -> DeskSession:
    """Warda at the first desk, or Reda at the second, has counted the float."""
    from bawabati.flows.open_session import open_session  # noqa: PLC0415 - settings first

    desk, cashier = (at.second, at.reda) if second else (at.first, at.warda)
    return open_session(desk_id=desk.id, counted=FLOAT, staff=cashier, now=now)


def cash(session: DeskSession, *bills: Bill, key: str = "", in_spite_of: str = "", now: datetime = NOON) -> Sale:
    """The session's cashier takes 10,000 DA for these bills."""
    from bawabati.flows.take_cash import take_cash  # noqa: PLC0415 - settings first
    from bawabati.money.amount import Money  # noqa: PLC0415
    from paying import seen_now  # noqa: PLC0415

    return take_cash(
        session_id=session.id,
        seen=[seen_now(bill) for bill in bills],
        start_key=key or secrets.token_urlsafe(16),
        tendered=Money.dinars(10_000),
        language="fr",
        in_spite_of=in_spite_of,
        staff=session.cashier,
        now=now,
    )


def cheque(session: DeskSession, *bills: Bill, number: str = "0012345", key: str = "") -> Sale:
    """The session's cashier takes a cheque for these bills."""
    from bawabati.flows.take_cheque import take_cheque  # noqa: PLC0415 - settings first
    from paying import seen_now  # noqa: PLC0415

    return take_cheque(
        session_id=session.id,
        seen=[seen_now(bill) for bill in bills],
        start_key=key or secrets.token_urlsafe(16),
        cheque_number=number,
        cheque_bank="BADR",
        language="ar",
        in_spite_of="",
        staff=session.cashier,
        now=NOON,
    )
