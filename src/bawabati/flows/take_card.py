"""A cashier takes a card: the sale is written and its bills are held before any reader hears of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bawabati.bills.writes import lock_bills
from bawabati.companies.models import Reader
from bawabati.companies.reads import find_reader_of_desk
from bawabati.companies.rules import Protocol
from bawabati.desks.models import DeskSession
from bawabati.errors import CannotDo
from bawabati.flows.steps.desk_session import get_own_session
from bawabati.flows.steps.open_sale import ReaderBusy, open_sale
from bawabati.flows.steps.reader_orders import put_payment
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.models import Sale
from bawabati.payments.reads import find_sale_by_start_key, find_sale_on_reader, get_sale_of_form
from bawabati.payments.rules.sales import SaleEvent, answer_expected_at
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes import StartKeyTaken, move_sale, save_sale
from bawabati.people.models import Staff

CONTACT_LASTS = timedelta(minutes=2)
"""A bridge tells of itself every half minute."""


class NoReaderHere(CannotDo):
    """The desk has no reader that works."""

    code = "no_reader_here"
    sentence = "There is no card reader at this desk. Take cash or a cheque, or show the customer how to pay online."


class ReaderSilent(CannotDo):
    """Its bridge or the reader has not been heard of lately: nothing would reach it."""

    code = "reader_silent"
    sentence = "The card reader does not answer. Look whether it is on, or take cash or a cheque."


def take_card(
    *,
    session_id: int,
    seen: Sequence[SeenBill],
    start_key: str,
    language: str,
    in_spite_of: str,
    staff: Staff,
    now: datetime,
) -> Sale:
    """Opens a sale on the desk's reader. Safe to repeat with the same `start_key`: the same sale is given back.

    Its bridge fetches the order and goes to the reader; a `manual` reader is keyed by the cashier, so that its sale is
    `sent` at once. Rule: write-before-sending (readers.md 3, R1)

    Raises:
        NoSuchSession, NotAllowed, NoReaderHere, ReaderBusy, ReaderSilent, and what `open_sale` raises.
    """
    session = get_own_session(staff, session_id)
    known = find_sale_by_start_key(company_id=session.company_id, start_key=start_key)
    if known is not None:
        return known
    reader = _reader_of(session, now)
    try:
        with written_together("take_card: sale written"):
            lock_bills(choice.bill_id for choice in seen)
            known = find_sale_by_start_key(company_id=session.company_id, start_key=start_key)
            if known is not None:
                return known
            sale = open_sale(
                session=session,
                way=Way.CARD,
                reader=reader,
                seen=seen,
                start_key=start_key,
                language=language,
                staff=staff,
                in_spite_of=in_spite_of,
                now=now,
            )
            if reader.protocol == Protocol.MANUAL:
                keyed_until = answer_expected_at(protocol=Protocol.MANUAL, sent_at=now)
                move_sale(sale, event=SaleEvent.SENT, by=staff, evidence={}, next_step_at=keyed_until, now=now)
            else:
                put_payment(sale, now=now)
                save_sale(sale, "service_id")
    except StartKeyTaken:
        return get_sale_of_form(company_id=session.company_id, start_key=start_key)
    return sale


def _reader_of(session: DeskSession, now: datetime) -> Reader:
    reader = find_reader_of_desk(session.desk_id)
    if reader is None:
        raise NoReaderHere
    busy = find_sale_on_reader(reader.id)
    if busy is not None:
        raise ReaderBusy(sale_id=busy.id)
    if reader.protocol != Protocol.MANUAL and not _is_heard_of(reader, now):
        raise ReaderSilent
    return reader


def _is_heard_of(reader: Reader, now: datetime) -> bool:
    seen_at = reader.bridge.last_contact_at if reader.bridge else None
    return seen_at is not None and now - seen_at < CONTACT_LASTS and reader.last_status != "unreachable"
