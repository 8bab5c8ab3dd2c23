"""The day of an agency: closed when all its sessions are, signed once, chained, and nothing opened after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from agency import FLOAT, At, add_agency
from bawabati.desks.models import DayClosing, DeskSession
from bawabati.desks.reads import day_report_of
from bawabati.desks.rules import DayClosed, NoSuchAgency, NoSuchClosing, NothingToClose, SessionsStillOpen, chained
from bawabati.flows.close_agency_day import close_agency_day
from bawabati.flows.close_session import close_session
from bawabati.flows.open_session import open_session
from bawabati.flows.print_desk_paper import print_day
from bawabati.people.rules import NotAllowed
from people import NOON, add_company

pytestmark = pytest.mark.usefixtures("database")

TODAY = date(2026, 11, 22)
EVENING = NOON + timedelta(hours=4)


@pytest.fixture
def at() -> At:
    return add_agency(add_company())


def worked(at: At, *, days: int = 0) -> None:
    """Both desks were opened and closed."""
    for desk, cashier in ((at.first, at.warda), (at.second, at.reda)):
        session = open_session(desk_id=desk.id, counted=FLOAT, staff=cashier, now=NOON + timedelta(days=days))
        finish(session, at, days=days)


def finish(session: DeskSession, at: At, *, days: int = 0) -> None:
    now = EVENING + timedelta(days=days)
    close_session(session_id=session.id, counted=FLOAT, because="", staff=at.houria, now=now, handing_over=False)


def signed(at: At, *, days: int = 0) -> DayClosing:
    day, now = TODAY + timedelta(days=days), EVENING + timedelta(days=days)
    return close_agency_day(agency_id=at.agency.id, day=day, staff=at.houria, now=now, signs_unknown=False)


def test_a_day_is_signed_with_every_session_of_it(at: At) -> None:
    worked(at)
    said = day_report_of(signed(at))
    assert [(one.desk, one.cashier, one.number) for one in said.sessions] == [
        ("AG07-C1", "Warda", 1),
        ("AG07-C2", "Reda", 1),
    ]
    assert (said.day, said.signed_by, said.unknown) == ("2026-11-22", "Houria", ())


def test_who_signs_again_is_given_the_same_closing(at: At, together: Callable[..., list[Any]]) -> None:
    worked(at)
    assert len({closing.id for closing in together(*[lambda: signed(at)] * 8)}) == 1
    assert DayClosing.objects.count() == 1


def test_a_desk_that_is_open_keeps_the_day_open(at: At) -> None:
    worked(at)
    session = open_session(desk_id=at.first.id, counted=FLOAT, staff=at.warda, now=NOON)
    with pytest.raises(SessionsStillOpen, match="AG07-C1"):
        signed(at)
    finish(session, at)
    assert len(day_report_of(signed(at)).sessions) == 3


def test_after_the_signature_nobody_opens_a_desk_on_that_day(at: At) -> None:
    worked(at)
    signed(at)
    with pytest.raises(DayClosed):
        open_session(desk_id=at.first.id, counted=FLOAT, staff=at.warda, now=EVENING)
    open_session(desk_id=at.first.id, counted=FLOAT, staff=at.warda, now=NOON + timedelta(days=1))


def test_opening_and_signing_at_once_leave_no_session_outside(at: At, together: Callable[..., list[Any]]) -> None:
    worked(at)
    together(
        *[lambda: signed(at)] * 4,
        *[lambda: open_session(desk_id=at.first.id, counted=FLOAT, staff=at.warda, now=EVENING)] * 4,
    )
    assert DayClosing.objects.count() + DeskSession.objects.filter(state="open").count() == 1


def test_a_session_over_midnight_belongs_to_the_day_on_which_it_was_opened(at: At) -> None:
    session = open_session(desk_id=at.first.id, counted=FLOAT, staff=at.warda, now=NOON)
    finish(session, at, days=1)
    assert len(day_report_of(signed(at)).sessions) == 1
    with pytest.raises(NothingToClose):
        signed(at, days=1)


def test_only_the_head_signs(at: At) -> None:
    worked(at)
    for staff in (at.warda, at.samir):
        with pytest.raises(NotAllowed):
            close_agency_day(agency_id=at.agency.id, day=TODAY, staff=staff, now=EVENING, signs_unknown=False)
    with pytest.raises(NoSuchAgency):
        close_agency_day(agency_id=0, day=TODAY, staff=at.houria, now=EVENING, signs_unknown=False)


def test_closings_are_chained_and_never_rewritten(at: At, behind_the_scenes: psycopg.Connection[Any]) -> None:
    worked(at)
    first = signed(at)
    worked(at, days=1)
    second = signed(at, days=1)
    assert (first.number, second.number, second.previous_sha256) == (1, 2, first.sha256)
    assert second.sha256 == chained(previous_sha256=first.sha256, facts=second.facts)
    with pytest.raises(psycopg.errors.RestrictViolation):
        behind_the_scenes.execute("UPDATE desks_dayclosing SET facts = '{}'")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_signed_day_is_printed_in_both_sizes(at: At, language: str) -> None:
    worked(at)
    closing = signed(at)
    printed = print_day(closing_id=closing.id, language=language, staff=at.houria)
    assert printed.pdf.startswith(b"%PDF")
    assert closing.sha256[32:] in [line.text for line in printed.roll.lines]
    with pytest.raises(NotAllowed):
        print_day(closing_id=closing.id, language=language, staff=at.samir)
    with pytest.raises(NoSuchClosing):
        print_day(closing_id=0, language=language, staff=at.houria)
