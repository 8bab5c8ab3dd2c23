"""A session and a day that carry sales of which nobody knows what became: closed by the head alone, never forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from agency import FLOAT, At, add_agency, open_desk
from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.companies.models import Bridge, Company, Reader
from bawabati.desks.models import DayClosing, DeskSession, DrawerCount, ZReport
from bawabati.desks.reads import day_report_of, report_of
from bawabati.desks.rules import SalesBeingChecked, UnknownSalesToSign
from bawabati.flows.check_books import check_books
from bawabati.flows.close_agency_day import close_agency_day
from bawabati.flows.close_session import close_session
from bawabati.flows.print_desk_paper import print_day, print_session
from bawabati.flows.resolve_sale import confirm_resolution, propose_resolution
from bawabati.flows.steps.desk_papers import paper_of_unclear_sale
from bawabati.flows.take_card import take_card
from bawabati.flows.take_order import take_order
from bawabati.flows.take_result import take_result
from bawabati.payments.models import Payment, ReaderOrder, Sale
from bawabati.payments.reads import find_sale, list_sale_lines
from bawabati.payments.rules.sales import Outcome, ReaderSaid, SaleEvent
from bawabati.people.models import Staff
from desks import happened_to
from paying import seen_now
from people import NOON

pytestmark = pytest.mark.usefixtures("database")

DUE = 1_430_50
TODAY = date(2026, 11, 22)
LATER = NOON + timedelta(hours=4)


@pytest.fixture
def at(company: Company) -> At:
    return add_agency(company)


@pytest.fixture
def session(at: At) -> DeskSession:
    bridge = Bridge.objects.create(
        company=at.company, agency=at.agency, name="PC", key_sha256="x" * 64, last_contact_at=NOON
    )
    Reader.objects.create(
        company=at.company,
        agency=at.agency,
        desk=at.first,
        bridge=bridge,
        protocol="caisse_ap",
        poi_id="SIM1",
        serial="77",
        last_status="ok",
        last_contact_at=NOON,
    )
    return open_desk(at)


@pytest.fixture
def unknown(session: DeskSession, bill: Bill) -> Sale:
    """The card went to the reader, and no answer came back that says anything."""
    sale = take_card(
        session_id=session.id,
        seen=[seen_now(bill)],
        start_key="card",
        language="fr",
        in_spite_of="",
        staff=session.cashier,
        now=NOON,
    )
    order = ReaderOrder.objects.get(sale=sale, kind="pay")
    take_order(bridge_id=order.bridge_id, order_id=order.id, now=NOON)
    said = ReaderSaid(outcome=Outcome.UNKNOWN)
    take_result(bridge_id=order.bridge_id, order_id=order.id, said=said, extra={}, now=NOON)
    sale.refresh_from_db()
    assert sale.state == "unknown"
    return sale


def close(session: DeskSession, staff: Staff, *, handing_over: bool) -> ZReport:
    return close_session(
        session_id=session.id, counted=FLOAT, because="", staff=staff, now=LATER, handing_over=handing_over
    )


def sign(at: At, *, signs_unknown: bool) -> DayClosing:
    return close_agency_day(agency_id=at.agency.id, day=TODAY, staff=at.houria, now=LATER, signs_unknown=signs_unknown)


def test_only_the_head_closes_over_it_and_only_when_he_says_so(at: At, session: DeskSession, unknown: Sale) -> None:
    for staff, handing_over in ((at.warda, True), (at.warda, False), (at.houria, False)):
        with pytest.raises(SalesBeingChecked):
            close(session, staff, handing_over=handing_over)
    assert DrawerCount.objects.filter(is_closing=True).count() == 0
    said = report_of(close(session, at.houria, handing_over=True))
    assert [(one.sale_id, one.amount_centimes) for one in said.being_checked] == [(unknown.id, DUE)]
    assert said.ways == ()


def test_what_is_handed_over_is_a_case_that_the_head_owns(at: At, session: DeskSession, unknown: Sale) -> None:
    close(session, at.houria, handing_over=True)
    case = Case.objects.get(kind="sale_handed_over")
    assert (case.owner, case.reference, case.amount_centimes) == (at.houria, f"sale:{unknown.id}", DUE)
    assert [one.check for one in check_books(now=NOON + timedelta(minutes=1))] == []


def test_the_day_is_signed_for_it_apart(at: At, session: DeskSession, unknown: Sale) -> None:
    close(session, at.houria, handing_over=True)
    with pytest.raises(UnknownSalesToSign, match="1 sales"):
        sign(at, signs_unknown=False)
    closing = sign(at, signs_unknown=True)
    (carried,) = day_report_of(closing).unknown
    assert (carried.reference, carried.desk, carried.amount_centimes) == (unknown.reference, "AG07-C1", DUE)
    paper = print_day(closing_id=closing.id, language="ar", staff=at.houria)
    assert paper.pdf.startswith(b"%PDF")
    assert unknown.reference in "".join(line.text for line in paper.roll.lines)


def test_what_becomes_known_later_changes_no_report(at: At, session: DeskSession, unknown: Sale, bill: Bill) -> None:
    z = close(session, at.houria, handing_over=True)
    closing = sign(at, signs_unknown=True)
    Sale.objects.filter(id=unknown.id).update(next_step_at=LATER)
    _review(unknown)
    propose_resolution(
        sale_id=unknown.id,
        what=SaleEvent.CONFIRMED_PAID,
        because="the slip is here",
        approval_code="481234",
        last_four="1234",
        slip_number="0042",
        slip_on=TODAY,
        staff=at.warda,
        now=LATER,
    )
    confirm_resolution(sale_id=unknown.id, seen=happened_to(unknown), agrees=True, staff=at.houria, now=LATER)
    bill.refresh_from_db()
    assert (Payment.objects.get().state, bill.settled_centimes) == ("paid", DUE)
    kept = (ZReport.objects.get().facts, DayClosing.objects.get().facts)
    assert kept == (z.facts, closing.facts)
    assert Case.objects.get(kind="sale_handed_over").state == "closed"
    assert check_books(now=LATER) == []


def test_what_is_known_by_the_signature_stands_in_the_day_and_not_in_the_z(
    at: At, session: DeskSession, unknown: Sale
) -> None:
    z = close(session, at.houria, handing_over=True)
    Sale.objects.filter(id=unknown.id).update(next_step_at=LATER)
    _review(unknown)
    propose_resolution(
        sale_id=unknown.id,
        what=SaleEvent.CONFIRMED_PAID,
        because="the slip is here",
        approval_code="481234",
        last_four="1234",
        slip_number="0042",
        slip_on=TODAY,
        staff=at.warda,
        now=LATER,
    )
    confirm_resolution(sale_id=unknown.id, seen=happened_to(unknown), agrees=True, staff=at.houria, now=LATER)
    said = day_report_of(sign(at, signs_unknown=False))
    assert (said.settled_since.count, said.settled_since.centimes, said.total_centimes) == (1, DUE, DUE)
    assert (said.unknown, report_of(z).total_centimes) == ((), 0)


def _review(sale: Sale) -> None:
    """The reader's last ticket says nothing of it: two people have to look."""
    from bawabati.flows.go_on_with_sale import go_on_with_sale  # noqa: PLC0415 - only here

    go_on_with_sale(sale_id=sale.id, now=LATER)
    for order in ReaderOrder.objects.filter(sale=sale, kind="ask").exclude(state="done"):
        said = ReaderSaid(outcome=Outcome.NOT_FOUND)
        take_result(bridge_id=order.bridge_id, order_id=order.id, said=said, extra={}, now=LATER)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_x_and_the_slip_of_the_customer_say_that_it_is_being_checked(
    session: DeskSession, unknown: Sale, language: str
) -> None:
    x = print_session(session_id=session.id, language=language, staff=session.cashier, now=LATER)
    assert unknown.reference in "".join(line.text for line in x.roll.lines)
    sale = find_sale(unknown.id)
    assert sale is not None
    slip = paper_of_unclear_sale(sale, language=language, now=LATER)
    assert slip.banner == "being_checked"
    assert "checked_not_again" in slip.notes
    numbers = {line.bill.payment_number for line in list_sale_lines(sale.id)}
    assert numbers <= {row.value for section in slip.sections for row in section.rows}
