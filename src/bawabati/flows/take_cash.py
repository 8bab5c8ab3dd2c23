"""A cashier takes cash: counted into an open session, with the stamp duty of the day, settled at once."""

from collections.abc import Sequence
from datetime import datetime

from bawabati.bills.writes import lock_bills
from bawabati.errors import CannotDo
from bawabati.flows.steps.desk_session import get_own_session
from bawabati.flows.steps.open_sale import open_sale
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.flows.steps.settle_sale import settle_sale
from bawabati.flows.steps.side_effects import written_together
from bawabati.money.amount import Money, total
from bawabati.money.stamp_duty import stamp_duty
from bawabati.payments.models import Sale
from bawabati.payments.reads import find_sale_by_start_key
from bawabati.payments.rules.sales import SaleEvent
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes import move_sale
from bawabati.people.models import Staff
from bawabati.workdays import accounting_day


class TooLittleCash(CannotDo):
    """Less was handed over than the bills and their stamp duty."""

    code = "too_little_cash"
    sentence = "%(missing)s are missing: with the stamp duty it is %(to_pay)s."


def take_cash(
    *,
    session_id: int,
    seen: Sequence[SeenBill],
    start_key: str,
    tendered: Money,
    language: str,
    in_spite_of: str,
    staff: Staff,
    now: datetime,
) -> Sale:
    """Settles the bills in cash. Safe to repeat with the same `start_key`: the same sale is given back.

    The stamp duty comes on top of the bills, on their sum, because there is one receipt; what is to be given back is
    `tendered` less both. Rule: stamp-duty (algeria.md 2)

    Raises:
        NoSuchSession, NotAllowed, TooLittleCash, and what `open_sale` raises.
    """
    session = get_own_session(staff, session_id)
    known = find_sale_by_start_key(company_id=session.company_id, start_key=start_key)
    if known is not None:
        return known
    amount = total(choice.amount for choice in seen)
    duty = stamp_duty(amount, on=accounting_day(now))
    if tendered < amount + duty:
        missing, to_pay = amount + duty - tendered, amount + duty
        raise TooLittleCash(missing=missing, to_pay=to_pay)
    with written_together("take_cash: settled"):
        lock_bills(choice.bill_id for choice in seen)
        known = find_sale_by_start_key(company_id=session.company_id, start_key=start_key)
        if known is not None:
            return known
        sale = open_sale(
            session=session,
            way=Way.CASH,
            seen=seen,
            start_key=start_key,
            language=language,
            stamp_duty=duty,
            in_spite_of=in_spite_of,
            staff=staff,
            now=now,
        )
        sale.tendered_centimes = tendered.centimes
        evidence = {"tendered_centimes": tendered.centimes, "stamp_duty_centimes": duty.centimes}
        move_sale(sale, event=SaleEvent.RECEIVED, by=staff, evidence=evidence, next_step_at=None, now=now)
        settle_sale(sale, evidence=evidence, now=now)
    return sale
