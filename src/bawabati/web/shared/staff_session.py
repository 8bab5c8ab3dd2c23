"""What the session of somebody who works here remembers. Only the addresses of staff have one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth import login as log_in
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from bawabati.people.models import Staff
from bawabati.people.rules import Factor, Where, session_is_over
from bawabati.people.sessions import BROWSER, SEEN_AT, SIGNED_IN_AT, row_key

LIVE: Final = "live"
"""A parameter (`?live=1`) of what a page asks by itself: nobody is known to sit before it."""
BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
CONFIRMED_AT: Final = "confirmed_at"
FACTOR: Final = "factor"
PLACE: Final = "place"
PENDING: Final = "pending"
PENDING_LIFE: Final = timedelta(minutes=5)
SEEN_EVERY: Final = timedelta(minutes=1)

_OF_SIGN_IN: Final = re.compile(r"/(?:ar|fr|en)/staff/")
_OF_STAFF: Final = re.compile(r"/(?:ar|fr|en)/(?:staff|counter|agency|office|crew)/")


def is_of_staff(path: str) -> bool:
    """Whether an address is for people who work here."""
    return _OF_STAFF.match(path) is not None


def is_of_sign_in(path: str) -> bool:
    """Whether it is for signing in, or for the own account: of no company."""
    return _OF_SIGN_IN.match(path) is not None


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody whose password was right and who still has to show a second factor."""

    staff_id: int
    to: str


def begin(request: HttpRequest, *, staff_id: int, to: str, now: datetime) -> None:
    """Remembers that the password was right. Whoever was signed in here before is out."""
    request.session.flush()
    request.session[PENDING] = [staff_id, to, now.isoformat()]


def pending_of(request: HttpRequest, *, now: datetime) -> Pending | None:
    """Who has to show a second factor; nobody after five minutes."""
    kept = request.session.get(PENDING)
    if kept is None:
        return None
    staff_id, to, at = kept
    return Pending(staff_id, to) if now - datetime.fromisoformat(at) < PENDING_LIFE else None


def enter(request: HttpRequest, staff: Staff, *, factor: Factor | None, now: datetime) -> None:
    """A new session of that person; nothing of what the browser's session held before is left."""
    request.session.flush()
    log_in(request, staff, backend=BACKEND)
    session = request.session
    session[SIGNED_IN_AT] = session[SEEN_AT] = now.isoformat()
    session[BROWSER] = request.headers.get("User-Agent", "")[:200]
    if factor is not None:
        show_factor(request, factor, now=now)


def show_factor(request: HttpRequest, factor: Factor, *, now: datetime) -> None:
    """The person has shown a second factor just now. A desk PIN confirms nothing."""
    request.session[FACTOR] = factor.value
    if factor is not Factor.DESK_PIN:
        request.session[CONFIRMED_AT] = now.isoformat()


def factor_of(request: HttpRequest) -> Factor | None:
    """What the session was opened with beside the password."""
    kept = request.session.get(FACTOR)
    return Factor(kept) if kept else None


def is_confirmed(request: HttpRequest, *, now: datetime) -> bool:
    """Whether a second factor was shown within the last five minutes. Rule: step-up (failures.md 5.8)"""
    at = request.session.get(CONFIRMED_AT)
    holds_for = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    return at is not None and now - datetime.fromisoformat(at) < holds_for


def place_of(request: HttpRequest) -> Where:
    """Where the person works at the moment."""
    return Where(*request.session.get(PLACE, (None, None)))


def work_at(request: HttpRequest, where: Where) -> None:
    """From now on the person works there."""
    request.session[PLACE] = [where.company_id, where.agency_id]


def row_of(request: HttpRequest) -> str:
    """Under which key this session's row stands."""
    return row_key(request.session.session_key or "")


def end_when_over(session: SessionBase, *, is_presence: bool, now: datetime) -> None:
    """Ends a session in which nobody has done anything for too long, or whose shift is over.

    What a page asks by itself (`is_presence` false) keeps no session alive. Rule: session-life (failures.md 5.2)
    """
    if SIGNED_IN_AT not in session:
        return
    seen_at = datetime.fromisoformat(session[SEEN_AT])
    over = session_is_over(
        signed_in_at=datetime.fromisoformat(session[SIGNED_IN_AT]),
        seen_at=seen_at,
        idle=timedelta(minutes=settings.STAFF_IDLE_MINUTES),
        shift=timedelta(hours=settings.STAFF_SHIFT_HOURS),
        now=now,
    )
    if over:
        session.flush()
    elif is_presence and now - seen_at >= SEEN_EVERY:
        session[SEEN_AT] = now.isoformat()
