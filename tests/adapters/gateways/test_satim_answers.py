"""Every answer of the reference, through a real socket: read correctly, or called Unknown."""

import json
from dataclasses import replace
from typing import Any

import pytest

from adapters.gateways import satim_examples as examples
from adapters.gateways.satim_examples import ORDER, PAGE_URL, REFERENCE, REFUND_NAME, account_at, satim
from adapters.gateways.scripted_gateway import ScriptedGateway, http
from bawabati.adapters.gateways.contract import (
    AskAnswer,
    Cause,
    NotDone,
    Paid,
    RefundAnswer,
    Refunded,
    Refused,
    RegisterAnswer,
    Registered,
    Unknown,
    Waiting,
)
from bawabati.money.amount import ZERO, Money


def ask(outside: ScriptedGateway, answer: bytes, **options: str) -> AskAnswer:
    outside.will_say(answer)
    with satim(outside, account=account_at(outside, **options)) as gateway:
        return gateway.ask(reference=REFERENCE, language="fr")


def register(outside: ScriptedGateway, answer: bytes, **options: str) -> RegisterAnswer:
    outside.will_say(answer)
    with satim(outside, account=account_at(outside, **options)) as gateway:
        return gateway.register(ORDER)


def refund(outside: ScriptedGateway, answer: bytes, **options: str) -> RefundAnswer:
    outside.will_say(answer)
    with satim(outside, account=account_at(outside, **options)) as gateway:
        return gateway.refund(reference=REFERENCE, amount=Money(2000), language="fr", name=REFUND_NAME)


def test_a_paid_order_is_paid_and_everything_that_was_said_is_told(outside: ScriptedGateway) -> None:
    answer = ask(outside, http(examples.PAID))
    assert isinstance(answer, Paid)
    said = answer.said
    assert said.order_number == "CMD0000004"
    assert said.amount == Money(100320)
    assert said.still_captured == Money(100320)
    assert said.currency == "012"
    assert (said.order_status, said.error_code, said.response_code, said.action_code) == (2, "0", "00", 0)
    assert said.approval_code == "913180"
    assert said.message == "Votre paiement a été accepté"
    assert said.masked_card == "6280****7215"
    assert said.bill_reference == "Bill00001"


def test_what_is_kept_of_an_answer_names_no_card_holder_expiry_or_address(outside: ScriptedGateway) -> None:
    answer = ask(outside, http(examples.PAID))
    assert set(answer.said.raw) == set(examples.PAID) - {"expiration", "cardholderName", "Ip"}
    assert answer.said.raw["Pan"] == "6280****7215"


@pytest.mark.parametrize("missing", ["params", "ErrorCode", "OrderStatus"])
def test_a_paid_answer_that_lacks_one_of_its_three_signs_is_not_paid(outside: ScriptedGateway, missing: str) -> None:
    answer = ask(outside, http({name: value for name, value in examples.PAID.items() if name != missing}))
    assert isinstance(answer, Unknown)


@pytest.mark.parametrize(
    "changed",
    [
        {"params": {"respCode": "51"}},
        {"params": {"respCode": "0"}},
        {"params": {"respCode": 0}},
        {"params": {}},
        {"params": []},
        {"params": "00"},
        {"SvfeResponse": "51"},
        {"ErrorCode": "1"},
        {"ErrorCode": "2"},
        {"ErrorCode": "3"},
        {"ErrorCode": "5"},
        {"ErrorCode": "6"},
        {"ErrorCode": "7"},
        {"ErrorCode": "00"},
        {"ErrorCode": False},
        {"ErrorCode": 0.0},
        {"ErrorCode": ["0"]},
        {"OrderStatus": 1},
        {"OrderStatus": -1},
        {"OrderStatus": 5},
        {"OrderStatus": 7},
        {"OrderStatus": 8},
        {"OrderStatus": 22},
        {"OrderStatus": 2.0},
        {"OrderStatus": "2 "},
        {"OrderStatus": True},
        {"OrderStatus": None},
        # The trap of a client in the wild: registered, with words of success around it.
        {"OrderStatus": 0},
        {"OrderStatus": 6},
        {"OrderStatus": 3},
        {"OrderStatus": 4},
        {"OrderStatus": 4, "depositAmount": None},
    ],
    ids=str,
)
def test_a_paid_answer_with_one_sign_changed_concludes_nothing(
    outside: ScriptedGateway, changed: dict[str, Any]
) -> None:
    assert isinstance(ask(outside, http(examples.PAID | changed)), Unknown)


