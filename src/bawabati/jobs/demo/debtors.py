"""Customers of the demonstration who owe seven bills: one pays them in instalments, another has asked to."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from bawabati.bills.models import Agreement, Customer
from bawabati.bills.reads import (
    debt_rules_of,
    find_customer_by_id,
    instalment_limits_of,
    limits_of,
    list_debts,
    list_open_bills,
    list_tranches,
)
from bawabati.companies.models import Company
from bawabati.errors import Broken
from bawabati.flows.ask_instalments import ask_instalments, terms_of_instalments
from bawabati.flows.decide_instalments import approve_instalments
from bawabati.flows.find_debts import see_debts
from bawabati.guard.rules import Visitor
from bawabati.jobs.demo.past_gateway import Ending
from bawabati.jobs.demo.past_payers import pay_online
from bawabati.people.models import Staff

BILLS: Final = 7
LOOKED_AT: Final = 5_000
AGREED_DAYS_AGO: Final = 32
PAID_DAYS_AGO: Final = 28
"""The first instalment; the second is due a month after the day on which that one was, so in the coming days."""
TRANCHES: Final = 6
THEIR_LINE: Final = Visitor(address="198.51.100.20")


def find_debtors(company: Company) -> list[Customer]:
    """Who owes seven bills and has paid nothing of them; the customer of the first screen's bill is left alone."""
    bills = list_open_bills(company_id=company.id, limits=limits_of(company), at_most=LOOKED_AT)
    counted = Counter(bill.customer_id for bill in bills)
    first = {bill.customer_id for bill in bills[:1]}
    many = [who for who, count in counted.items() if count == BILLS == len(list_debts(who)) and who not in first]
    customers = (find_customer_by_id(company_id=company.id, customer_id=who) for who in many)
    return [customer for customer in customers if customer is not None]


def ask(*, company: Company, customer: Customer, phone: str, now: datetime) -> Agreement:
    """The customer asks for instalments, the first as small as the company allows. Raises what the flow raises."""
    debt = see_debts(company=company, customer_id=customer.id, now=now).sum
    terms = terms_of_instalments(company, language="ar", now=now)
    if terms is None:
        raise Broken("the demonstration's company has written no terms for instalments", company=company.code)
    return ask_instalments(
        company=company,
        customer_id=customer.id,
        tranches=TRANCHES,
        first=instalment_limits_of(company, debt_rules_of(company.id)).least_first(debt),
        seen_debt=debt,
        terms_id=terms.id,
        email="",
        phone=phone,
        language="ar",
        start_key=secrets.token_urlsafe(16),
        visitor=THEIR_LINE,
        challenge_passed=True,
        now=now,
    )


def agree(*, company: Company, customer: Customer, finance: Staff, now: datetime) -> Agreement:
    """Asked in the morning, approved in the afternoon."""
    agreement = ask(company=company, customer=customer, phone="", now=now)
    later = now + timedelta(hours=5)
    debt = see_debts(company=company, customer_id=customer.id, now=later).sum
    approve_instalments(company=company, agreement_id=agreement.id, seen_debt=debt, login=finance.login, now=later)
    return agreement


def pay_first(*, company: Company, agreement: Agreement, now: datetime) -> None:
    """On the web, like a bill; inside `in_place_of_gateways` alone."""
    first = list_tranches(agreement.id)[0]
    pay_online(company=company, bill=first, ending=Ending(), campaign_code="", now=now)
