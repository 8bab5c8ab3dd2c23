"""Sessions at desks: opened with a counted float, closed with a blind count and a Z that stands for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction
from psycopg import sql

from agency import FLOAT, FLOAT_CENTIMES, At, add_agency
from bawabati.audit.models import AuditEntry
from bawabati.cases.models import Case
from bawabati.companies.models import Bridge, Reader
from bawabati.desks.models import DeskSession, DrawerCount, ZReport
from bawabati.desks.reads import find_open_session, report_of
from bawabati.desks.rules import (
    CashierElsewhere,
    DeskTaken,
    DifferenceNeedsReason,
    NoSuchDesk,
    NoSuchSession,
    NotCounted,
    Pieces,
    SessionNotOpen,
    chained,
)
from bawabati.desks.writes import lock_open_session
from bawabati.flows.close_session import close_session
from bawabati.flows.open_session import open_session
from bawabati.flows.print_desk_paper import print_session
from bawabati.flows.take_result import take_result
from bawabati.flows.x_report import x_report
from bawabati.ledger.models import Transfer
from bawabati.money.amount import Money
from bawabati.payments.models import ReaderOrder
from bawabati.payments.rules.sales import Outcome, ReaderSaid
from bawabati.people.models import Staff
from bawabati.people.rules import NotAllowed
from people import NOON, add_company

pytestmark = pytest.mark.usefixtures("database")

EVENING = NOON + timedelta(hours=4)


@pytest.fixture
def at() -> At:
    return add_agency(add_company())


def opened(at: At) -> DeskSession:
    return open_session(desk_id=at.first.id, counted=FLOAT, staff=at.warda, now=NOON)


def closed(
    at: At, session: DeskSession, *, counted: Pieces = FLOAT, because: str = "", staff: Staff | None = None
) -> ZReport:
    return close_session(
        session_id=session.id,
        counted=counted,
        because=because,
        staff=staff or at.warda,
        now=EVENING,
        handing_over=False,
    )


def test_a_session_begins_with_the_float_as_it_was_counted(at: At) -> None:
    session = opened(at)
    assert (session.float_centimes, session.opened_on.isoformat()) == (FLOAT_CENTIMES, "2026-11-22")
    count = DrawerCount.objects.get()
    assert (count.counted_centimes, count.expected_centimes, count.pieces["20000"]) == (FLOAT_CENTIMES, None, 5)
    assert find_open_session(at.warda.id) == session
    assert AuditEntry.objects.filter(action="open_session", staff=at.warda).count() == 1


def test_who_opens_again_is_given_the_same_session(at: At) -> None:
    assert opened(at) == opened(at)
    assert DeskSession.objects.count() == 1


def test_a_desk_and_a_cashier_have_one_open_session_each(at: At) -> None:
    opened(at)
    with pytest.raises(DeskTaken, match="Warda"):
        open_session(desk_id=at.first.id, counted=FLOAT, staff=at.reda, now=NOON)
    with pytest.raises(CashierElsewhere, match="AG07-C1"):
        open_session(desk_id=at.second.id, counted=FLOAT, staff=at.warda, now=NOON)


def test_whoever_comes_at_once_leaves_one_session(at: At, together: Callable[..., list[Any]]) -> None:
    answers = together(
        *[lambda: opened(at)] * 4,
        *[lambda: open_session(desk_id=at.first.id, counted=FLOAT, staff=at.reda, now=NOON)] * 4,
        *[lambda: open_session(desk_id=at.second.id, counted=FLOAT, staff=at.warda, now=NOON)] * 4,
    )
    assert all(isinstance(answer, DeskSession | DeskTaken | CashierElsewhere) for answer in answers), answers
    assert len({(session.desk_id, session.cashier_id) for session in DeskSession.objects.all()}) in {1, 2}


def test_nobody_opens_a_desk_of_another_agency(at: At) -> None:
    with pytest.raises(NotAllowed):
        open_session(desk_id=at.first.id, counted=FLOAT, staff=at.samir, now=NOON)


def test_a_desk_that_is_not_used_any_more_stays_shut(at: At) -> None:
    at.first.is_active = False
    at.first.save()
    with pytest.raises(NoSuchDesk):
        opened(at)


def test_what_is_not_money_of_ours_is_not_counted(at: At) -> None:
    with pytest.raises(NotCounted):
        open_session(desk_id=at.first.id, counted={3_00: 1}, staff=at.warda, now=NOON)
    with pytest.raises(NotCounted):
        closed(at, opened(at), counted={3_00: 1})


def test_an_x_changes_nothing_and_hides_from_the_cashier_what_should_be_there(at: At) -> None:
    session = opened(at)
    assert x_report(session_id=session.id, staff=at.warda, now=EVENING).expected_cash_centimes is None
    assert x_report(session_id=session.id, staff=at.houria, now=EVENING).expected_cash_centimes == FLOAT_CENTIMES
    assert DeskSession.objects.get().state == "open"
    with pytest.raises(NotAllowed):
        x_report(session_id=session.id, staff=at.reda, now=EVENING)
    with pytest.raises(NoSuchSession):
        x_report(session_id=session.id + 1, staff=at.warda, now=EVENING)


def test_a_drawer_that_agrees_is_closed_at_once(at: At) -> None:
    session = opened(at)
    z = closed(at, session)
    assert (z.number, z.previous_sha256, z.closed_by) == (1, "", at.warda)
    said = report_of(z)
    assert (said.number, said.cash_difference_centimes, said.count and said.count.closed_by) == (1, 0, "Warda")
    session.refresh_from_db()
    assert (session.state, session.ended_at) == ("closed", EVENING)
    assert not Transfer.objects.exists()
    with pytest.raises(SessionNotOpen), transaction.atomic():
        lock_open_session(session.id)


def test_who_closes_again_is_given_the_same_z(at: At) -> None:
    session = opened(at)
    assert closed(at, session) == closed(at, session, counted={})
    assert (ZReport.objects.count(), DrawerCount.objects.count()) == (1, 2)


def test_sixteen_close_at_once_and_one_z_is_there(at: At, together: Callable[..., list[Any]]) -> None:
    session = opened(at)
    assert len({z.id for z in together(*[lambda: closed(at, session)] * 16)}) == 1


def test_a_difference_asks_for_a_reason_and_the_count_is_kept(at: At) -> None:
    session = opened(at)
    less = dict(FLOAT) | {1_000_00: 1}
    with pytest.raises(DifferenceNeedsReason) as told:
        closed(at, session, counted=less)
    assert told.value.details == {"counted": Money(4_000_00), "expected": Money(5_000_00)}
    assert DeskSession.objects.get().state == "open"
    assert DrawerCount.objects.filter(is_closing=True, counted_centimes=4_000_00).count() == 1
    z = closed(at, session, counted=less, because="a note was given back twice")
    assert report_of(z).cash_difference_centimes == -1_000_00
    (posted,) = Transfer.objects.select_related("debit", "credit")
    assert (posted.debit.code, posted.credit.code, posted.amount_centimes) == ("657", "53", 1_000_00)


def test_what_is_too_much_has_an_account_of_its_own(at: At) -> None:
    closed(at, opened(at), counted=dict(FLOAT) | {1_000_00: 3}, because="found under the drawer")
    (posted,) = Transfer.objects.select_related("debit", "credit")
    assert (posted.debit.code, posted.credit.code, posted.amount_centimes) == ("53", "757", 1_000_00)


def test_the_head_closes_for_a_cashier_who_has_left_and_nobody_else_does(at: At) -> None:
    session = opened(at)
    with pytest.raises(NotAllowed):
        closed(at, session, staff=at.reda)
    assert closed(at, session, staff=at.houria).closed_by == at.houria


def test_z_reports_of_a_desk_are_numbered_without_gaps_and_chained(at: At) -> None:
    chain = [closed(at, opened(at)) for _ in range(3)]
    other = open_session(desk_id=at.second.id, counted=FLOAT, staff=at.reda, now=NOON)
    assert closed(at, other, staff=at.reda).number == 1
    assert [z.number for z in chain] == [1, 2, 3]
    for before, after in pairwise(chain):
        assert after.previous_sha256 == before.sha256
        assert after.sha256 == chained(previous_sha256=before.sha256, facts=after.facts)


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id"])
@pytest.mark.parametrize("table", ["desks_zreport", "desks_drawercount"])
def test_what_was_reported_and_counted_is_never_rewritten(
    at: At, table: str, statement: str, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    closed(at, opened(at))
    with pytest.raises(psycopg.errors.RestrictViolation):
        behind_the_scenes.execute(sql.SQL(statement).format(sql.Identifier(table)))


def test_a_session_is_not_opened_anew_and_its_float_not_rewritten(at: At) -> None:
    session = opened(at)
    with pytest.raises(DatabaseError):
        DeskSession.objects.filter(id=session.id).update(float_centimes=1)
    closed(at, session)
    with pytest.raises(DatabaseError):
        DeskSession.objects.filter(id=session.id).update(state="open", ended_at=None)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_x_and_z_are_printed_in_both_sizes(at: At, language: str) -> None:
    session = opened(at)
    for staff in (at.warda, at.houria):
        x = print_session(session_id=session.id, language=language, staff=staff, now=EVENING)
        assert x.pdf.startswith(b"%PDF")
        assert (x.paper.title, bool(x.paper.notes)) == ("x_report", staff == at.warda)
    z = closed(at, session)
    printed = print_session(session_id=session.id, language=language, staff=at.warda, now=EVENING)
    assert (printed.paper.number, printed.paper.digest) == ("Z 1", z.sha256)
    assert printed.pdf.startswith(b"%PDF")
    assert z.sha256[:32] in [line.text for line in printed.roll.lines]


def with_reader(at: At, protocol: str = "nexo") -> Bridge:
    bridge = Bridge.objects.create(company=at.company, agency=at.agency, name="PC", last_contact_at=EVENING)
    Reader.objects.create(
        company=at.company,
        agency=at.agency,
        desk=at.first,
        bridge=bridge,
        protocol=protocol,
        poi_id="SIM1",
        serial="77",
    )
    return bridge


def told(bridge: Bridge, *, centimes: int, outcome: Outcome = Outcome.DONE) -> None:
    order = ReaderOrder.objects.get(kind="totals")
    totals = [{"brand": "CIB", "count": 1, "amount_centimes": centimes}]
    for _ in range(2):
        take_result(
            bridge_id=bridge.id,
            order_id=order.id,
            said=ReaderSaid(outcome=outcome),
            extra={"totals": totals},
            now=EVENING,
        )


def test_the_reader_is_asked_for_its_own_totals_and_a_difference_is_a_case(at: At) -> None:
    bridge = with_reader(at)
    closed(at, opened(at))
    told(bridge, centimes=5_00)
    case = Case.objects.get()
    assert (case.kind, case.amount_centimes, case.details["z"]) == ("reader_totals_differ", 5_00, 1)


@pytest.mark.parametrize(("centimes", "outcome"), [(0, Outcome.DONE), (5_00, Outcome.UNREACHABLE)])
def test_totals_that_agree_or_do_not_come_make_no_case(at: At, centimes: int, outcome: Outcome) -> None:
    bridge = with_reader(at)
    closed(at, opened(at))
    told(bridge, centimes=centimes, outcome=outcome)
    assert not Case.objects.exists()


def test_a_reader_that_is_keyed_by_hand_is_asked_nothing(at: At) -> None:
    with_reader(at, "manual")
    closed(at, opened(at))
    assert not ReaderOrder.objects.exists()