def test_codes_may_come_as_text_or_as_numbers(outside: ScriptedGateway) -> None:
    swapped = examples.PAID | {
        "ErrorCode": 0,
        "OrderStatus": "2",
        "actionCode": "0",
        "Amount": "100320",
        "currency": 12,
    }
    answer = ask(outside, http(swapped))
    assert isinstance(answer, Paid)
    assert answer.said.amount == Money(100320)
    assert answer.said.currency == "012"


def test_fields_are_found_whatever_their_capitals(outside: ScriptedGateway) -> None:
    small = {name[0].lower() + name[1:]: value for name, value in examples.PAID.items()}
    assert isinstance(ask(outside, http(small)), Paid)


def test_one_field_said_twice_with_two_values_is_unreadable(outside: ScriptedGateway) -> None:
    answer = ask(outside, http(examples.REFUSED_BY_ISSUER | {"orderStatus": 2}))
    assert answer == Unknown(reason="unreadable", said=answer.said)


def test_one_field_said_twice_with_the_same_value_is_read(outside: ScriptedGateway) -> None:
    body = json.dumps(examples.PAID)[:-1] + ', "OrderStatus": 2, "currency": "012"}'
    assert isinstance(ask(outside, http(body)), Paid)


def test_an_order_that_nobody_has_paid_yet_is_waiting(outside: ScriptedGateway) -> None:
    answer = ask(outside, http(examples.NOT_YET_PAID))
    assert isinstance(answer, Waiting)
    assert answer.said.masked_card == ""
    assert answer.said.still_captured == ZERO
    assert answer.said.raw["Description"] == "Facture d&egrave;s"


def test_a_refused_card_is_refused_with_the_gateways_sentence(outside: ScriptedGateway) -> None:
    answer = ask(outside, http(examples.REFUSED_BY_ISSUER))
    assert isinstance(answer, Refused)
    assert answer.cause is Cause.DECLINED
    assert answer.said.response_code == "51"
    assert answer.said.message == "Solde insuffisant"


@pytest.mark.parametrize(
    ("body", "cause", "message"),
    [
        (examples.REFUSED_BEFORE_AUTHENTICATION, Cause.DECLINED, "Card is blocked (2003)"),
        (examples.AUTHENTICATION_FAILED, Cause.AUTHENTICATION_FAILED, ""),
        (examples.CANCELLED, Cause.CANCELLED, "Operation cancelled by user"),
        (examples.CANCELLED | {"actionCode": -2007}, Cause.PAGE_TIMED_OUT, "Operation cancelled by user"),
        (examples.REVERSED, Cause.REVERSED, "Votre paiement a été accepté"),
        (examples.REFUNDED, Cause.REVERSED, "Votre paiement a été accepté"),
    ],
)
def test_each_way_of_not_paying_has_its_cause(
    outside: ScriptedGateway, body: dict[str, Any], cause: Cause, message: str
) -> None:
    answer = ask(outside, http(body))
    assert isinstance(answer, Refused)
    assert answer.cause is cause
    assert answer.said.message == message
    assert answer.said.response_code in {"", "00"}


@pytest.mark.parametrize(
    "action_code", [119, 126, 127, 100882, 140, 100254, 116, 203, 208, 209, -1, 121, 111, 101, 125]
)
def test_every_issuers_refusal_is_declined(outside: ScriptedGateway, action_code: int) -> None:
    answer = ask(outside, http(examples.REFUSED_BY_ISSUER | {"actionCode": action_code}))
    assert isinstance(answer, Refused)
    assert answer.cause is Cause.DECLINED


