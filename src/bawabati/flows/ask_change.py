"""One person asks for another merchant account, or other values of it. Nothing changes before another approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from django.conf import settings

from bawabati.audit.writes import record_act
from bawabati.companies.models import Company, GatewayAccount
from bawabati.companies.reads import find_active_gateway_account
from bawabati.errors import CannotDo
from bawabati.flows.steps.gateway_changes import CHANGEABLE, access_with, first_access, secret_purpose
from bawabati.flows.steps.merchant_account import check_merchant_account
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import PendingChange
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import ASKED_WITH, ChangeKind
from bawabati.people.writes import write_change
from bawabati.sealed import seal


class NothingChanges(CannotDo):
    """What was asked for is as it is already."""

    code: ClassVar[str] = "nothing_changes"
    sentence: ClassVar[str] = "Nothing would change."


class NewPasswordNeeded(CannotDo):
    """A password belongs to its user: another user has another one."""

    code: ClassVar[str] = "new_password_needed"
    sentence: ClassVar[str] = "Another user name needs its own password."


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayChange:
    """What is to become different; None stays as it is."""

    base_url: str | None = None
    user_name: str | None = None
    terminal_id: str | None = None
    page_hosts: Sequence[str] | None = None
    gateway: str | None = None
    """Of the first account only: which gateway it is at."""
    password: str | None = field(default=None, repr=False)


def ask_gateway_change(*, company: Company, change: GatewayChange, login: str, now: datetime) -> PendingChange:
    """The change, or the company's first account, waiting for another person.

    Not safe to repeat: one that waits refuses the next.

    Rule: two-people (behaviour.md 4)

    Raises:
        NotAllowed: that person may not ask for it.
        NothingChanges, NewPasswordNeeded, MerchantAccountWrong: what is asked for makes no sense.
        ChangeWaiting: another change waits for its decision.
    """
    kind = ChangeKind.GATEWAY_ACCOUNT
    staff = get_staff_allowed(login=login, action=ASKED_WITH[kind], company_id=company.id)
    account = find_active_gateway_account(company.id)
    changes = _differences(account, change)
    if not changes and change.password is None:
        raise NothingChanges
    if "user_name" in changes and change.password is None:
        raise NewPasswordNeeded
    gateway = change.gateway or min(settings.GATEWAYS)
    if account is None:
        check_merchant_account(first_access(gateway, changes, password=change.password or ""))
    else:
        check_merchant_account(access_with(account, changes, password=change.password))
    with written_together("ask_gateway_change: asked"):
        pending = write_change(
            company_id=company.id,
            kind=kind,
            what={
                "account": account.id if account else None,
                "gateway": account.gateway if account else gateway,
                "changes": changes,
                "new_password": change.password is not None,
            },
            secret_sealed=seal(change.password, purpose=secret_purpose(company.id)) if change.password else None,
            asked_by=staff,
            now=now,
        )
        record_act(
            staff_id=staff.id,
            company_id=company.id,
            action="ask_gateway_change",
            target=f"change:{pending.id}",
            details=pending.what,
            now=now,
        )
    return pending


def _differences(account: GatewayAccount | None, change: GatewayChange) -> Mapping[str, list[object]]:
    """Column → before and after, of what would be different."""
    found: dict[str, list[object]] = {}
    for column in CHANGEABLE:
        asked = getattr(change, column)
        after = list(asked) if column == "page_hosts" and asked is not None else asked
        before = getattr(account, column) if account else ([] if column == "page_hosts" else "")
        if after is not None and after != before:
            found[column] = [before, after]
    return found
