"""A reader that nobody can speak to: the cashier keyed the amount, and types what its slip says."""

from datetime import date, datetime

from bawabati.audit.writes import record_act
from bawabati.companies.rules import Protocol
from bawabati.errors import CannotDo
from bawabati.flows.steps.desk_sale import get_sale_or_say
from bawabati.flows.steps.hear_reader import follow, lock_whole_sale
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.slip import TypedSlip, check_slip, masked
from bawabati.flows.steps.staff_at import check_at_sale
from bawabati.flows.steps.typed_words import check_words
from bawabati.money.amount import Money
from bawabati.payments.models import Sale
from bawabati.payments.reads import sale_attempt_of
from bawabati.payments.rules.sales import (
    OrderKind,
    Outcome,
    ReaderSaid,
    SaleAlarm,
    SaleEvent,
    SaleMovedOn,
    SaleState,
    SaleVerdict,
    judge_sale,
)
from bawabati.people.models import Staff
from bawabati.people.rules import Action


class NotKeyedByHand(CannotDo):
    """The reader itself says what became of its sales."""

    code = "not_keyed_by_hand"
    sentence = "This reader answers by itself. Wait for its answer, or leave the sale to your agency head."


def type_approval(
    *,
    sale_id: int,
    approval_code: str,
    last_four: str,
    slip_number: str,
    slip_on: date,
    staff: Staff,
    now: datetime,
) -> Sale:
    """Settles the sale on what the slip says; above the company's limit a second person has to confirm it first.

    Not safe to repeat: what was typed once settles once. Rule: typed-approvals (readers.md 3, R15)

    Raises:
        NoSuchSale, NotAllowed, NotKeyedByHand, SaleMovedOn, and what `check_slip` raises.
    """
    known = get_sale_or_say(sale_id)
    check_at_sale(staff, Action.TAKE_PAYMENT, known)
    with written_together("type_approval: typed"):
        sale = _locked(sale_id)
        typed = TypedSlip(approval_code=approval_code, last_four=last_four, slip_number=slip_number, slip_on=slip_on)
        slip = check_slip(typed, sale=sale, now=now)
        sale.typed_by, sale.slip_number, sale.slip_on = staff, slip.slip_number, slip.slip_on
        said = ReaderSaid(
            outcome=Outcome.APPROVED,
            amount=Money(sale.amount_centimes),
            currency="DZD",
            approval_code=slip.approval_code,
            masked_card=masked(slip.last_four),
        )
        follow(sale, _verdict(sale, said, now), said=said, by=staff, now=now)
        _record(sale, staff, "type_approval", {"slip": slip.slip_number}, now)
    return sale


def type_refusal(*, sale_id: int, reason: str, staff: Staff, now: datetime) -> Sale:
    """The reader refused the card, as the cashier says. Raises as `type_approval`, and WordsMissing and its kin."""
    reason = check_words(reason)
    known = get_sale_or_say(sale_id)
    check_at_sale(staff, Action.TAKE_PAYMENT, known)
    with written_together("type_approval: refusal typed"):
        sale = _locked(sale_id)
        said = ReaderSaid(outcome=Outcome.DECLINED, reason=reason)
        verdict = judge_sale(sale_attempt_of(sale, said), said, asked=OrderKind.PAY, now=now)
        follow(sale, verdict, said=said, by=staff, now=now)
        _record(sale, staff, "type_refusal", {"reason": reason}, now)
    return sale


def _locked(sale_id: int) -> Sale:
    sale = lock_whole_sale(sale_id)
    if sale.reader is None or sale.reader.protocol != Protocol.MANUAL:
        raise NotKeyedByHand
    if sale.state != SaleState.SENT:
        raise SaleMovedOn(state=sale.state)
    return sale


def _verdict(sale: Sale, said: ReaderSaid, now: datetime) -> SaleVerdict:
    if sale.amount_centimes > sale.company.typed_approval_limit_centimes:
        return SaleVerdict(events=(SaleEvent.SECOND_PERSON_NEEDED,), alarm=SaleAlarm.REVIEW)
    return judge_sale(sale_attempt_of(sale, said), said, asked=OrderKind.PAY, now=now)


def _record(sale: Sale, staff: Staff, action: str, details: dict[str, object], now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=sale.company_id,
        action=action,
        target=f"sale:{sale.id}",
        details=details,
        now=now,
    )
