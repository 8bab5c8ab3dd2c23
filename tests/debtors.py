"""Debts and agreements to pay them in instalments, for tests."""

from collections.abc import Sequence
from datetime import datetime

from bawabati.bills.models import Agreement, Bill, DebtRules
from bawabati.bills.reads import facts_of, list_bills_in, list_tranches
from bawabati.companies.models import Company, CompanyText
from bawabati.flows.ask_instalments import ask_instalments
from bawabati.flows.decide_instalments import approve_instalments, offer_instalments
from bawabati.flows.steps.agreement_moves import debt_of
from bawabati.guard.rules import Visitor
from bawabati.money.amount import Money, total
from people import NOON, SALIMA

SOMEBODY = Visitor(address="41.100.1.1")


def offer_instalments_at(company: Company, **columns: object) -> DebtRules:
    """The company grants up to twelve tranches, and has written what whoever asks accepts."""
    for language in ("ar", "fr", "en"):
        CompanyText.objects.create(
            company=company,
            kind="instalment_terms",
            language=language,
            version=1,
            body=f"instalment_terms ({language})",
            effective_at=NOON,
            written_at=NOON,
        )
    given = {"instalments_most": 12, "instalments_from_centimes": 100_00, **columns}
    rules, _ = DebtRules.objects.update_or_create(company=company, defaults=given)
    return rules


def ask(
    company: Company,
    bills: Sequence[Bill],
    *,
    tranches: int = 3,
    first: Money | None = None,
    email: str = "",
    phone: str = "",
    start_key: str = "the same form",
    now: datetime = NOON,
) -> Agreement:
    """What the customer of these bills asks for."""
    customer_id = bills[0].customer_id
    debt = debt_of(customer_id)
    terms = CompanyText.objects.get(company=company, kind="instalment_terms", language="ar")
    return ask_instalments(
        company=company,
        customer_id=customer_id,
        tranches=tranches,
        first=first or Money(-(-debt.centimes // 200) * 100),
        seen_debt=debt,
        terms_id=terms.id,
        email=email,
        phone=phone,
        start_key=start_key,
        language="ar",
        visitor=SOMEBODY,
        challenge_passed=True,
        now=now,
    )


def offer(
    agreement: Agreement, *, tranches: int = 2, first: Money, seen_debt: Money | None = None, now: datetime = NOON
) -> None:
    """The office answers with something else than was asked for."""
    offer_instalments(
        company=agreement.company,
        agreement_id=agreement.id,
        tranches=tranches,
        first=first,
        because="two are enough",
        seen_debt=debt_of(agreement.customer_id) if seen_debt is None else seen_debt,
        login=SALIMA,
        now=now,
    )


def agree(company: Company, bills: Sequence[Bill], *, now: datetime = NOON, **asked: object) -> Agreement:
    """Asked and approved: its tranches are there."""
    agreement = ask(company, bills, now=now, **asked)  # type: ignore[arg-type]
    approve_instalments(
        company=company, agreement_id=agreement.id, seen_debt=debt_of(agreement.customer_id), login=SALIMA, now=now
    )
    agreement.refresh_from_db()
    return agreement


def left_of_tranches(agreement: Agreement) -> list[int]:
    """Centimes left of each, in order."""
    return [facts_of(tranche).left.centimes for tranche in list_tranches(agreement.id)]


def left_of_bills(agreement: Agreement) -> int:
    """Centimes left of the bills that the agreement has."""
    return total(facts_of(bill).left for bill in list_bills_in(agreement.id)).centimes
