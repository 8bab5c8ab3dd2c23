"""A payer wants to pay: hold the bills, write the attempt, commit; then open the order at the gateway.

Everything that we need to find the attempt again is committed before the first byte leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of, limits_of, open_bill_of
from bawabati.bills.rules import (
    SIZE_IS_WRONG,
    BillChanged,
    BillNotPayable,
    Standing,
    oldest_first,
    spread,
    standing_of,
)
from bawabati.bills.writes import lock_bills
from bawabati.companies.models import Company, CompanyText
from bawabati.companies.reads import current_texts, get_active_gateway_account
from bawabati.defer import Job, defer
from bawabati.errors import CannotDo
from bawabati.flows.steps.gateway import gateway_of, place_at
from bawabati.flows.steps.registration import note_registration, open_order
from bawabati.flows.steps.schedule import schedule
from bawabati.flows.steps.seen_bills import SeenBill, has_changed
from bawabati.flows.steps.side_effects import written_together
from bawabati.guard.rules import By, Scope, pass_or_raise
from bawabati.guard.writes import look
from bawabati.money.amount import total
from bawabati.payments.models import Payment
from bawabati.payments.reads import find_hold, find_payment_by_start_key, get_payment_of_form
from bawabati.payments.writes import LineToPay, StartKeyTaken, open_attempt

TERMS = ("payment_terms", "sale_terms")


class TermsChanged(CannotDo):
    """The terms that the payer accepted are not the ones that hold now."""

    code = "terms_changed"
    sentence = "The terms have changed since you opened this page. Read and accept them again."


def start_payment(
    *,
    company: Company,
    seen: Sequence[SeenBill],
    start_key: str,
    language: str,
    payment_terms_id: int,
    sale_terms_id: int,
    email: str,
    now: datetime,
    campaign_code: str = "",
) -> Payment:
    """Starts an attempt and opens its order. Safe to repeat with the same `start_key`: the same attempt is given back.

    When every place at the gateway is taken, the order is opened by a job and the attempt stays `opened` meanwhile.

    Raises:
        BillNotPayable: with `standing`, and `payment_id` of the live attempt where there is one.
        BillChanged: another version of one of the bills holds by now, or another sum of it is left.
        CannotDo: one of `spread`'s, when the company has changed what may be paid at once.
        TermsChanged: other terms hold now.
        TooManyTries: too many refusals on one of the bills within the hour.
    """
    # Before all else: who presses again is given his attempt, whatever has changed since. Under the lock once more.
    known = find_payment_by_start_key(company_id=company.id, start_key=start_key)
    if known is not None:
        return known
    _slow_card_testing(seen, now)
    payment_terms, sale_terms = _accepted(company, [payment_terms_id, sale_terms_id], language, now)
    account = get_active_gateway_account(company.id)
    gateway = gateway_of(account)
    try:
        with place_at(gateway) as has_place:
            with written_together("start_payment: attempt written"):
                bills = lock_bills(choice.bill_id for choice in seen)
                known = find_payment_by_start_key(company_id=company.id, start_key=start_key)
                if known is not None:
                    return known
                lines = _lines_to_pay(company, seen, bills)
                payment = open_attempt(
                    account=account,
                    lines=lines,
                    start_key=start_key,
                    language=language,
                    payment_terms=payment_terms,
                    sale_terms=sale_terms,
                    email=email,
                    registers_now=has_place,
                    schedule=schedule(),
                    now=now,
                    campaign_code=campaign_code,
                )
                if not has_place:
                    defer(Job.REGISTER_PAYMENT, payment_id=payment.id)
            if not has_place:
                return payment
            numbers = [bills[line.bill_id].payment_number for line in lines]
            answer = open_order(payment, gateway=gateway, numbers=numbers)
    except StartKeyTaken:
        return get_payment_of_form(company_id=company.id, start_key=start_key)
    with written_together("start_payment: answer kept"):
        return note_registration(payment_id=payment.id, answer=answer, now=now)


def _slow_card_testing(seen: Sequence[SeenBill], now: datetime) -> None:
    """A bill on which cards were refused again and again rests for the hour. Rule: limits (failures.md 5.5)."""
    for choice in seen:
        verdict = look(Scope.DECLINE, subject={By.BILL: f"bill:{choice.bill_id}"}, now=now)
        pass_or_raise(verdict, challenge_passed=True)


def _accepted(company: Company, seen_ids: Sequence[int], language: str, now: datetime) -> list[CompanyText]:
    """The terms that hold now, when they are the ones that were read."""
    terms = current_texts(company_id=company.id, kinds=TERMS, language=language, now=now)
    if [text.id for text in terms] != list(seen_ids):
        raise TermsChanged
    return terms


def _lines_to_pay(company: Company, seen: Sequence[SeenBill], bills: Mapping[int, Bill]) -> list[LineToPay]:
    """The locked bills as lines, each as it was when it was seen, and the sum still allowed."""
    for choice in seen:
        bill = bills.get(choice.bill_id)
        if bill is None or bill.company_id != company.id:
            raise BillNotPayable(standing=None)
        _check_payable(company, bill)
        if has_changed(bill, since=choice):
            raise BillChanged
    _check_amounts(company, seen, bills)
    return [LineToPay(bill_id=choice.bill_id, bill_version=choice.version, amount=choice.amount) for choice in seen]


def _check_payable(company: Company, bill: Bill) -> None:
    """What is too small or too large alone may go with others, or in part."""
    live = find_hold(bill.id)
    standing = standing_of(facts_of(bill, is_held=live is not None), limits_of(company))
    if standing is not Standing.PAYABLE and standing not in SIZE_IS_WRONG:
        raise BillNotPayable(standing=standing, payment_id=live.payment_id if live else None)


def _check_amounts(company: Company, seen: Sequence[SeenBill], bills: Mapping[int, Bill]) -> None:
    """The bills are one customer's, and the rules of the moment would spread the same sum in the same way."""
    if len({bill.customer_id for bill in bills.values()}) > 1:
        raise BillChanged
    ordered = oldest_first([open_bill_of(bill) for bill in bills.values()])
    amount = total(choice.amount for choice in seen)
    allowed = {part.bill.bill_id: part.pays for part in spread(ordered, amount=amount, limits=limits_of(company))}
    if allowed != {choice.bill_id: choice.amount for choice in seen}:
        raise BillChanged
