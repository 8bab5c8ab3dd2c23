"""The adapter and the sandbox, over real HTTP, on both wires: they were written apart, from the same facts."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import httpx
import pytest

from adapters.gateways.satim_examples import REFUND_NAME
from bawabati.adapters.gateways.contract import (
    Cause,
    MerchantAccount,
    NewOrder,
    NotDone,
    Paid,
    Refunded,
    Refused,
    Registered,
    Unknown,
    Waiting,
)
from bawabati.adapters.gateways.satim.gateway import Satim
from bawabati.money.amount import ZERO, Money
from programs import Program

AMOUNT = Money(143_050)
WIRES = {"current": "B", "older": "A", "status": "A"}

OpenAccount = Callable[..., Satim]


@pytest.fixture
def control(sandbox: Program) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url, trust_env=False, follow_redirects=False) as client:
        yield client


@pytest.fixture
def open_account(sandbox: Program, control: httpx.Client) -> Iterator[OpenAccount]:
    """A gateway for a merchant of the test's own, so that nobody else meets its orders and faults."""
    with ExitStack() as opened:

        def open_one(wire: str = "current", *, codes: str = "as_seen", **changed: Any) -> Satim:  # noqa: ANN401
            user_name = f"SAT{secrets.token_hex(5)}"
            merchant = {"user_name": user_name, "password": "a-secret", "terminals": ["E010900009"]}
            # Strict: what we send is held to all that the portal prints.
            dialect = {"wire": WIRES[wire], "codes": codes, "result_codes": codes, "strict": True}
            added = control.post("/control/merchants", json=merchant | dialect)
            assert added.status_code == 200, added.text
            account = MerchantAccount(
                base_url=f"{sandbox.url}/payment/rest",
                user_name=user_name,
                password="a-secret",
                terminal_id="E010900009",
                page_hosts=(sandbox.url.removeprefix("http://"),),
                options={"wire": wire},
            )
            gateway = Satim(replace(account, **changed))
            opened.callback(gateway.close)
            return gateway

        yield open_one


def new_order(**changed: Any) -> NewOrder:  # noqa: ANN401
    order = NewOrder(
        number=secrets.token_hex(5).upper(),
        amount=AMOUNT,
        language="ar",
        return_url="http://127.0.0.1:1/back?token=abc",
        fail_url="http://127.0.0.1:1/failed?token=abc",
        description="Facture d'eau à régler – فاتورة الماء",
        bill_reference="004512345678",
    )
    return replace(order, **changed)


def registered(gateway: Satim, order: NewOrder) -> Registered:
    answer = gateway.register(order)
    assert isinstance(answer, Registered), answer
    return answer


def pay(control: httpx.Client, reference: str, **how: str) -> dict[str, Any]:
    told: dict[str, Any] = control.post("/control/pay", json={"mdOrder": reference} | how).json()
    return told


def play(control: httpx.Client, order: NewOrder, **fault: object) -> None:
    """A fault for this order alone."""
    added = control.post("/control/faults", json={"order_number": order.number, "times": 1} | fault)
    assert added.status_code == 201, added.text


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("codes", ["string", "number"])
def test_an_order_is_opened_paid_asked_about_and_given_back(
    wire: str, codes: str, open_account: OpenAccount, control: httpx.Client
) -> None:
    gateway, order = open_account(wire, codes=codes), new_order()
    reference = registered(gateway, order).reference
    assert isinstance(gateway.ask(reference=reference, language="ar"), Waiting)

    assert pay(control, reference)["state"] == "deposited"
    for _ in range(3):
        answer = gateway.ask(reference=reference, language="fr")
        assert isinstance(answer, Paid), answer
        said = answer.said
        assert (said.order_number, said.amount, said.currency) == (order.number, AMOUNT, "012")
        assert said.still_captured == AMOUNT
        assert len(said.approval_code) == 6
        assert said.masked_card.startswith("6280")
        assert "*" in said.masked_card
        assert "PAYER" not in repr(said)

    assert isinstance(
        gateway.refund(reference=reference, amount=Money(2_000), language="fr", name=REFUND_NAME), Refunded
    )
    after = gateway.ask(reference=reference, language="fr")
    assert after == Unknown(reason="partly_refunded", said=after.said)
    assert after.said.still_captured == AMOUNT - Money(2_000)

    assert isinstance(
        gateway.refund(reference=reference, amount=AMOUNT - Money(2_000), language="fr", name=REFUND_NAME), Refunded
    )
    after = gateway.ask(reference=reference, language="fr")
    assert after == Refused(cause=Cause.REVERSED, said=after.said)
    assert after.said.still_captured == ZERO
    again = gateway.refund(reference=reference, amount=Money(2_000), language="fr", name=REFUND_NAME)
    assert again == Refused(cause=Cause.DECLINED, reason="not_refundable", said=again.said)


