"""One payment along its whole road, with a real database and the outside world over real HTTP."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Sum

from bawabati.bills.models import Bill
from bawabati.bills.rules import AmountAboveCeiling, AmountBelowMinimum, BillChanged, BillNotPayable, Standing
from bawabati.cases.models import Case
from bawabati.companies.models import Company, CompanyText
from bawabati.companies.reads import find_text
from bawabati.flows.check_books import IssuerOrder, check_against_gateway, check_against_issuer, check_books
from bawabati.flows.claim_due_payment import claim_due_payment
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.start_payment import TermsChanged, start_payment
from bawabati.guard.rules import TooManyTries
from bawabati.ledger.models import Transfer
from bawabati.notices.models import Notice
from bawabati.payments.models import Hold, Payment, PaymentEvent, PaymentLine
from bawabati.payments.rules import State
from bawabati.receipts.models import Receipt
from outside import Outside
from paying import seen_now, start
from people import AMINAS_CARD, KARIMS_CARD, NOON, SALIMA, YACINES_CARD, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database")

ACKNOWLEDGE = "public/acknowledgeTransaction.do"
A_MINUTE_LATER = NOON + timedelta(minutes=1)
AFTER_THE_PAGE = NOON + timedelta(minutes=13)


def confirm(payment: Payment, now: datetime = A_MINUTE_LATER, **how: Any) -> State:  # noqa: ANN401 - passed on
    return confirm_payment(payment_id=payment.id, now=now, **how)


def reference(payment: Payment) -> str:
    assert payment.gateway_reference is not None
    return payment.gateway_reference


def events(payment: Payment) -> list[str]:
    return list(PaymentEvent.objects.filter(payment=payment).order_by("sequence").values_list("event", flat=True))


def test_paid_money_settles_the_bill_posts_and_numbers_one_receipt_at_once(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill)
    assert (payment.state, Hold.objects.get().bill_id) == (State.AT_GATEWAY, bill.id)
    outside.pay(reference(payment), AMINAS_CARD)

    assert confirm(payment) is State.PAID

    bill.refresh_from_db()
    assert (bill.settled_centimes, bill.settled_at) == (1_430_50, A_MINUTE_LATER)
    assert not Hold.objects.exists()
    receipt = Receipt.objects.get()
    assert (receipt.number, receipt.facts["amount_centimes"], receipt.facts["number"]) == (
        1,
        1_430_50,
        "2026-W-0000001",
    )
    assert receipt.facts["lines"][0]["holder_initials"] == "A. B."
    assert Transfer.objects.aggregate(all=Sum("amount_centimes"))["all"] == 1_430_50
    assert events(payment) == ["opened", "registered", "confirmed"]
    assert check_books(now=A_MINUTE_LATER) == []
    assert check_against_gateway(since=NOON) == []


def test_a_payment_over_midnight_belongs_to_the_day_of_its_confirmation(
    outside: Outside, company: Company, bill: Bill
) -> None:
    before_midnight = datetime(2026, 11, 22, 22, 55, tzinfo=UTC)  # Algiers is an hour ahead
    payment = start(company, bill, now=before_midnight)
    outside.pay(reference(payment), AMINAS_CARD)
    assert confirm(payment, now=before_midnight + timedelta(minutes=10)) is State.PAID
    payment.refresh_from_db()
    assert payment.accounted_on == Transfer.objects.get().accounted_on == date(2026, 11, 23)


def test_whoever_only_asks_frees_no_bill_while_its_payer_types(company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    assert confirm(payment) is State.AT_GATEWAY
    assert Hold.objects.get().bill_id == bill.id
    assert confirm(payment, came_back_by_fail=True) is State.WATCHED
    assert not Hold.objects.exists()


def test_no_money_moves_before_the_code_is_confirmed(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    outside.pay_with_wrong_codes(reference(payment), AMINAS_CARD)
    assert outside.order(reference(payment))["captured_centimes"] == 0
    assert confirm(payment) is State.WATCHED
    assert not Receipt.objects.exists()


def test_a_hundred_questions_change_the_world_once(
    outside: Outside, company: Company, bill: Bill, together: Callable[..., list[Any]]
) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    answers = [answer for _ in range(6) for answer in together(*[lambda: confirm(payment)] * 16)]
    assert set(answers) == {State.PAID}
    assert (Receipt.objects.count(), Transfer.objects.count()) == (1, 1)
    assert events(payment) == ["opened", "registered", "confirmed"]


def test_sixteen_people_start_on_one_bill_and_one_attempt_exists(
    company: Company, bill: Bill, together: Callable[..., list[Any]]
) -> None:
    started = together(*[lambda key=key: start(company, bill, key=f"key {key}") for key in range(16)])
    refused = [answer for answer in started if isinstance(answer, BillNotPayable)]
    assert (len(refused), Payment.objects.count(), Hold.objects.count()) == (15, 1, 1)
    assert all(answer.details["standing"] is Standing.BEING_PAID for answer in refused)


def test_pressing_pay_sixteen_times_at_once_starts_once(
    outside: Outside, company: Company, bill: Bill, together: Callable[..., list[Any]]
) -> None:
    started = together(*[lambda: start(company, bill, key="one form")] * 16)
    assert {payment.id for payment in started} == {Payment.objects.get().id}
    assert len(outside.orders(Payment.objects.get().order_number)) == 1


def test_two_payments_of_two_bills_at_once_take_two_numbers_without_a_gap(
    outside: Outside, company: Company, together: Callable[..., list[Any]]
) -> None:
    payments = [start(company, add_bill(company, seed=seed), key=f"key {seed}") for seed in range(8)]
    for payment in payments:
        outside.pay(reference(payment), AMINAS_CARD)
    together(*[lambda payment=payment: confirm(payment) for payment in payments])
    assert sorted(Receipt.objects.values_list("number", flat=True)) == list(range(1, 9))
    assert check_books(now=A_MINUTE_LATER) == []


def test_an_empty_account_leaves_the_bill_free_at_once(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), YACINES_CARD)
    assert confirm(payment, came_back_by_fail=True) is State.WATCHED
    payment.refresh_from_db()
    assert payment.response_code == "51"
    assert start(company, bill, key="another").state == State.AT_GATEWAY


def test_money_that_finds_its_bill_settled_gets_a_true_receipt_and_a_case(
    outside: Outside, company: Company, bill: Bill
) -> None:
    with outside.fault("retry_after_decline", times=1):
        first = start(company, bill)
        outside.pay(reference(first), YACINES_CARD)
    confirm(first)
    second = start(company, bill, key="another")
    outside.pay(reference(second), KARIMS_CARD)
    assert confirm(second) is State.PAID
    outside.pay(reference(first), AMINAS_CARD)

    assert confirm(first, now=A_MINUTE_LATER + timedelta(minutes=2)) is State.PAID

    bill.refresh_from_db()
    assert bill.settled_centimes == 1_430_50
    line = PaymentLine.objects.get(payment=first)
    assert (line.settled_centimes, line.surplus_centimes) == (0, 1_430_50)
    case = Case.objects.get()
    assert (case.kind, case.owner.login, case.amount_centimes) == ("surplus", SALIMA, 1_430_50)
    assert case.promised_on > NOON.date()
    assert Receipt.objects.get(payment=first).facts["lines"][0]["surplus_centimes"] == 1_430_50
    assert check_books(now=AFTER_THE_PAGE) == []


def test_a_registration_that_was_never_answered_is_found_by_our_number(
    outside: Outside, company: Company, bill: Bill
) -> None:
    with outside.fault("close", call="register.do", effect=True, times=1):
        payment = start(company, bill)
    assert (payment.state, payment.gateway_reference) == (State.OPENED, None)

    assert confirm(payment) is State.WATCHED
    assert events(payment)[-1] == "found_late"
    assert not Hold.objects.exists()


def test_a_registration_that_never_arrived_fails_after_two_questions(
    outside: Outside, company: Company, bill: Bill
) -> None:
    with outside.fault("close", call="register.do", effect=False, times=1):
        payment = start(company, bill)
    assert confirm(payment, NOON + timedelta(minutes=2)) is State.OPENED
    assert Hold.objects.exists()
    assert confirm(payment, NOON + timedelta(minutes=5)) is State.FAILED
    assert not Hold.objects.exists()


def test_a_gateway_that_is_down_leaves_nothing_held() -> None:
    company = add_company(gateway_url="http://127.0.0.1:1")
    payment = start(company, add_bill(company))
    assert payment.state == State.FAILED
    assert events(payment) == ["opened", "never_sent"]
    assert not Hold.objects.exists()


def test_silence_after_the_page_is_doubt_and_doubt_ends_only_by_an_answer(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    with outside.fault("status", call=ACKNOWLEDGE, status=503):
        assert confirm(payment) is State.AT_GATEWAY
        assert confirm(payment, AFTER_THE_PAGE) is State.IN_DOUBT
        assert confirm(payment, AFTER_THE_PAGE + timedelta(days=30)) is State.IN_DOUBT
        assert Hold.objects.exists()
    assert confirm(payment, AFTER_THE_PAGE + timedelta(days=30)) is State.PAID


@pytest.mark.parametrize("wrong", ["wrong_amount", "wrong_currency", "wrong_order"])
def test_an_answer_that_is_not_ours_changes_nothing_and_the_office_is_told(
    outside: Outside, company: Company, bill: Bill, wrong: str
) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    with outside.fault(wrong, call=ACKNOWLEDGE):
        assert confirm(payment) is State.AT_GATEWAY
    assert Case.objects.get().kind == "mismatch"
    assert not Receipt.objects.exists()
    assert confirm(payment, A_MINUTE_LATER) is State.PAID


def test_the_browser_closed_after_the_code_is_settled_by_the_sweeper(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    assert claim_due_payment(now=NOON + timedelta(seconds=29)) is None
    due = NOON + timedelta(seconds=30)
    assert claim_due_payment(now=due) == payment.id
    assert claim_due_payment(now=due) is None, "it is leased to the first sweeper"
    assert confirm(payment, due) is State.PAID


def test_a_sweeper_that_died_loses_its_lease_by_time(company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    due = NOON + timedelta(seconds=30)
    claim_due_payment(now=due)
    assert claim_due_payment(now=due + timedelta(seconds=91)) == payment.id


def test_a_page_that_timed_out_ends_as_expired_after_the_late_checks(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill)
    outside.advance(11 * 60)
    now = AFTER_THE_PAGE
    assert confirm(payment, now) is State.WATCHED
    for _ in range(20):
        payment.refresh_from_db()
        if payment.next_ask_at is None:
            break
        now = payment.next_ask_at
        confirm(payment, now)
    payment.refresh_from_db()
    assert payment.state == State.EXPIRED
    assert now - AFTER_THE_PAGE > timedelta(hours=31)
    assert check_books(now=now) == []


def test_a_bill_that_changed_since_it_was_seen_is_not_paid(company: Company, bill: Bill) -> None:
    Bill.objects.filter(id=bill.id).update(version=2, due_centimes=2_000_00)
    with pytest.raises(BillChanged):
        start(company, bill)
    assert not Payment.objects.exists()


def test_terms_that_changed_since_they_were_read_are_not_accepted(company: Company, bill: Bill) -> None:
    seen = find_text(company_id=company.id, kind="payment_terms", language="ar", now=NOON)
    assert seen is not None
    CompanyText.objects.create(
        company=company, kind="payment_terms", language="ar", version=2, body="جديد", effective_at=NOON, written_at=NOON
    )
    with pytest.raises(TermsChanged):
        start_payment(
            company=company,
            seen=[seen_now(bill)],
            start_key="key",
            language="ar",
            payment_terms_id=seen.id,
            sale_terms_id=seen.id,
            email="",
            now=NOON,
        )


@pytest.mark.parametrize(
    ("due_centimes", "status", "standing"),
    [
        (1_430_50, "cancelled", Standing.CANCELLED),
        (1_430_50, "replaced", Standing.REPLACED),
        (1_430_50, "withdrawn", None),
    ],
)
def test_a_bill_that_cannot_be_paid_says_why_before_anything_is_sent(
    company: Company, due_centimes: int, status: str, standing: Standing | None
) -> None:
    bill = add_bill(company, seed=5, due_centimes=due_centimes, status=status)
    with pytest.raises(BillNotPayable) as refusal:
        start(company, bill)
    assert refusal.value.details["standing"] is standing
    assert not Payment.objects.exists()


@pytest.mark.parametrize(("due_centimes", "refusal"), [(49_99, AmountBelowMinimum), (200_000_01, AmountAboveCeiling)])
def test_what_is_too_small_or_too_large_is_refused_before_anything_is_sent(
    company: Company, due_centimes: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        start(company, add_bill(company, seed=5, due_centimes=due_centimes))
    assert not Payment.objects.exists()


def test_another_companys_bill_cannot_be_paid_here(outside: Outside, company: Company) -> None:
    tafna = add_company("tafna", gateway_url=outside.url)
    with pytest.raises(BillNotPayable):
        start(company, add_bill(tafna, seed=7))


def test_an_email_left_by_the_payer_leaves_with_the_payment_or_not_at_all(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill, email="amina@example.com")
    assert not Notice.objects.exists()
    outside.pay(reference(payment), AMINAS_CARD)
    confirm(payment)
    notice = Notice.objects.get()
    assert (notice.reference, notice.address_row.address) == (
        f"receipt:{Receipt.objects.get().id}",
        "amina@example.com",
    )


def test_what_the_card_lost_and_we_did_not_post_is_named(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    issuer = outside.order(reference(payment))
    told = IssuerOrder(
        reference=issuer["md_order"],
        captured_centimes=issuer["captured_centimes"],
        returned_centimes=issuer["returned_centimes"],
    )
    assert [difference.check for difference in check_against_issuer([told])] == ["card_debited_otherwise_than_posted"]
    assert [difference.check for difference in check_against_gateway(since=NOON)] == ["gateway_paid_not_posted"]
    confirm(payment)
    assert check_against_issuer([told]) == []


def test_after_five_refusals_within_the_hour_a_bill_takes_no_more_cards(
    outside: Outside, company: Company, bill: Bill
) -> None:
    for number in range(5):
        payment = start(company, bill, key=f"card {number}")
        outside.pay(reference(payment), YACINES_CARD)
        confirm(payment, came_back_by_fail=True)
    with pytest.raises(TooManyTries):
        start(company, bill, key="one more card")
    assert start(company, bill, key="later", now=NOON + timedelta(hours=2)).state == State.AT_GATEWAY


def test_no_card_number_stands_anywhere_in_the_database(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm(payment)
    kept = (
        str(list(PaymentEvent.objects.values())) + str(list(Payment.objects.values())) + str(Receipt.objects.values())
    )
    assert AMINAS_CARD.number not in kept
    assert "sandbox-oran-1" not in kept
