"""A crew stands at a customer's door: has he paid? Each question is written down, and answered with one word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.bills.models import Customer
from bawabati.bills.reads import find_bill_by_bill_number, find_bill_by_number, find_customer_by_number
from bawabati.companies.rules import LooksLikeACardNumber, clean_number, looks_like_a_card_number
from bawabati.flows.find_at_desk import NobodyFound
from bawabati.flows.steps.owed_now import answers_for
from bawabati.flows.steps.side_effects import written_together
from bawabati.guard.rules import By, Scope, pass_or_raise
from bawabati.guard.writes import weigh
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.reminders.rules import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDoor:
    """No name and no address: whoever stands there has both before his eyes."""

    customer_number: str
    answer: Answer
    at: datetime


def ask_at_door(*, company_id: int, agency_id: int | None, words: str, staff: Staff, now: datetime) -> AtDoor:
    """The customer of that customer number, payment number or bill number. Written down each time, found or not.

    Call it outside a transaction: each call counts. Rule: limits (failures.md 5.5)
    Rule: door-look-up (law 18-07; behaviour.md I13: a number of that company, found whole, and nothing of the person)

    Raises:
        NotAllowed, LooksLikeACardNumber, NobodyFound.
        TooManyTries: more doors than anybody stands at in ten minutes, or in a day. Nothing was looked up.
    """
    get_staff_allowed(login=staff.login, action=Action.CHECK_CUSTOMER, company_id=company_id, agency_id=agency_id)
    verdict = weigh(counting=Scope.DOOR_ASK, subject={By.PERSON: f"staff:{staff.id}"}, now=now)
    pass_or_raise(verdict, challenge_passed=True)
    customer = _find(company_id, words.strip())
    answer = answers_for([customer], company_id=company_id, now=now)[customer.id] if customer else None
    with written_together("ask_at_door: look-up written down"):
        record_act(
            staff_id=staff.id,
            company_id=company_id,
            action="check_customer",
            target=f"customer:{customer.id}" if customer else f"company:{company_id}",
            details={"answer": answer.door if answer else ""},
            now=now,
        )
    if customer is None or answer is None:
        raise NobodyFound
    return AtDoor(customer_number=customer.number, answer=answer, at=now)


def _find(company_id: int, words: str) -> Customer | None:
    number = clean_number(words)
    bill = find_bill_by_number(company_id=company_id, payment_number=number) if number else None
    if bill is not None:
        return bill.customer
    if looks_like_a_card_number(number):
        raise LooksLikeACardNumber
    for form in dict.fromkeys((words, number)):
        customer = find_customer_by_number(company_id=company_id, number=form) if form else None
        if customer is not None:
            return customer
        bill = find_bill_by_bill_number(company_id=company_id, bill_number=form) if form else None
        if bill is not None:
            return bill.customer
    return None