@pytest.mark.parametrize("wire", ["current", "older"])
def test_the_payers_own_pages_lead_to_a_payment_and_back(
    wire: str, open_account: OpenAccount, control: httpx.Client
) -> None:
    gateway, order = open_account(wire), new_order()
    opened = registered(gateway, order)
    assert control.get(opened.page_url).status_code == 200
    card = {"iPAN": "6280581110007215", "iCVC": "373", "month": "01", "year": "2027", "iTEXT": "A PAYER"}
    to_the_code = control.post(opened.page_url, data=card)
    assert to_the_code.status_code == 303, to_the_code.text
    assert isinstance(gateway.ask(reference=opened.reference, language="fr"), Waiting), "no money before the code"

    [text] = control.get("/control/sms", params={"md_order": opened.reference}).json()["sms"]
    back = control.post(to_the_code.headers["location"], data={"passwordEdit": text["code"]})
    address = httpx.URL(back.headers["location"])
    assert address.params["token"] == "abc"
    assert gateway.read_callback(dict(address.params)) == opened.reference
    assert isinstance(gateway.ask(reference=opened.reference, language="fr"), Paid)


@pytest.mark.parametrize("wire", ["current", "older"])
@pytest.mark.parametrize(
    ("card", "response_code"),
    [
        ("6280580610061110", "51"),
        ("6280581110006712", "37"),
        ("6280581110006316", "41"),
        ("6280581110006415", "43"),
        ("6280581110007017", ""),
    ],
)
def test_a_refused_card_is_refused_with_a_sentence(
    wire: str, card: str, response_code: str, open_account: OpenAccount, control: httpx.Client
) -> None:
    gateway = open_account(wire)
    reference = registered(gateway, new_order()).reference
    assert pay(control, reference, card=card)["state"] == "declined"
    answer = gateway.ask(reference=reference, language="fr")
    assert answer == Refused(cause=Cause.DECLINED, said=answer.said)
    assert answer.said.response_code == response_code
    assert answer.said.message
    assert "processing.error" not in answer.said.message


@pytest.mark.parametrize("wire", WIRES)
def test_a_payer_who_cancels_has_not_paid(wire: str, open_account: OpenAccount, control: httpx.Client) -> None:
    gateway = open_account(wire)
    opened = registered(gateway, new_order())
    assert control.post(opened.page_url, data={"cancel": "1"}).status_code == 303
    answer = gateway.ask(reference=opened.reference, language="fr")
    # The call that only reads carries no action code, so it cannot say why.
    cause = Cause.DECLINED if wire == "status" else Cause.CANCELLED
    assert answer == Refused(cause=cause, said=answer.said)


@pytest.mark.parametrize("wire", ["current", "older"])
def test_an_order_whose_answer_was_lost_is_found_by_its_number(
    wire: str, open_account: OpenAccount, control: httpx.Client
) -> None:
    gateway, order = open_account(wire), new_order()
    play(control, order, kind="close", call="register.do", effect=True)
    assert gateway.register(order) == Unknown(reason="connection_lost")
    found = gateway.ask_by_number(order_number=order.number, language="ar")
    assert isinstance(found, Waiting)
    assert found.said.reference is not None
    assert found.said.amount == AMOUNT
    assert pay(control, found.said.reference)["state"] == "deposited"
    paid = gateway.ask_by_number(order_number=order.number, language="ar")
    assert isinstance(paid, Paid)
    assert paid.said.reference == found.said.reference
    used = gateway.register(order)
    assert used == Unknown(reason="number_already_used", said=used.said)


def test_a_registration_that_arrived_twice_is_found_by_its_number(
    open_account: OpenAccount, control: httpx.Client
) -> None:
    gateway, order = open_account(), new_order()
    play(control, order, kind="repeated", call="register.do")
    answer = gateway.register(order)
    assert isinstance(answer, Unknown)
    assert answer.reason == "number_already_used"
    found = gateway.ask_by_number(order_number=order.number, language="ar")
    assert isinstance(found, Waiting)
    assert found.said.reference is not None


def test_money_that_is_only_held_is_no_payment(open_account: OpenAccount, control: httpx.Client) -> None:
    gateway, order = open_account(), new_order()
    account = gateway._account
    values = {"userName": account.user_name, "password": account.password, "orderNumber": order.number}
    values |= {"amount": str(AMOUNT.centimes), "currency": "012", "language": "FR", "returnUrl": order.return_url}
    values |= {"jsonParams": json.dumps({"force_terminal_id": account.terminal_id, "udf1": "1"})}
    opened = control.post("/payment/rest/registerPreAuth.do", data=values).json()
    assert pay(control, opened["orderId"])["state"] == "approved"
    held = gateway.ask(reference=opened["orderId"], language="fr")
    assert isinstance(held, Unknown)
    assert held.reason == "not_paid_not_refused"


