"""Every answer carries the messages that it took, as they may be kept: never who we are, nor who pays."""

import json

import pytest

from adapters.gateways import satim_examples as examples
from adapters.gateways.satim_examples import ORDER, REFERENCE, REFUND_NAME, account_at, satim
from adapters.gateways.scripted_gateway import ScriptedGateway, http
from bawabati.adapters.gateways.contract import AskAnswer, Exchange, Said, Verb
from bawabati.money.amount import Money


def ask(outside: ScriptedGateway, answer: bytes, **options: str) -> AskAnswer:
    outside.will_say(answer)
    with satim(outside, account=account_at(outside, **options)) as gateway:
        return gateway.ask(reference=REFERENCE, language="fr")


def one(said: Said) -> Exchange:
    (exchange,) = said.exchanges
    return exchange


def test_a_question_and_its_answer_are_told(outside: ScriptedGateway) -> None:
    exchange = one(ask(outside, http(examples.PAID)).said)
    assert exchange.verb is Verb.ASK
    assert exchange.outcome == "paid"
    assert exchange.http_status == 200
    assert exchange.asked == {"mdOrder": REFERENCE, "language": "FR"}
    assert exchange.answered["order_number"] == "CMD0000004"
    assert exchange.answered["approval_code"] == "913180"
    assert exchange.answered["held_centimes"] == 100320
    assert exchange.body["Pan"] == "6280****7215"
    assert exchange.milliseconds >= 0


def test_nothing_says_who_we_are_or_who_pays(outside: ScriptedGateway) -> None:
    account = account_at(outside)
    outside.will_say(http(examples.PAID | {"userName": account.user_name, "note": f"pw {account.password}"}))
    with satim(outside, account=account) as gateway:
        exchange = one(gateway.register(ORDER).said)
    kept = json.dumps([exchange.asked, exchange.answered, exchange.body])
    for secret in (account.password, account.user_name, "cardholderName", "expiration", ORDER.return_url, "Ip"):
        assert secret not in kept, secret
    assert set(exchange.asked) == {"orderNumber", "amount", "currency", "language"}


def test_a_question_by_our_number_is_two_messages(outside: ScriptedGateway) -> None:
    number = str(examples.PAID["OrderNumber"])
    known = {"errorCode": "0", "orderNumber": number, "orderStatus": 2}
    attributes = [{"name": "mdOrder", "value": REFERENCE}]
    outside.will_say(http(known | {"attributes": attributes}))
    outside.will_say(http(examples.PAID))
    with satim(outside, account=account_at(outside)) as gateway:
        answer = gateway.ask_by_number(order_number=number, language="fr")
    assert [(each.verb, each.outcome) for each in answer.said.exchanges] == [
        (Verb.ASK_BY_NUMBER, "found"),
        (Verb.ASK, "paid"),
    ]


def test_a_refund_is_told_with_its_amount_and_name(outside: ScriptedGateway) -> None:
    outside.will_say(http({"errorCode": "0"}))
    with satim(outside, account=account_at(outside, refund_names="yes")) as gateway:
        answer = gateway.refund(reference=REFERENCE, amount=Money(2000), language="fr", name=REFUND_NAME)
    exchange = one(answer.said)
    assert exchange.asked == {"orderId": REFERENCE, "amount": "2000", "externalRefundId": REFUND_NAME}
    assert exchange.outcome == "refunded"


@pytest.mark.parametrize(
    ("answer", "outcome", "status"),
    [
        (http(b"<html>unwell</html>", status=502), "unknown server_error", 502),
        (http(b"{half"), "unknown unreadable", 200),
        (b"", "unknown connection_lost", None),
    ],
)
def test_an_answer_that_says_nothing_is_told_too(
    outside: ScriptedGateway, answer: bytes, outcome: str, status: int | None
) -> None:
    exchange = one(ask(outside, answer).said)
    assert (exchange.outcome, exchange.http_status) == (outcome, status)


def test_what_was_never_sent_is_no_message(outside: ScriptedGateway) -> None:
    with satim(outside, account=account_at(outside)) as gateway:
        assert gateway.ask(reference="not one", language="fr").said.exchanges == ()
