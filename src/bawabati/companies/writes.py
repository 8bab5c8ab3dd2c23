"""Companies, and what they set for themselves; inside the transaction of the flow that calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from bawabati.companies.models import Agency, Company, CompanyText, GatewayAccount, Reader
from bawabati.companies.reads import password_purpose
from bawabati.companies.rules import NumberFormat
from bawabati.money.amount import Money
from bawabati.sealed import seal


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFacts:
    """What a company says of itself, as it is registered."""

    name_ar: str
    name_fr: str
    name_en: str
    legal_form: str
    address_ar: str
    address_fr: str
    phone: str
    email: str
    nif: str
    nis: str
    rc: str
    ai: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFacts:
    """An agency, and the serial number of its card reader: empty where it has none."""

    code: str
    name_ar: str
    name_fr: str
    commune_ar: str
    commune_fr: str
    address: str = ""
    phone: str = ""
    reader_serial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayAccess:
    """A merchant account as the acquirer gave it. The password is sealed before it is stored."""

    gateway: str
    base_url: str
    user_name: str
    password: str
    terminal_id: str
    page_hosts: Sequence[str]


def add_company(
    *,
    code: str,
    facts: CompanyFacts,
    number_format: NumberFormat,
    minimum: Money,
    ceiling: Money,
    surplus_owner_login: str,
    now: datetime,
) -> tuple[Company, bool]:
    """The company, and whether it is new. Safe to repeat: one that is there already is left as it is."""
    return Company.objects.get_or_create(
        code=code,
        defaults={
            **asdict(facts),
            "number_format": number_format.to_json(),
            "minimum_centimes": minimum.centimes,
            "ceiling_centimes": ceiling.centimes,
            "surplus_owner_login": surplus_owner_login,
            "created_at": now,
        },
    )


def add_agency(*, company_id: int, facts: AgencyFacts) -> Agency:
    """The agency with its reader. Safe to repeat: what is there already is left as it is."""
    written = asdict(facts)
    serial = written.pop("reader_serial")
    agency, _ = Agency.objects.get_or_create(company_id=company_id, code=written.pop("code"), defaults=written)
    if serial:
        Reader.objects.get_or_create(company_id=company_id, serial=serial, defaults={"agency": agency})
    return agency


def publish_text(*, company_id: int, kind: str, language: str, body: str, now: datetime) -> CompanyText:
    """The text as it holds from `now` on. Safe to repeat: the same words make no new version.

    Attempts keep the version that their payer accepted; no version is ever changed. Rule: dated-texts
    """
    latest = (
        CompanyText.objects.filter(company_id=company_id, kind=kind, language=language).order_by("-version").first()
    )
    if latest is not None and latest.body == body:
        return latest
    return CompanyText.objects.create(
        company_id=company_id,
        kind=kind,
        language=language,
        version=latest.version + 1 if latest else 1,
        body=body,
        effective_at=now,
    )


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
        "password_sealed": seal(access.password, purpose=password_purpose(company_id)),
        "is_active": True,
    }
    accounts.filter(is_active=True).exclude(gateway=access.gateway, user_name=access.user_name).update(is_active=False)
    account, _ = accounts.update_or_create(
        company_id=company_id, gateway=access.gateway, user_name=access.user_name, defaults=facts
    )
    return account
