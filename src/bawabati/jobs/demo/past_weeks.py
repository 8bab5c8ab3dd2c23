"""Eight weeks before the demonstration began: payers online and in agencies, more each week, each day closed.

Everything goes the road that it always goes; only the gateway is one of the past. It takes a minute or so: the launcher
lets it run when the doors are open already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random
from typing import Final

from bawabati.adapters.gateways.contract import Cause
from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of, limits_of, list_open_bills
from bawabati.campaigns.rules import Step
from bawabati.cases.reads import find_case
from bawabati.cases.rules import ClosedAs
from bawabati.companies.models import Agency, Company, Desk
from bawabati.companies.reads import holidays_of, list_agencies, list_company_desks
from bawabati.flows.add_staff import add_staff
from bawabati.flows.choose_morning_page import choose_morning_page
from bawabati.flows.close_agency_day import close_agency_day
from bawabati.flows.close_case import close_case
from bawabati.flows.close_day import close_company_day
from bawabati.flows.close_session import close_session
from bawabati.flows.count_debts import count_debts
from bawabati.flows.count_steps import count_steps
from bawabati.flows.keep_card_ranges import keep_card_ranges
from bawabati.flows.keep_fleet import keep_desk
from bawabati.flows.open_session import open_session
from bawabati.flows.set_target import set_target
from bawabati.flows.steps.company_day import CASE, reference_of
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.flows.take_cash import take_cash
from bawabati.jobs.demo.debtors import AGREED_DAYS_AGO, PAID_DAYS_AGO, agree, find_debtors, pay_first
from bawabati.jobs.demo.drawer import FLOAT, ROUNDED, TENDERED, pieces
from bawabati.jobs.demo.past_campaign import Brings, begin_campaign
from bawabati.jobs.demo.past_gateway import Ending, in_place_of_gateways
from bawabati.jobs.demo.past_payers import pay_online
from bawabati.money.amount import Money
from bawabati.payments.rules.card_families import CardFamily, NumberRange
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff
from bawabati.people.rules import Role
from bawabati.reports.reads import find_payment_file, next_day_to_close
from bawabati.reports.rules import Measure, Period
from bawabati.workdays import ALGIERS, is_working_day

WEEKS: Final = 8
LEFT_OUT_DAYS: Final = 3
"""The last days are played by others; and each night compares what ended in the last three with the gateway."""
PAST_CASHIER: Final = "agencies"
AGENCIES_WITH_DESKS: Final = 7
SALES_OF_A_DESK: Final = (2, 6)
BILLS_LOOKED_AT: Final = 5_000
BILLS_LEFT_ALONE: Final = 500
"""The oldest are the demonstration's own."""
HOURS: Final = (8, 9, 10, 10, 11, 11, 12, 13, 14, 16, 17, 18, 19, 20, 20, 21, 21, 22, 23)
BUSY: Final = {6: 1.35, 0: 1.15, 1: 1.0, 2: 1.0, 3: 0.95, 4: 0.6, 5: 0.75}
"""Weekday (Monday is 0) → how busy it is online. Sunday begins the week."""
PRESS_DAY: Final = 33
"""On that day an article brings three times as many."""
ON_PAPER: Final = "fichier de l'acquéreur reçu sur papier, comparé à la main"
CIB: Final = "6280****7215"
EDAHABIA: Final = "9999****2233"
CARD_RANGES: Final = (
    NumberRange(first="6280", last="6280", family=CardFamily.CIB, source="demonstration"),
    NumberRange(first="9999", last="9999", family=CardFamily.EDAHABIA, source="demonstration"),
)
"""Nobody publishes the true ones: every CIB card of the published deck begins so, the invented ones with 9999."""
REFUSALS: Final = (
    *[Ending(cause=Cause.DECLINED, action_code=116, response_code="51")] * 5,
    *[Ending(cause=Cause.DECLINED, action_code=2003, response_code="AE")] * 3,
    *[Ending(cause=Cause.AUTHENTICATION_FAILED, action_code=-2006, response_code="")] * 4,
    *[Ending(cause=Cause.CANCELLED, action_code=-100, response_code="")] * 5,
    Ending(cause=Cause.DECLINED, action_code=121, response_code="61"),
    Ending(cause=Cause.DECLINED, action_code=125, response_code="62"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays the past, and where."""

    company: Company
    cashier: Staff
    head: Staff
    finance: Staff
    desks: tuple[Desk, ...]


def play_past_weeks(
    *,
    company: Company,
    administrator: Staff,
    operator: Staff,
    director: Staff,
    finance: Staff,
    communication: Staff,
    now: datetime,
) -> int:
    """How many payments there are then. Safe to repeat: none where the people of these weeks work already.

    None either where the billing system has been told of something: what is much older would never be told.
    """
    is_played = find_staff(f"{PAST_CASHIER}@{company.code}.example") is not None
    if is_played or find_payment_file(company_id=company.id, number=1) is not None:
        return 0
    keep_card_ranges(ranges=CARD_RANGES, login=operator.login, now=now)
    random = Random(f"{company.code} past weeks")  # noqa: S311 - made-up payments guard nothing
    today = now.astimezone(ALGIERS).date()
    first = today - timedelta(weeks=WEEKS, days=LEFT_OUT_DAYS)
    cast = _cast(company, administrator, operator, finance, now=_at(first, time(8)))
    debtors = find_debtors(company)[:2]
    bills = _bills(company, today, spared={customer.id for customer in debtors})
    press_day = first + timedelta(days=PRESS_DAY)
    brings = begin_campaign(company=company, officer=communication, begins_on=first, press_day=press_day, now=now)
    played, agreement = 0, None
    with in_place_of_gateways():
        for day in (first + timedelta(days=ahead) for ahead in range(WEEKS * 7)):
            played += _online(company, bills, day, random, brings)
            played += _at_desks(cast, bills, day, random)
            if debtors and day == today - timedelta(days=AGREED_DAYS_AGO):
                agreement = agree(company=company, customer=debtors[0], finance=finance, now=_at(day, time(10, 12)))
            if agreement is not None and day == today - timedelta(days=PAID_DAYS_AGO):
                pay_first(company=company, agreement=agreement, now=_at(day, time(19, 40)))
            if next_day_to_close(company.id) == day:
                _close(company, day, finance)
    count_debts(now=now)
    _set_targets(company, director, first, today, now)
    choose_morning_page(company_id=company.id, wants=True, staff=director, now=now)
    return played


def _cast(company: Company, administrator: Staff, operator: Staff, finance: Staff, *, now: datetime) -> Cast:
    def person(login: str, name: str, role: Role) -> Staff:
        return add_staff(
            login=f"{login}@{company.code}.example",
            name=name,
            language="ar",
            role=role,
            company=company,
            asked_by=administrator.login,
            now=now,
        )

    return Cast(
        company=company,
        cashier=person(PAST_CASHIER, "صناديق الوكالات", Role.CASHIER),
        head=person("heads", "رؤساء الوكالات", Role.AGENCY_HEAD),
        finance=finance,
        desks=tuple(_desk(agency, operator, now) for agency in list_agencies(company.id)[:AGENCIES_WITH_DESKS]),
    )


def _desk(agency: Agency, operator: Staff, now: datetime) -> Desk:
    code = f"{agency.code.partition('-')[2] or agency.code}"[:7].upper() + "-C9"
    known = {desk.code: desk for desk in list_company_desks(agency.company_id)}
    return known.get(code) or keep_desk(agency=agency, code=code, name="9", is_active=True, staff=operator, now=now)


def _bills(company: Company, today: date, *, spared: Collection[int]) -> Iterator[Bill]:
    """Each once, the newest first; none that is due still, and none of the customers `spared`."""
    bills = list_open_bills(company_id=company.id, limits=limits_of(company), at_most=BILLS_LOOKED_AT)
    newest = bills[: min(BILLS_LEFT_ALONE, len(bills) // 2) : -1]
    return (bill for bill in newest if bill.due_on < today and bill.customer_id not in spared)


def _online(company: Company, bills: Iterator[Bill], day: date, random: Random, brings: Brings) -> int:
    """More each week, by weekday, and many on the day after the article."""
    since = (day - brings.begins_on).days
    wanted = (2 + since * 0.17) * BUSY[day.weekday()] * (3 if day == brings.press_day else 1)
    count = max(0, round(random.gauss(wanted, wanted**0.5 / 2)))
    moments = sorted(_at(day, time(random.choice(HOURS), random.randrange(60))) for _ in range(count))
    return sum(
        _pays(company, bill, moment, random, code=brings.code(day, random))
        for bill, moment in zip(islice(bills, count), moments, strict=False)
    )


def _pays(company: Company, bill: Bill, moment: datetime, random: Random, *, code: str) -> int:
    """Looks the bill up, and pays it or not; some only look. One when it is paid."""
    lookers = random.choice((0, 0, 1, 1, 2))
    for _ in range(lookers):
        count_steps(company_id=company.id, steps=[Step.VISIT, Step.LOOK_UP], code=code, now=moment)
    count_steps(company_id=company.id, steps=list(Step), code=code, now=moment)
    is_paid = random.random() < 0.86  # noqa: PLR2004 - about as many as elsewhere
    card = EDAHABIA if random.random() < 0.58 else CIB  # noqa: PLR2004 - more people have that one
    ending = Ending(masked_card=card) if is_paid else random.choice(REFUSALS)
    pay_online(company=company, bill=bill, ending=ending, campaign_code=code, now=moment)
    return int(is_paid)


def _at_desks(cast: Cast, bills: Iterator[Bill], day: date, random: Random) -> int:
    """Two agencies take cash on a working day, the first ones more often."""
    if not is_working_day(day, holidays=holidays_of(cast.company.id)):
        return 0
    weights = range(len(cast.desks), 0, -1)
    chosen = dict.fromkeys(random.choices(cast.desks, weights=weights, k=2))
    return sum(_session(cast, desk, list(islice(bills, random.randint(*SALES_OF_A_DESK))), day) for desk in chosen)


def _session(cast: Cast, desk: Desk, bills: list[Bill], day: date) -> int:
    session = open_session(desk_id=desk.id, counted=FLOAT, staff=cast.cashier, now=_at(day, time(8, 30)))
    taken = Money(0)
    for place, bill in enumerate(bills):
        left = facts_of(bill).left
        sale = take_cash(
            session_id=session.id,
            seen=[SeenBill(bill_id=bill.id, version=bill.version, left=left, amount=left)],
            start_key=f"past bill {bill.id}",
            tendered=TENDERED,
            language="ar",
            in_spite_of="",
            staff=cast.cashier,
            now=_at(day, time(9 + place, 7)),
        )
        taken += Money(sale.amount_centimes + sale.stamp_duty_centimes)
    close_session(
        session_id=session.id,
        counted=pieces(sum(value * count for value, count in FLOAT.items()) + taken.centimes),
        because=ROUNDED,
        staff=cast.cashier,
        now=_at(day, time(15, 30)),
        handing_over=False,
    )
    close_agency_day(agency_id=desk.agency_id, day=day, staff=cast.head, now=_at(day, time(16)), signs_unknown=False)
    return len(bills)


def _close(company: Company, day: date, finance: Staff) -> None:
    """Nobody had files of the acquirer then: each day closes with that difference, which was settled on paper."""
    now = _at(day + timedelta(days=1), time(9))
    close_company_day(company_id=company.id, day=day, staff=finance, owners={"files": finance.login}, now=now)
    case = find_case(company_id=company.id, kind=CASE, reference=reference_of(day, "files"))
    if case is not None:
        close_case(
            case_id=case.id, closed_as=ClosedAs.CONFIRMED_BY_BANK, because=ON_PAPER, login=finance.login, now=now
        )


def _set_targets(company: Company, director: Staff, first: date, today: date, now: datetime) -> None:
    month_end = (today.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    wanted = (
        (Measure.FIRST_PAYERS, first, today + timedelta(days=30), 700),
        (Measure.AMOUNT, today.replace(day=1), month_end, 500_000_00),
    )
    for measure, begins, ends, value in wanted:
        set_target(
            company_id=company.id,
            measure=measure,
            period=Period(first=begins, last=ends),
            wanted=value,
            staff=director,
            now=now,
        )


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=ALGIERS)
