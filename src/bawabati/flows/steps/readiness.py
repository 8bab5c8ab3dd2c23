"""What is still missing before a company opens, looked up point by point."""

from __future__ import annotations

from datetime import datetime

from bawabati.bills.reads import limits_of, list_open_bills
from bawabati.companies.models import Company
from bawabati.companies.reads import (
    current_texts,
    find_active_gateway_account,
    find_mark,
    list_agencies,
    list_company_holidays,
)
from bawabati.companies.rules import CARD_MARK, IDENTITY, LANGUAGES, Point, Standing, TextKind
from bawabati.people.reads import find_staff, list_people, roles_of
from bawabati.people.rules import ALLOWED, Action, Role
from bawabati.workdays import accounting_day

PEOPLE = frozenset({Role.ADMINISTRATOR, Role.FINANCE})


def readiness_of(company: Company, *, now: datetime) -> list[Standing]:
    """Every point of the list, in its order. Rule: ready-to-open"""
    texts = _texts_in_three_languages(company, now)
    roles = {Role(held.role) for held in list_people(company.id)}
    done = {
        Point.IDENTITY: all(getattr(company, column) for column in IDENTITY),
        Point.PAYMENT_TERMS: TextKind.PAYMENT_TERMS in texts,
        Point.SALE_TERMS: TextKind.SALE_TERMS in texts,
        Point.MERCHANT_ACCOUNT: find_active_gateway_account(company.id) is not None,
        Point.SURPLUS: _has_an_owner_of_cases(company),
        Point.HELP: TextKind.HELP in texts,
        Point.PEOPLE: roles >= PEOPLE,
        Point.AGENCIES: any(agency.is_open for agency in list_agencies(company.id)),
        Point.TERRITORY: bool(company.wilayas),
        Point.CALENDAR: any(row.day >= accounting_day(now) for row in list_company_holidays(company.id)),
        Point.LOGO: bool(company.logo_svg),
        Point.COLOURS: bool(company.colour or company.band_colour),
        Point.CARD_MARK: find_mark(company_id=company.id, kind=CARD_MARK) is not None,
        Point.BILLS: bool(list_open_bills(company_id=company.id, limits=limits_of(company), at_most=1)),
    }
    return [Standing(point=point, is_done=done[point]) for point in Point]


def _texts_in_three_languages(company: Company, now: datetime) -> set[str]:
    kinds = [TextKind.PAYMENT_TERMS, TextKind.SALE_TERMS, TextKind.HELP]
    in_each = [
        {text.kind for text in current_texts(company_id=company.id, kinds=kinds, language=language, now=now)}
        for language in LANGUAGES
    ]
    return set.intersection(*in_each)


def _has_an_owner_of_cases(company: Company) -> bool:
    owner = find_staff(company.surplus_owner_login) if company.surplus_owner_login else None
    return owner is not None and bool(ALLOWED[Action.OWN_CASE] & roles_of(staff_id=owner.id, company_id=company.id))