def test_a_partly_refunded_order_says_what_is_still_captured_and_concludes_nothing(outside: ScriptedGateway) -> None:
    answer = ask(outside, http(examples.PARTLY_REFUNDED))
    assert answer == Unknown(reason="partly_refunded", said=answer.said)
    assert answer.said.still_captured == Money(98320)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (http("", content_type="text/html"), "unreadable"),
        (http("<html><body>Maintenance</body></html>", content_type="text/html"), "unreadable"),
        (http(json.dumps(examples.PAID)[:-20]), "unreadable"),
        (http("null"), "unreadable"),
        (http("[]"), "unreadable"),
        (http("2"), "unreadable"),
        (http('"Transaction is not found"'), "unreadable"),
        (http('{"OrderStatus": NaN}'), "unreadable"),
        (http('{"ErrorCode":"0"}{"ErrorCode":"0"}'), "unreadable"),
        (http("{}"), "unexpected_code"),
        (http({"ErrorCode": "5", "ErrorMessage": "Access denied"}), "access_denied"),
        (http({"errorCode": 5, "errorMessage": "Access denied"}), "access_denied"),
        (http({"ErrorCode": "7", "ErrorMessage": "System error"}), "system_error"),
        (http({"ErrorCode": "1", "ErrorMessage": "Order number is empty"}), "unexpected_code"),
        (http({"ErrorCode": "0", "ErrorMessage": "Success"}), "not_paid_not_refused"),
        (http(examples.PAID, status=500), "server_error"),
        (http(examples.REFUSED_BY_ISSUER, status=502), "server_error"),
        (http("Bad Gateway", status=503), "server_error"),
        (http("Not Found", status=404), "unexpected_status"),
        (http("slow down", status=429), "too_many_requests"),
        (http(examples.PAID, status=302, headers="Location: http://127.0.0.1:1/elsewhere\r\n"), "unexpected_status"),
        (http(examples.PAID, status=201), "unexpected_status"),
        (http('"Unauthorized"', status=401), "access_denied"),
        (http("<h1>Transaction is not found</h1>", status=401), "access_denied"),
        (http(examples.PAID, headers="Content-Encoding: gzip\r\n")[:-1], "connection_lost"),
    ],
)
def test_an_answer_that_nobody_can_read_is_unknown_and_says_why(
    outside: ScriptedGateway, answer: bytes, reason: str
) -> None:
    unknown = ask(outside, answer)
    assert unknown == Unknown(reason=reason, said=unknown.said)


def test_an_unreadable_body_is_kept_as_evidence_without_secrets(outside: ScriptedGateway) -> None:
    page = f"<html>{examples.PASSWORD} {examples.USER} 6280 5811 1000 7215 \x00</html>"
    answer = ask(outside, http(page, content_type="text/html"))
    assert answer.said.raw == {
        "http_status": 200,
        "content_type": "text/html",
        "text": "<html>*** *** 6280****7215  </html>",
    }


def test_an_unknown_order_is_not_done_however_the_gateway_words_it(outside: ScriptedGateway) -> None:
    for answer in (
        http('"Transaction is not found"', status=401),
        http({"ErrorCode": "6", "ErrorMessage": "Unregistered order Id"}),
        http({"errorCode": 6, "errorMessage": "Unknown order id"}),
    ):
        told = ask(outside, answer)
        assert told == NotDone(reason="unknown_order", said=told.said)


def test_the_older_wire_confirms_and_reads_its_own_refusals(outside: ScriptedGateway) -> None:
    assert isinstance(ask(outside, http(examples.PAID_OLDER), wire="older"), Paid)
    declined = ask(outside, http(examples.REFUSED_OLDER), wire="older")
    assert isinstance(declined, Refused)
    assert declined.said.message == "البطاقة موقوفة مؤقتا"
    assert declined.said.masked_card == "628058**6712"
    cancelled = ask(outside, http(examples.CANCELLED_OLDER), wire="older")
    assert isinstance(cancelled, Refused)
    assert cancelled.cause is Cause.CANCELLED
    assert {request.path for request in outside.requests} == {"/payment/rest/confirmOrder.do"}


def test_already_confirmed_is_paid_on_the_older_wire_alone(outside: ScriptedGateway) -> None:
    assert isinstance(ask(outside, http(examples.CONFIRMED_BEFORE_OLDER), wire="older"), Paid)
    assert isinstance(ask(outside, http(examples.CONFIRMED_BEFORE_OLDER)), Unknown)
    odd = examples.CONFIRMED_BEFORE_OLDER | {"actionCode": 116}
    assert isinstance(ask(outside, http(odd), wire="older"), Unknown)


