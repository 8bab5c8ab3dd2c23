"""A cashier takes a cheque: named by number and bank, settled at once, to be collected later."""

import re
from collections.abc import Sequence
from datetime import datetime

from bawabati.companies.rules import LooksLikeACardNumber, looks_like_a_card_number
from bawabati.errors import CannotDo
from bawabati.flows.steps.desk_session import get_own_session
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.take_at_once import take_at_once
from bawabati.flows.steps.typed_words import check_words
from bawabati.money.amount import ZERO, total
from bawabati.money.stamp_duty import stamp_duty
from bawabati.payments.models import Sale
from bawabati.payments.reads import find_sale_by_start_key, get_sale_of_form
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes import StartKeyTaken
from bawabati.people.models import Staff
from bawabati.workdays import accounting_day

LONGEST_BANK = 60
CHEQUE_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z-]{2,19}", re.ASCII)


class ChequeNumberWrong(CannotDo):
    """Cheques have a printed number."""

    code = "cheque_number_wrong"
    sentence = "Type the number of the cheque: 3 to 20 digits or capital letters."


def take_cheque(
    *,
    session_id: int,
    seen: Sequence[SeenBill],
    start_key: str,
    cheque_number: str,
    cheque_bank: str,
    language: str,
    in_spite_of: str,
    staff: Staff,
    now: datetime,
) -> Sale:
    """Settles the bills by cheque. Safe to repeat with the same `start_key`: the same sale is given back.

    The receipt carries stamp duty only where the company has said so. Rule: cheque-stamp-duty (algeria.md 2)

    Raises:
        NoSuchSession, NotAllowed, ChequeNumberWrong, WordsMissing and its kin, and what `open_sale` raises.
    """
    session = get_own_session(staff, session_id)
    known = find_sale_by_start_key(company_id=session.company_id, start_key=start_key)
    if known is not None:
        return known
    number = _number(cheque_number)
    bank = check_words(cheque_bank, longest=LONGEST_BANK)
    amount = total(choice.amount for choice in seen)
    duty = stamp_duty(amount, on=accounting_day(now)) if session.company.cheques_carry_stamp_duty else ZERO
    try:
        with written_together("take_cheque: settled"):
            return take_at_once(
                session=session,
                way=Way.CHEQUE,
                seen=seen,
                start_key=start_key,
                language=language,
                stamp_duty=duty,
                in_spite_of=in_spite_of,
                received={"cheque_number": number, "cheque_bank": bank},
                staff=staff,
                now=now,
            )
    except StartKeyTaken:
        return get_sale_of_form(company_id=session.company_id, start_key=start_key)


def _number(typed: str) -> str:
    number = typed.strip().upper()
    if looks_like_a_card_number(number):
        raise LooksLikeACardNumber
    if not CHEQUE_NUMBER.fullmatch(number):
        raise ChequeNumberWrong
    return number
