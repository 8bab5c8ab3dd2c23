"""Every compiled question asks what its query set asks, and gets the same rows. Decision 14."""

from __future__ import annotations

from importlib import import_module
from inspect import signature
from pkgutil import walk_packages
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from django.db.transaction import TransactionManagementError

import bawabati
from bawabati.bills.models import Bill
from bawabati.compiled import Question
from bawabati.flows.email_receipt import email_receipt
from bawabati.flows.set_aside_block import set_aside_block
from bawabati.guard.rules import Visitor
from bawabati.payments.models import Payment
from bawabati.receipts.models import Receipt
from desks import add_counter, take
from people import NOON, add_bill

ROOMS = ("reads", "writes")


def questions() -> dict[str, Question[Any, Any]]:
    """By the name of the place where each stands."""
    found = {}
    for module in walk_packages(bawabati.__path__, "bawabati."):
        if set(ROOMS) & set(module.name.split(".")):
            held = vars(import_module(module.name))
            found |= {f"{module.name}.{name}": it for name, it in held.items() if isinstance(it, Question)}
    return found


def given(receipt: Receipt) -> dict[str, object]:
    """A value for every parameter that a question has, out of one payment's world, with a desk beside it."""
    payment = Payment.objects.get(id=receipt.payment_id)
    bill = Bill.objects.get()
    counter = add_counter(bill.company)
    set_aside_block(desk_id=counter.desk.id, size=5, staff=counter.cashier, now=NOON)
    take(counter, add_bill(bill.company, seed=2), key=payment.start_key)
    return {
        "account_id": payment.gateway_account_id,
        "gateway_account_id": payment.gateway_account_id,
        "host_name": bill.company.host_name,
        "gateway_reference": payment.gateway_reference,
        "bill_id": bill.id,
        "bridge_id": counter.bridge.id,
        "centimes": bill.due_centimes,
        "code": bill.company.code,
        "company_id": bill.company_id,
        "customer_id": bill.customer_id,
        "kind": "payment_terms",
        "language": "ar",
        "notice_id": 1,
        "now": NOON,
        "order_number": payment.order_number,
        "payment_id": payment.id,
        "payment_number": bill.payment_number,
        "purpose": "receipt",
        "receipt_id": receipt.id,
        "reference": f"receipt:{receipt.id}",
        "start_key": payment.start_key,
        "version": bill.version,
    }


def columns(row: Model) -> dict[str, object]:
    """What a row holds, and what the rows hold that came with it."""
    own = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    came_along = {
        name: columns(related)
        for name, related in row._state.fields_cache.items()
        if isinstance(related, Model) and related is not row
    }
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in own.items()} | came_along


def test_there_are_questions_to_try() -> None:
    assert len(questions()) > 10


@pytest.mark.parametrize("name", sorted(questions()))
def test_a_compiled_question_gives_what_its_query_set_gives(name: str, receipt: Receipt) -> None:
    visitor = Visitor(address="198.51.100.7")
    email_receipt(receipt=receipt, address="amina@example.com", visitor=visitor, challenge_passed=False, now=NOON)
    question = questions()[name]
    known = given(receipt)
    values = [known[parameter] for parameter in signature(question._ask).parameters]
    with transaction.atomic():
        plain = [columns(row) for row in question._ask(*values)]
        assert [columns(row) for row in question.list(*values)] == plain


def test_what_locks_is_refused_outside_a_transaction(receipt: Receipt) -> None:
    locking = [question for question in questions().values() if question._plan.locks]
    assert locking
    with pytest.raises(TransactionManagementError):
        locking[0].list(receipt.payment_id)
