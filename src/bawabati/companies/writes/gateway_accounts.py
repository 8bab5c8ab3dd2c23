"""The merchant account of a company at its gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bawabati.companies.models import GatewayAccount
from bawabati.companies.reads import password_purpose
from bawabati.sealed import seal

USUAL_PAGE_LIFE_SECONDS = 720


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayAccess:
    """A merchant account as the acquirer gave it. The password is sealed before it is stored."""

    gateway: str
    base_url: str
    user_name: str
    password: str = field(repr=False)
    terminal_id: str
    page_hosts: Sequence[str]
    options: Mapping[str, str] = field(default_factory=dict)
    page_life_seconds: int = USUAL_PAGE_LIFE_SECONDS


def set_gateway_account(*, company_id: int, access: GatewayAccess) -> GatewayAccount:
    """The account that new attempts use. Safe to repeat.

    The same user at the same gateway keeps its row, with the new address and password. Another user is another row:
    the attempts in flight go on with the account that they began with.
    """
    accounts = GatewayAccount.objects.filter(company_id=company_id)
    facts = {
        "base_url": access.base_url,
        "terminal_id": access.terminal_id,
        "page_hosts": list(access.page_hosts),
        "options": dict(access.options),
        "page_life_seconds": access.page_life_seconds,
        "password_sealed": seal(access.password, purpose=password_purpose(company_id)),
        "is_active": True,
    }
    accounts.filter(is_active=True).exclude(gateway=access.gateway, user_name=access.user_name).update(is_active=False)
    account, _ = accounts.update_or_create(
        company_id=company_id, gateway=access.gateway, user_name=access.user_name, defaults=facts
    )
    return account