@pytest.mark.parametrize("wire", WIRES)
def test_an_order_that_the_gateway_does_not_know_is_not_done(wire: str, open_account: OpenAccount) -> None:
    gateway = open_account(wire)
    for answer in (
        gateway.ask(reference="A" * 20, language="fr"),
        gateway.ask_by_number(order_number="NOBODY0000", language="fr"),
        gateway.refund(reference="A" * 20, amount=Money(5_000), language="fr", name=REFUND_NAME),
    ):
        assert answer == NotDone(reason="unknown_order", said=answer.said)


def test_a_wrong_password_is_told_apart_from_a_wrong_order(open_account: OpenAccount) -> None:
    gateway = open_account(password="another")
    refused = gateway.register(new_order())
    assert refused == Refused(cause=Cause.DECLINED, reason="access_denied", said=refused.said)
    asked = gateway.ask(reference="A" * 20, language="fr")
    assert asked == Unknown(reason="access_denied", said=asked.said)


def test_a_page_that_the_account_does_not_name_is_not_shown_to_the_payer(open_account: OpenAccount) -> None:
    answer = open_account(page_hosts=("test.satim.dz",)).register(new_order())
    assert answer == Unknown(reason="page_elsewhere", said=answer.said)


@pytest.mark.parametrize("wire", ["current", "older"])
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("close", "connection_lost"),
        ("time_out", "timed_out"),
        ("status", "server_error"),
        ("html", "unreadable"),
        ("empty", "unreadable"),
        ("truncated", "connection_lost"),
        ("error_5", "access_denied"),
        ("error_7", "system_error"),
        ("too_many_requests", "too_many_requests"),
    ],
)
def test_no_fault_of_the_gateway_is_taken_for_an_answer(
    wire: str, kind: str, reason: str, open_account: OpenAccount, control: httpx.Client
) -> None:
    gateway, order = open_account(wire, read_seconds=0.5), new_order()
    reference = registered(gateway, order).reference
    pay(control, reference)
    play(control, order, kind=kind, seconds=2)
    answer = gateway.ask(reference=reference, language="fr")
    assert answer == Unknown(reason=reason, said=answer.said)
    patient = gateway.ask(reference=reference, language="fr")
    assert isinstance(patient, Paid)


@pytest.mark.parametrize(
    ("kind", "field"), [("wrong_amount", "amount"), ("wrong_currency", "currency"), ("wrong_order", "order_number")]
)
def test_a_wrong_value_is_told_as_it_came_for_the_rules_to_refuse(
    kind: str, field: str, open_account: OpenAccount, control: httpx.Client
) -> None:
    gateway, order = open_account(), new_order()
    reference = registered(gateway, order).reference
    pay(control, reference)
    play(control, order, kind=kind)
    wrong = gateway.ask(reference=reference, language="fr")
    true = gateway.ask(reference=reference, language="fr")
    assert isinstance(wrong, Paid)
    assert getattr(wrong.said, field) != getattr(true.said, field)
    if kind == "wrong_order":
        play(control, order, kind=kind, call="getOrderStatusExtended.do")
        by_number = gateway.ask_by_number(order_number=order.number, language="fr")
        assert by_number == Unknown(reason="another_order", said=by_number.said)


def test_a_refund_that_was_done_and_not_answered_is_unknown_and_can_be_read(
    open_account: OpenAccount, control: httpx.Client
) -> None:
    gateway, order = open_account(), new_order()
    reference = registered(gateway, order).reference
    pay(control, reference)
    play(control, order, kind="close", call="refund.do", effect=True)
    assert gateway.refund(reference=reference, amount=Money(5_000), language="fr", name=REFUND_NAME) == Unknown(
        reason="connection_lost"
    )
    assert gateway.ask(reference=reference, language="fr").said.still_captured == AMOUNT - Money(5_000)


@pytest.mark.parametrize(("names", "given_back"), [("no", 2), ("yes", 1)])
def test_a_refund_whose_request_came_twice_is_made_once_under_a_name_of_ours(
    names: str, given_back: int, open_account: OpenAccount, control: httpx.Client
) -> None:
    gateway, order = open_account(options={"wire": "current", "refund_names": names}), new_order()
    reference = registered(gateway, order).reference
    pay(control, reference)
    play(control, order, kind="repeated", call="refund.do", effect=True)
    told = gateway.refund(reference=reference, amount=Money(5_000), language="fr", name=REFUND_NAME)
    if names == "yes":
        assert told == Unknown(reason="access_denied", said=told.said)
    else:
        assert isinstance(told, Refunded)
    held = gateway.ask(reference=reference, language="fr").said.still_captured
    assert held == Money(AMOUNT.centimes - given_back * 5_000)