def test_a_gateway_whose_result_is_only_read_is_asked_with_the_status_call(outside: ScriptedGateway) -> None:
    status = {name: value for name, value in examples.PAID_OLDER.items() if name != "params"}
    assert isinstance(ask(outside, http(status), wire="status"), Paid)
    assert isinstance(ask(outside, http(status | {"SvfeResponse": ""}), wire="status"), Unknown)
    assert isinstance(ask(outside, http(status), wire="older"), Unknown)
    assert outside.requests[0].path == "/payment/rest/getOrderStatus.do"


def test_an_opened_order_has_a_reference_and_a_page(outside: ScriptedGateway) -> None:
    for code in (0, "0"):
        answer = register(outside, http({"errorCode": code, "orderId": REFERENCE, "formUrl": PAGE_URL}))
        assert answer == Registered(reference=REFERENCE, page_url=PAGE_URL, said=answer.said)
        assert answer.said.order_number == ORDER.number


def test_an_order_is_sent_as_a_form_with_everything_that_the_gateway_asks_for(outside: ScriptedGateway) -> None:
    register(
        outside,
        http({"errorCode": 0, "orderId": REFERENCE, "formUrl": PAGE_URL}),
        funding_type="CP",
        udf5="00",
    )
    [request] = outside.requests
    assert request.line == "POST /payment/rest/register.do HTTP/1.1"
    assert "Content-Type: application/x-www-form-urlencoded\r\n" in request.headers
    form = request.form
    assert json.loads(form.pop("jsonParams")) == {
        "force_terminal_id": "E010900000",
        "udf1": "Bill00001",
        "udf5": "00",
        "fundingTypeIndicator": "CP",
    }
    assert form == {
        "userName": examples.USER,
        "password": examples.PASSWORD,
        "orderNumber": "CMD0000004",
        "amount": "100320",
        "currency": "012",
        "returnUrl": ORDER.return_url,
        "failUrl": ORDER.fail_url,
        "description": ORDER.description,
        "language": "FR",
    }


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (3, "wrong_value"),
        ("4", "wrong_value"),
        (14, "wrong_value"),
        (5, "access_denied"),
        ("5", "access_denied"),
    ],
)
def test_a_clear_error_code_refuses_the_order(outside: ScriptedGateway, code: object, reason: str) -> None:
    answer = register(outside, http({"errorCode": code, "errorMessage": "Access denied"}))
    assert answer == Refused(cause=Cause.DECLINED, said=answer.said, reason=reason)
    assert answer.said.message == "Access denied"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"errorCode": 1, "errorMessage": "Order number is already processed"}, "number_already_used"),
        ({"errorCode": "7"}, "system_error"),
        ({"errorCode": 99}, "unexpected_code"),
        ({"errorCode": "zero"}, "unexpected_code"),
        ({"errorCode": [0], "orderId": REFERENCE, "formUrl": PAGE_URL}, "unexpected_code"),
        ({"errorCode": 5, "orderId": REFERENCE, "formUrl": PAGE_URL}, "contradictory"),
        ({"errorCode": 0}, "unreadable"),
        ({"errorCode": 0, "orderId": REFERENCE}, "unreadable"),
        ({"errorCode": 0, "orderId": "../../etc", "formUrl": PAGE_URL}, "unreadable"),
        ({"errorCode": 0, "orderId": 12345678901234567890, "formUrl": PAGE_URL}, "unreadable"),
        ({}, "unreadable"),
    ],
)
def test_an_unclear_answer_to_an_order_is_unknown(outside: ScriptedGateway, body: object, reason: str) -> None:
    answer = register(outside, http(body))
    assert answer == Unknown(reason=reason, said=answer.said)


