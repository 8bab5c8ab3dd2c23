"""An agency head takes back what a reader took today. The bill stays paid until the reader has confirmed it."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.companies.rules import CAN_REVERSE
from bawabati.companies.writes import lock_reader
from bawabati.errors import CannotDo
from bawabati.flows.steps.desk_sale import get_sale_or_say
from bawabati.flows.steps.hear_reader import follow, lock_whole_sale
from bawabati.flows.steps.reader_orders import BY_STAFF, is_on_the_wire, put_reversal
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_at import check_at_sale
from bawabati.flows.steps.typed_words import check_words
from bawabati.payments.models import Sale
from bawabati.payments.reads import find_payment_of_sale, find_sale_on_reader, list_refunds
from bawabati.payments.rules import RefundState
from bawabati.payments.rules.sales import SaleEvent, SaleMovedOn, SaleState, SaleVerdict
from bawabati.payments.writes import save_sale
from bawabati.people.models import Staff
from bawabati.people.rules import Action, check_may_refund
from bawabati.workdays import accounting_day


class CannotReverseHere(CannotDo):
    """Not a card on a reader that can take it back, or not of today, or money of it has gone back already."""

    code = "cannot_reverse_here"
    sentence = "The reader cannot take this back any more. Ask the finance office for a refund."


class ReaderAtWork(CannotDo):
    """One thing at a time."""

    code = "reader_at_work"
    sentence = "The reader still has another sale. Wait until that one has ended."


def reverse_sale(*, sale_id: int, because: str, staff: Staff, now: datetime) -> Sale:
    """Asks the reader to give the money back. Safe to race: asked once. Rule: same-day-reversal (readers.md 2.A.9)

    Raises:
        NoSuchSale, NotAllowed, RefundsWait, SaleMovedOn, CannotReverseHere, ReaderAtWork, WordsMissing and its kin.
    """
    because = check_words(because)
    known = get_sale_or_say(sale_id)
    check_at_sale(staff, Action.REVERSE_SALE, known)
    check_may_refund(staff.refunds_from, now=now)
    with written_together("reverse_sale: asked"):
        sale = lock_whole_sale(sale_id)
        if sale.state != SaleState.SETTLED:
            raise SaleMovedOn(state=sale.state)
        _check_can_be_reversed(sale, now)
        sale.reversal_asked_by, sale.reversal_because = staff, because
        put_reversal(sale, reason=BY_STAFF, taken_centimes=sale.amount_centimes, now=now)
        save_sale(sale, "reversal_asked_by", "reversal_because", "reversal_service_id")
        verdict = SaleVerdict(events=(SaleEvent.REVERSAL_ASKED,), next_step_at=now)
        follow(sale, verdict, said=None, by=staff, now=now)
        record_act(
            staff_id=staff.id,
            company_id=sale.company_id,
            action="reverse_sale",
            target=f"sale:{sale.id}",
            details={"because": because},
            now=now,
        )
    return sale


def _check_can_be_reversed(sale: Sale, now: datetime) -> None:
    payment = find_payment_of_sale(sale.id)
    went_back = payment is not None and any(one.state != RefundState.REFUSED for one in list_refunds(payment.id))
    of_today = payment is not None and payment.accounted_on == accounting_day(now)
    reader = sale.reader
    if went_back or not of_today or sale.reversal_service_id or not is_on_the_wire(reader):
        raise CannotReverseHere
    if reader is None or reader.protocol not in CAN_REVERSE or not sale.poi_transaction_id:
        raise CannotReverseHere
    lock_reader(reader.id)
    if find_sale_on_reader(reader.id) is not None:
        raise ReaderAtWork
