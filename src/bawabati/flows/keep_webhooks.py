"""Addresses of a company's own system that want to be told what happened: added, given another secret, ended."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from bawabati.audit.writes import record_act
from bawabati.cases.writes import close_case
from bawabati.flows.deliver_events import reference_of
from bawabati.flows.steps.events_numbered import number_what_happened
from bawabati.flows.steps.side_effects import written_together
from bawabati.notices import writes
from bawabati.notices.models import Endpoint
from bawabati.notices.reads import find_delivery, has_given_up, last_sequence, list_endpoints
from bawabati.notices.rules import (
    GIVEN_UP_CASE,
    MOST_ENDPOINTS,
    SECRET_BYTES,
    SILENT_CASE,
    NoSuchDelivery,
    NoSuchEndpoint,
    TooManyEndpoints,
    check_kinds,
    check_url,
    write_secret,
)
from bawabati.notices.writes import SentAgain
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action

MOST_SENT_AGAIN = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeEndpoint:
    """An address, and its secret, which is shown once."""

    endpoint: Endpoint
    secret: str


def add_endpoint(*, company_id: int, url: str, kinds: Sequence[str], login: str, now: datetime) -> MadeEndpoint:
    """It is told of every event from now on. Not safe to repeat.

    Raises:
        NotAllowed, UrlNotAllowed, KindsWrong, TooManyEndpoints.
    """
    by = get_staff_allowed(login=login, action=Action.KEEP_KEYS, company_id=company_id)
    address = check_url(url.strip(), open_hosts=settings.WEBHOOK_OPEN_HOSTS)
    wanted = check_kinds(kinds)
    if len(list_endpoints(company_id)) >= MOST_ENDPOINTS:
        raise TooManyEndpoints
    number_what_happened(company_id)
    secret = write_secret(secrets.token_bytes(SECRET_BYTES))
    with written_together("add_endpoint: is told"):
        endpoint = writes.write_endpoint(
            company_id=company_id,
            url=address,
            kinds=wanted,
            secret=secret,
            told_up_to=last_sequence(company_id),
            made_by=by,
            now=now,
        )
        _record(by, endpoint, "add_endpoint", {"url": address, "kinds": wanted}, now)
    return MadeEndpoint(endpoint=endpoint, secret=secret)


def renew_secret(*, company_id: int, endpoint_id: int, login: str, now: datetime) -> str:
    """Another secret, shown once; the former one signs beside it for a day. Not safe to repeat: each time another.

    Raises:
        NotAllowed, NoSuchEndpoint.
    """
    by = get_staff_allowed(login=login, action=Action.KEEP_KEYS, company_id=company_id)
    secret = write_secret(secrets.token_bytes(SECRET_BYTES))
    with written_together("renew_secret: signs"):
        endpoint = _locked(company_id, endpoint_id)
        writes.change_secret(endpoint, secret, now=now)
        _record(by, endpoint, "renew_webhook_secret", {}, now)
    return secret


def end_endpoint(*, company_id: int, endpoint_id: int, login: str, now: datetime) -> None:
    """It is told nothing more. Safe to repeat: then there is none.

    Raises:
        NotAllowed, NoSuchEndpoint.
    """
    by = get_staff_allowed(login=login, action=Action.KEEP_KEYS, company_id=company_id)
    with written_together("end_endpoint: told no more"):
        endpoint = _locked(company_id, endpoint_id)
        writes.end_endpoint(endpoint, by=by, now=now)
        _close(endpoint, SILENT_CASE, GIVEN_UP_CASE, now=now)
        _record(by, endpoint, "end_endpoint", {"url": endpoint.url}, now)


def open_endpoint(*, company_id: int, endpoint_id: int, login: str, now: datetime) -> int:
    """It is told again, of everything that it has not taken too; how many events wait now. Safe to repeat.

    Raises:
        NotAllowed, NoSuchEndpoint.
    """
    by = get_staff_allowed(login=login, action=Action.KEEP_KEYS, company_id=company_id)
    with written_together("open_endpoint: is told again"):
        endpoint = _locked(company_id, endpoint_id)
        waiting = writes.open_endpoint(endpoint, now=now)
        _close(endpoint, SILENT_CASE, GIVEN_UP_CASE, now=now)
        _record(by, endpoint, "open_endpoint", {"waiting": waiting}, now)
    return waiting


def send_again(
    *, company_id: int, endpoint_id: int, after: int, given_up_only: bool = False, by: Staff, now: datetime
) -> SentAgain:
    """Every event after that number leaves once more, taken or not, so many at most. Safe to repeat.

    `given_up_only`: not what was taken already. Where more than so many are left, the next call goes on at `up_to`.
    The caller has asked whether `by` may: a person with KEEP_KEYS, or a machine that reads events anyway.
    Rule: webhook-given-up (behaviour.md I10)

    Raises NoSuchEndpoint.
    """
    with written_together("send_again: on their way"):
        endpoint = _locked(company_id, endpoint_id)
        again = writes.send_again(endpoint, after=after, given_up_only=given_up_only, at_most=MOST_SENT_AGAIN, now=now)
        _close_if_nothing_is_given_up(endpoint, now)
        said = {"after": after, "up_to": again.up_to, "count": again.events, "given_up_only": given_up_only}
        _record(by, endpoint, "send_events_again", said, now)
    return again


def send_delivery_again(*, company_id: int, delivery_id: int, login: str, now: datetime) -> None:
    """One event leaves once more. Safe to repeat.

    Raises:
        NotAllowed, NoSuchDelivery.
    """
    by = get_staff_allowed(login=login, action=Action.KEEP_KEYS, company_id=company_id)
    with written_together("send_delivery_again: on its way"):
        delivery = find_delivery(company_id=company_id, delivery_id=delivery_id)
        if delivery is None or delivery.endpoint.ended_at is not None:
            raise NoSuchDelivery
        endpoint = _locked(company_id, delivery.endpoint_id)
        writes.send_one_again(delivery, now=now)
        _close_if_nothing_is_given_up(endpoint, now)
        _record(by, endpoint, "send_events_again", {"sequence": delivery.sequence}, now)


def _locked(company_id: int, endpoint_id: int) -> Endpoint:
    endpoint = writes.lock_endpoint(company_id=company_id, endpoint_id=endpoint_id)
    if endpoint is None:
        raise NoSuchEndpoint
    return endpoint


def _close_if_nothing_is_given_up(endpoint: Endpoint, now: datetime) -> None:
    if not has_given_up(endpoint.id):
        _close(endpoint, GIVEN_UP_CASE, now=now)


def _close(endpoint: Endpoint, *kinds: str, now: datetime) -> None:
    for kind in kinds:
        close_case(
            company_id=endpoint.company_id,
            kind=kind,
            reference=reference_of(endpoint),
            because="somebody has seen to it",
            now=now,
        )


def _record(by: Staff, endpoint: Endpoint, action: str, details: Mapping[str, object], now: datetime) -> None:
    record_act(
        staff_id=by.id,
        company_id=endpoint.company_id,
        action=action,
        target=reference_of(endpoint),
        details=details,
        now=now,
    )
