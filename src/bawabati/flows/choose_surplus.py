"""The payer says what becomes of money that found its bill already settled, while nobody has decided yet."""

from datetime import datetime
from enum import StrEnum

from bawabati.cases.reads import find_case
from bawabati.cases.writes import note_in_case
from bawabati.errors import CannotDo
from bawabati.flows.steps.money_back import end_refund
from bawabati.flows.steps.refund_request import request_surplus
from bawabati.flows.steps.side_effects import written_together
from bawabati.guard.rules import By, Scope, pass_or_raise
from bawabati.guard.writes import weigh
from bawabati.money.amount import Money
from bawabati.payments.reads import find_open_refund, get_payment
from bawabati.payments.rules import RefundReason, RefundState, RefundStep, RefundUnderWay
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes import lock_lines, lock_payment, lock_refund
from bawabati.people.writes import system_account

BECAUSE = "the payer's choice"


class SurplusChoice(StrEnum):
    """What the payer may choose."""

    CREDIT = "credit"
    """It stays the customer's credit, for the next bill."""
    CARD = "card"
    """It goes back to the card, once a person of the company agrees."""


class NothingToChoose(CannotDo):
    """There was no surplus, it is settled already, or it was paid at an agency: then it stays credit."""

    code = "nothing_to_choose"
    sentence = "This has been settled already: there is nothing left to choose."


def choose_surplus(*, payment_id: int, choice: SurplusChoice, now: datetime) -> None:
    """Writes the choice down, and asks for the refund or takes it back. Safe to repeat, and to change one's mind.

    Rule: surplus (behaviour.md 5)

    Raises:
        NothingToChoose: no open case says that it is pending, or the credit was used meanwhile.
        RefundUnderWay: money of this payment goes back for another reason, one refund at a time.
        TooManyTries: so often within a day; each change of mind writes to the payer and to the office.
    """
    company_id = get_payment(payment_id).company_id
    subject = {By.BILL: f"payment:{payment_id}"}
    pass_or_raise(weigh(counting=Scope.SURPLUS_CHOICE, subject=subject, now=now), challenge_passed=True)
    with written_together("choose_surplus: chosen"):
        lines = lock_lines(payment_id)
        payment = lock_payment(payment_id)
        case = find_case(company_id=company_id, kind="surplus", reference=f"payment:{payment_id}")
        if case is None or case.state != "open" or payment.way != Way.WEB:
            raise NothingToChoose
        refund = find_open_refund(payment_id)
        match choice:
            case SurplusChoice.CARD if refund is None:
                surplus = Money(case.amount_centimes)
                if request_surplus(payment, lines, surplus=surplus, because=BECAUSE, now=now) is None:
                    raise NothingToChoose
            case SurplusChoice.CARD if refund is not None and refund.reason != RefundReason.CREDIT:
                raise RefundUnderWay
            case SurplusChoice.CREDIT if refund is not None and refund.reason == RefundReason.CREDIT:
                locked = lock_refund(refund.id)
                if locked.state != RefundState.REQUESTED:
                    raise NothingToChoose
                end_refund(
                    locked,
                    payment,
                    lines,
                    step=RefundStep.REFUSED,
                    by=system_account(now=now),
                    evidence={"because": BECAUSE},
                    now=now,
                )
            case _:
                pass
        note_in_case(
            company_id=company_id,
            kind="surplus",
            reference=f"payment:{payment_id}",
            details={"payer_chose": choice},
            now=now,
        )
