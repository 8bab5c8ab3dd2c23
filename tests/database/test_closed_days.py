"""A day of the company: closed when its sources agree or each difference has an owner, signed, chained, and frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, transaction

from agency import FLOAT, add_agency, cash, open_desk
from bawabati.adapters.documents.certificates import Named
from bawabati.cases.models import Case
from bawabati.companies.models import Company, SigningKey
from bawabati.companies.writes import retire_signing_key
from bawabati.flows.check_books import check_books
from bawabati.flows.check_closings import check_closings
from bawabati.flows.close_agency_day import close_agency_day
from bawabati.flows.close_day import close_company_day
from bawabati.flows.close_session import close_session
from bawabati.flows.steps.closing_paper import certificate_of
from bawabati.ledger.models import Transfer
from bawabati.ledger.rules import AccountRole, Reason, Side
from bawabati.ledger.writes import transfer
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from bawabati.people.rules import NotAllowed
from bawabati.receipts.models import Receipt
from bawabati.reports.models import CompanyClosing, LatePosting
from bawabati.reports.reads import facts_of, next_day_to_close
from bawabati.reports.rules import DayNotOver, EarlierDayOpen, NotExplained, NothingEverMoved, Sums, booked_of, taken_of
from people import NADIA, NOON, OMAR, SALIMA, add_bill

pytestmark = pytest.mark.usefixtures("database")

TODAY = date(2026, 11, 22)
NO_FILES = {"files": SALIMA}
"""Neither acquirer nor bank has sent anything: Salima sees to it."""
TOMORROW = NOON + timedelta(days=1)


def closed(
    company: Company,
    *,
    day: date = TODAY,
    login: str = SALIMA,
    now: datetime = TOMORROW,
    owners: Mapping[str, str] | None = None,
) -> CompanyClosing:
    staff = Staff.objects.get(login=login)
    given = NO_FILES | (owners or {})
    return close_company_day(company_id=company.id, day=day, staff=staff, owners=given, now=now)


@pytest.fixture
def paid(receipt: Receipt) -> None:
    """Amina has paid her bill online."""


def tamper(behind_the_scenes: psycopg.Connection[Any], statement: str) -> None:
    """Somebody with every right on the server changes what nobody may change."""
    with behind_the_scenes.transaction():
        behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
        behind_the_scenes.execute(statement.encode())


def moved(
    company: Company, *, centimes: int = 500_00, reference: str = "1", on: date = TODAY, now: datetime = NOON
) -> None:
    """Money that concerns no payment, such as credit of a customer: enough for a day to have moved."""
    with transaction.atomic():
        transfer(
            company_id=company.id,
            debit=Side(AccountRole.CUSTOMERS),
            credit=Side(AccountRole.CUSTOMER_CREDIT, "C1"),
            amount=Money(centimes),
            reason=Reason.BILL_LOWERED,
            reference=f"test:{reference}",
            accounted_on=on,
            now=now,
        )


@pytest.mark.usefixtures("paid")
def test_a_day_on_which_somebody_paid_is_closed_with_what_payments_and_books_say(company: Company) -> None:
    facts = facts_of(closed(company))
    web = next(way for way in facts.ways if way.way == "web")
    assert web.payments == web.books == Sums(count=1, centimes=1_430_50)
    assert (taken_of(facts.ways), booked_of(facts.ways)) == (Sums(count=1, centimes=1_430_50),) * 2
    assert (facts.number, facts.day, facts.closed_by) == (1, "2026-11-22", "Salima")
    assert facts.entries.count == Transfer.objects.count() == 1


def test_who_closes_a_closed_day_is_given_what_there_is(company: Company) -> None:
    moved(company)
    assert closed(company).id == closed(company).id
    assert CompanyClosing.objects.count() == 1


def test_two_people_at_once_end_with_one_closing(company: Company, together: Callable[..., list[Any]]) -> None:
    moved(company)
    assert len({closing.id for closing in together(*[lambda: closed(company)] * 6)}) == 1
    assert not check_closings(company=company).bad


def test_a_day_is_closed_when_it_is_over(company: Company) -> None:
    moved(company)
    with pytest.raises(DayNotOver):
        closed(company, now=NOON + timedelta(hours=11))
    assert closed(company, now=NOON + timedelta(hours=13)).number == 1


def test_days_are_closed_one_after_the_other(company: Company) -> None:
    moved(company)
    later = TOMORROW + timedelta(days=5)
    with pytest.raises(EarlierDayOpen, match="22/11/2026"):
        closed(company, day=TODAY + timedelta(days=1), now=later)
    assert [closed(company, day=TODAY + timedelta(days=ahead), now=later).number for ahead in range(3)] == [1, 2, 3]
    assert next_day_to_close(company.id) == TODAY + timedelta(days=3)


def test_before_the_first_money_there_is_nothing_to_close(company: Company) -> None:
    with pytest.raises(NothingEverMoved):
        closed(company)
    moved(company)
    with pytest.raises(NothingEverMoved):
        closed(company, day=TODAY - timedelta(days=1))


@pytest.mark.parametrize("login", [OMAR, NADIA])
def test_only_finance_closes_a_day(company: Company, login: str) -> None:
    moved(company)
    with pytest.raises(NotAllowed):
        closed(company, login=login)


def test_an_agency_that_has_not_signed_is_named_with_an_owner_or_the_day_stays_open(company: Company) -> None:
    at = add_agency(company)
    cash(open_desk(at), add_bill(company))
    with pytest.raises(NotExplained):
        closed(company)
    with pytest.raises(NotAllowed):
        closed(company, owners={"agency:AG07": OMAR})
    assert not Case.objects.exists()
    facts = facts_of(closed(company, owners={"agency:AG07": SALIMA}))
    assert [(one.kind, one.about, one.owner) for one in facts.differences] == [("agency_not_signed", "AG07", "Salima")]
    assert [(one.code, one.is_signed) for one in facts.agencies] == [("AG07", False)]
    assert Case.objects.get().kind == "closing_difference"


def test_an_agency_that_has_signed_stands_on_the_certificate_with_its_sum(company: Company) -> None:
    at = add_agency(company)
    session = open_desk(at)
    cash(session, add_bill(company))
    counted = {**FLOAT, 1_000_00: 3, 200_00: 7, 10_00: 43, 1_00: 0}
    evening = NOON + timedelta(hours=4)
    close_session(
        session_id=session.id, counted=counted, because="compté", staff=at.houria, now=evening, handing_over=False
    )
    signed = close_agency_day(agency_id=at.agency.id, day=TODAY, staff=at.houria, now=evening, signs_unknown=False)
    closing = closed(company)
    facts = facts_of(closing)
    (agency,) = facts.agencies
    assert (agency.sha256, agency.signed_by, agency.total_centimes) == (signed.sha256, "Houria", 1_445_50)
    cash_of_day = next(way for way in facts.ways if way.way == "cash")
    assert (cash_of_day.payments.centimes, cash_of_day.stamp_duty_payments) == (1_430_50, 15_00)
    assert cash_of_day.agrees
    rows = certificate_of(closing, language="fr").tables[0].rows
    told = {row[0].word: row[2] for row in rows if isinstance(row[0], Named)}
    assert told["way_cash"] == "1\u00a0430,50\u00a0DA", "without the duty, which stands below it as a sum on top"
    assert told["stamp_duty_on_top"] == "15,00\u00a0DA"


@pytest.mark.usefixtures("paid")
def test_books_that_differ_from_payments_keep_the_day_open(
    company: Company, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    tamper(behind_the_scenes, "UPDATE ledger_transfer SET amount_centimes = amount_centimes - 1")
    with pytest.raises(NotExplained):
        closed(company)
    facts = facts_of(closed(company, owners={"books:web": SALIMA}))
    assert [(one.key, one.amount_centimes) for one in facts.differences] == [("books:web", 1), ("files", -1_430_50)]


def test_what_is_posted_to_a_closed_day_is_told_by_the_next_certificate(company: Company) -> None:
    moved(company)
    closed(company)
    moved(company, reference="late", centimes=700_00, now=TOMORROW)
    moved(company, reference="later", centimes=300_00, on=TODAY - timedelta(days=3), now=TOMORROW)
    assert {late.entered_on for late in LatePosting.objects.all()} == {TODAY + timedelta(days=1)}
    facts = facts_of(closed(company, day=TODAY + timedelta(days=1), now=TOMORROW + timedelta(days=1)))
    assert [(one.day, one.count, one.centimes) for one in facts.late] == [
        ("2026-11-19", 1, 300_00),
        ("2026-11-22", 1, 700_00),
    ]
    assert facts.entries == Sums()
    assert not [one for one in check_books(now=TOMORROW) if one.check == "closed_day_differs"]


def test_what_is_posted_to_an_open_day_is_not_late(company: Company) -> None:
    moved(company)
    closed(company)
    moved(company, reference="today", on=TODAY + timedelta(days=1), now=TOMORROW)
    assert not LatePosting.objects.exists()


def test_whoever_posts_while_somebody_closes_is_counted_or_told_as_late_never_neither(
    company: Company, together: Callable[..., list[Any]]
) -> None:
    moved(company)
    others = [lambda number=number: moved(company, reference=f"race{number}", now=TOMORROW) for number in range(6)]
    together(*others[:3], lambda: closed(company), *others[3:])
    counted = facts_of(CompanyClosing.objects.get()).entries.count
    assert counted + LatePosting.objects.count() == Transfer.objects.count() == 7


def test_the_chain_and_the_signatures_hold_also_over_a_new_key(company: Company) -> None:
    moved(company)
    later = TOMORROW + timedelta(days=5)
    first = closed(company, now=later)
    retire_signing_key(company_id=company.id, purpose="closing", now=later)
    second = closed(company, day=TODAY + timedelta(days=1), now=later)
    assert first.key_name != second.key_name
    checked = check_closings(company=company)
    assert (checked.count, checked.bad) == (2, ())


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            "facts = replace(facts, '\"number\":1', '\"number\":9')",
            {"hash_wrong", "signature_wrong", "says_another_day"},
        ),
        ("signature = '\\x00'::bytea", {"signature_wrong"}),
        ("day = day - 1", {"says_another_day"}),
    ],
)
def test_a_closing_that_somebody_has_changed_is_found(
    company: Company, change: str, found: set[str], behind_the_scenes: psycopg.Connection[Any]
) -> None:
    moved(company)
    closed(company)
    tamper(behind_the_scenes, f"UPDATE reports_companyclosing SET {change}")  # noqa: S608 - from the list above
    assert {one.what for one in check_closings(company=company).bad} >= found


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE reports_companyclosing SET facts = facts || ' '", "chain_of_closings_is_broken"),
        ("UPDATE ledger_transfer SET amount_centimes = amount_centimes + 1", "closed_day_differs"),
        ("DELETE FROM reports_lateposting", "closed_day_differs"),
        ("DELETE FROM ledger_transfer WHERE reference = 'test:1'", "closed_day_differs"),
    ],
)
def test_the_books_find_what_was_changed_behind_a_closed_day(
    company: Company, statement: str, check: str, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    moved(company)
    closed(company)
    moved(company, reference="late", now=TOMORROW)
    ours = {"chain_of_closings_is_broken", "closed_day_differs"}
    assert not {one.check for one in check_books(now=TOMORROW)} & ours
    tamper(behind_the_scenes, statement)
    assert {one.check for one in check_books(now=TOMORROW)} & ours == {check}


def test_a_closing_is_never_rewritten(company: Company, behind_the_scenes: psycopg.Connection[Any]) -> None:
    moved(company)
    closed(company)
    with pytest.raises(ProgrammingError, match="permission denied"):
        CompanyClosing.objects.update(number=2)
    with pytest.raises(psycopg.errors.RestrictViolation, match="insert-only"):
        behind_the_scenes.execute("UPDATE reports_companyclosing SET number = 2")


def test_the_key_that_signs_days_signs_nothing_else(company: Company) -> None:
    moved(company)
    assert SigningKey.objects.get(name=closed(company).key_name).purpose == "closing"
