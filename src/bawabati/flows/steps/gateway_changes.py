"""What a change of a merchant account is made of: column → before and after, and perhaps a sealed password."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bawabati.companies.models import GatewayAccount
from bawabati.companies.reads import merchant_account
from bawabati.companies.writes import GatewayAccess

CHANGEABLE = ("base_url", "user_name", "terminal_id", "page_hosts")

Changes = Mapping[str, Sequence[object]]
"""Column → what it says now, and what it is to say."""


def secret_purpose(company_id: int) -> str:
    """What the password of a change is sealed for: it opens as nothing else, and for no other company."""
    return f"pending_change:{company_id}"


def access_with(account: GatewayAccount, changes: Changes, *, password: str | None) -> GatewayAccess:
    """The account as it would be. What only its gateway understands stays. None: the same password."""
    values = {column: changes[column][1] if column in changes else getattr(account, column) for column in CHANGEABLE}
    return GatewayAccess(
        **values,  # type: ignore[arg-type]  # each of its column's type
        gateway=account.gateway,
        password=merchant_account(account).password if password is None else password,
        options=account.options,
        page_life_seconds=account.page_life_seconds,
    )


def first_access(gateway: str, changes: Changes, *, password: str) -> GatewayAccess:
    """The account of a company that has none yet."""
    values = {column: changes[column][1] if column in changes else "" for column in CHANGEABLE}
    return GatewayAccess(
        **(values | {"page_hosts": values["page_hosts"] or []}),  # type: ignore[arg-type]  # each of its column's type
        gateway=gateway,
        password=password,
    )


def is_outdated(account: GatewayAccount, changes: Changes) -> bool:
    """Whether the account no longer says what it said when the change was asked for."""
    return any(getattr(account, column) != before for column, (before, _after) in changes.items())