def test_an_order_found_by_its_number_is_acknowledged_by_its_reference(outside: ScriptedGateway) -> None:
    outside.will_say(http(examples.EXTENDED_PAID), http(examples.PAID))
    with satim(outside) as gateway:
        answer = gateway.ask_by_number(order_number="CMD0000004", language="ar")
    assert isinstance(answer, Paid)
    assert answer.said.reference == REFERENCE
    by_number, by_reference = outside.requests
    assert by_number.path == "/payment/rest/getOrderStatusExtended.do"
    assert by_number.form["orderNumber"] == "CMD0000004"
    assert by_reference.path == "/payment/rest/public/acknowledgeTransaction.do"
    assert by_reference.form["mdOrder"] == REFERENCE
    assert by_reference.form["language"] == "AR"


def test_the_reference_is_kept_when_the_gateway_falls_silent_between_two_questions(outside: ScriptedGateway) -> None:
    outside.will_say(http(examples.EXTENDED_PAID), http("", status=503))
    with satim(outside) as gateway:
        answer = gateway.ask_by_number(order_number="CMD0000004", language="ar")
    assert isinstance(answer, Unknown)
    assert answer.said.reference == REFERENCE


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (http(examples.EXTENDED_UNKNOWN), NotDone(reason="unknown_order")),
        (http('"Transaction is not found"', status=401), NotDone(reason="unknown_order")),
        (http(examples.EXTENDED_PAID | {"orderNumber": "CMD0000005"}), Unknown(reason="another_order")),
        (http({"errorCode": 5, "errorMessage": "Access denied"}), Unknown(reason="access_denied")),
        (http(examples.EXTENDED_PAID | {"attributes": []}), Unknown(reason="not_paid_not_refused")),
    ],
)
def test_a_number_that_leads_nowhere_says_why(
    outside: ScriptedGateway, answer: bytes, expected: NotDone | Unknown
) -> None:
    outside.will_say(answer)
    with satim(outside) as gateway:
        told = gateway.ask_by_number(order_number="CMD0000004", language="fr")
    assert type(told) is type(expected)
    assert isinstance(told, NotDone | Unknown)
    assert told.reason == expected.reason


def test_a_payment_is_never_concluded_from_the_status_by_number(outside: ScriptedGateway) -> None:
    outside.will_say(http(examples.EXTENDED_PAID | {"attributes": [], "SvfeResponse": "00"}))
    with satim(outside, wire="status") as gateway:
        told = gateway.ask_by_number(order_number="CMD0000004", language="fr")
    assert told == Unknown(reason="not_acknowledged", said=told.said)


def test_an_order_without_a_reference_may_still_be_waiting_or_refused(outside: ScriptedGateway) -> None:
    bare = examples.EXTENDED_PAID | {"attributes": [], "cardAuthInfo": None}
    outside.will_say(
        http(bare | {"orderStatus": 0, "actionCode": -100}), http(bare | {"orderStatus": 6, "actionCode": -2007})
    )
    with satim(outside) as gateway:
        assert isinstance(gateway.ask_by_number(order_number="CMD0000004", language="fr"), Waiting)
        timed_out = gateway.ask_by_number(order_number="CMD0000004", language="fr")
    assert isinstance(timed_out, Refused)
    assert timed_out.cause is Cause.PAGE_TIMED_OUT


def test_a_gateway_that_answers_no_question_by_number_is_not_asked_one(outside: ScriptedGateway) -> None:
    with satim(outside, ask_by_number="no") as gateway:
        told = gateway.ask_by_number(order_number="CMD0000004", language="fr")
    assert told == Unknown(reason="cannot_ask_by_number")
    assert outside.requests == []


@pytest.mark.parametrize("body", [{"errorCode": "0"}, {"errorCode": 0}, {"errorCode": "0", "ErrorMessage": "Success"}])
def test_a_refund_that_the_gateway_took_is_refunded(outside: ScriptedGateway, body: object) -> None:
    assert isinstance(refund(outside, http(body)), Refunded)
    [request] = outside.requests
    assert request.path == "/payment/rest/refund.do"
    assert request.form == {
        "userName": examples.USER,
        "password": examples.PASSWORD,
        "orderId": REFERENCE,
        "amount": "2000",
    }


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (http({"errorCode": 5, "errorMessage": "Access denied"}), "access_denied"),
        (
            http({"errorCode": "7", "errorMessage": "Refund is impossible for current transaction state"}),
            "not_refundable",
        ),
    ],
)
def test_a_refund_that_cannot_be_is_refused(outside: ScriptedGateway, answer: bytes, expected: str) -> None:
    told = refund(outside, answer)
    assert isinstance(told, Refused)
    assert told.reason == expected


