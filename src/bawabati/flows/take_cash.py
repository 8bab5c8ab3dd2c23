"""A cashier takes cash: counted into an open session, with the stamp duty of the day, settled at once."""

from collections.abc import Sequence
from datetime import datetime

from bawabati.errors import CannotDo
from bawabati.flows.steps.desk_session import get_own_session
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.take_at_once import take_at_once
from bawabati.money.amount import Money, total
from bawabati.money.stamp_duty import stamp_duty
from bawabati.payments.models import Sale
from bawabati.payments.reads import find_sale_by_start_key, get_sale_of_form
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes import StartKeyTaken
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
    try:
        with written_together("take_cash: settled"):
            return take_at_once(
                session=session,
                way=Way.CASH,
                seen=seen,
                start_key=start_key,
                language=language,
                stamp_duty=duty,
                in_spite_of=in_spite_of,
                received={"tendered_centimes": tendered.centimes},
                staff=staff,
                now=now,
            )
    except StartKeyTaken:
        return get_sale_of_form(company_id=session.company_id, start_key=start_key)
