"""A company itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bawabati.companies.models import Company
from bawabati.companies.rules import NumberFormat, SurplusBecomes
from bawabati.companies.writes.rewriting import rewrite, rewrite_telling
from bawabati.money.amount import Money


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
class CompanySettings:
    """What a company decides for itself."""

    is_open: bool
    number_format: NumberFormat
    minimum: Money
    ceiling: Money
    allows_part_payment: bool
    offers_other_bills: bool
    surplus_owner_login: str
    surplus_becomes: SurplusBecomes
    surplus_promised_working_days: int


def add_company(
    *,
    code: str,
    facts: CompanyFacts,
    number_format: NumberFormat,
    minimum: Money,
    ceiling: Money,
    allows_part_payment: bool,
    offers_other_bills: bool,
    surplus_owner_login: str,
    look: Mapping[str, object],
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
            "allows_part_payment": allows_part_payment,
            "offers_other_bills": offers_other_bills,
            "surplus_owner_login": surplus_owner_login,
            **look,
            "created_at": now,
        },
    )


def begin_company(
    *,
    code: str,
    facts: CompanyFacts,
    number_format: NumberFormat,
    wilayas: Sequence[str],
    now: datetime,
) -> Company:
    """A company that is only begun: closed, with what is known of it. Raises IntegrityError when the code is taken."""
    return Company.objects.create(
        code=code,
        is_open=False,
        **asdict(facts),
        number_format=number_format.to_json(),
        wilayas=list(wilayas),
        created_at=now,
    )


def describe_company(
    *, code: str, facts: CompanyFacts, settings: CompanySettings, more: Mapping[str, object], now: datetime
) -> tuple[Company, list[str]]:
    """The company as it is described, locked, and which columns that changed: all of them when it is new.

    `more`: columns that a description may leave out, and that then stay.
    Safe to repeat: then nothing changes.
    """
    columns: dict[str, object] = {
        **asdict(facts),
        "is_open": settings.is_open,
        "number_format": settings.number_format.to_json(),
        "minimum_centimes": settings.minimum.centimes,
        "ceiling_centimes": settings.ceiling.centimes,
        "allows_part_payment": settings.allows_part_payment,
        "offers_other_bills": settings.offers_other_bills,
        "surplus_owner_login": settings.surplus_owner_login,
        "surplus_becomes": settings.surplus_becomes,
        "surplus_promised_working_days": settings.surplus_promised_working_days,
        **more,
    }
    company, is_new = Company.objects.select_for_update().get_or_create(
        code=code, defaults=columns | {"created_at": now}
    )
    return company, list(columns) if is_new else rewrite(company, columns)


def lock_company(company_id: int) -> Company:
    """The company, locked until the transaction ends. Payments go on beside it."""
    return Company.objects.select_for_update(no_key=True).get(id=company_id)


def change_company(company: Company, columns: Mapping[str, object]) -> dict[str, list[Any]]:
    """The locked company says `columns` from now on; each that changed, with what it said before and says now."""
    return rewrite_telling(company, columns)