def test_a_refund_under_a_name_that_is_refused_may_have_been_made_a_moment_ago(outside: ScriptedGateway) -> None:
    told = refund(outside, http({"errorCode": 5, "errorMessage": "Access denied"}), refund_names="yes")
    assert told == Unknown(reason="access_denied", said=told.said)
    assert outside.requests[-1].form["externalRefundId"] == REFUND_NAME


def test_a_refund_of_an_unknown_order_is_not_done(outside: ScriptedGateway) -> None:
    for answer in (http({"errorCode": 6}), http('"Transaction is not found"', status=401)):
        told = refund(outside, answer)
        assert told == NotDone(reason="unknown_order", said=told.said)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (http({"errorCode": "7", "errorMessage": "System error"}), "system_error"),
        (http({"errorCode": 8}), "unexpected_code"),
        (http({}), "unexpected_code"),
        (http("", status=504), "server_error"),
        (http("{"), "unreadable"),
    ],
)
def test_a_refund_of_which_nobody_can_tell_is_unknown(outside: ScriptedGateway, answer: bytes, reason: str) -> None:
    told = refund(outside, answer)
    assert told == Unknown(reason=reason, said=told.said)


def test_only_something_of_the_right_shape_is_asked_about(outside: ScriptedGateway) -> None:
    with satim(outside) as gateway:
        for odd in ("", "short", "V721uPPfNNofVQAAABL3\n", "V721uPPfNNofVQ/AAABL", "V" * 37, "ضضضضضضضضضضضضضضضضضضضض"):
            assert gateway.read_callback({"mdOrder": odd}) is None
            assert gateway.ask(reference=odd, language="fr") == Unknown(reason="not_a_reference")
            assert gateway.refund(reference=odd, amount=Money(1), language="fr", name=REFUND_NAME) == Unknown(
                reason="not_a_reference"
            )
        assert gateway.read_callback({}) is None
        assert gateway.read_callback({"orderId": REFERENCE, "lang": "fr"}) == REFERENCE
        assert gateway.read_callback({"mdOrder": REFERENCE, "operation": "deposited", "status": "1"}) == REFERENCE
    assert outside.requests == []


def test_an_account_without_a_terminal_sends_none(outside: ScriptedGateway) -> None:
    outside.will_say(http({"errorCode": "0", "orderId": REFERENCE, "formUrl": PAGE_URL}))
    account = replace(examples.account_at(outside, wire="status", udf5="00"), terminal_id="")
    with satim(outside, account=account) as gateway:
        gateway.register(ORDER)
    assert json.loads(outside.requests[0].form["jsonParams"]) == {"udf1": "Bill00001", "udf5": "00"}
    assert outside.requests[0].form["language"] == "fr"


@pytest.mark.parametrize(
    ("content", "content_type", "message"),
    [
        ("Payé".encode("latin-1"), "application/json;charset=ISO-8859-1", "Payé"),
        ("مقبول".encode("cp1256"), "application/json; charset=windows-1256", "مقبول"),
        ("Payé".encode("latin-1"), "application/json", "Pay\ufffd"),
        ("Payé".encode("latin-1"), "application/json;charset=rot13", "Pay\ufffd"),
        ("Payé".encode(), "application/json;charset=ISO-8859-1", "Payé"),
        (b"Pay&eacute;", "", "Payé"),
    ],
)
def test_a_wrong_table_of_letters_spoils_a_sentence_but_no_decision(
    outside: ScriptedGateway, content: bytes, content_type: str, message: str
) -> None:
    body = json.dumps(examples.PAID | {"params": {"respCode": "00", "respCode_desc": "TEXT"}}).encode()
    answer = ask(outside, http(body.replace(b"TEXT", content), content_type=content_type))
    assert isinstance(answer, Paid)
    assert answer.said.message == message


def test_a_byte_order_mark_is_no_obstacle(outside: ScriptedGateway) -> None:
    assert isinstance(ask(outside, http(b"\xef\xbb\xbf" + json.dumps(examples.PAID).encode())), Paid)
