"""People settle what does not agree: one owns it, promises a day, says why; what changes the books takes another."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from bawabati.audit.writes import record_act
from bawabati.flows.steps.money_back import end_refund
from bawabati.flows.steps.refund_request import request_refund
from bawabati.flows.steps.settlement_books import post_ending, post_items, post_matched
from bawabati.flows.steps.settlement_items import opening_of
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import check_words
from bawabati.money.amount import Money
from bawabati.payments.models import Payment, PaymentLine
from bawabati.payments.reads.channels import find_channel_of_code
from bawabati.payments.rules import RefundKind, RefundReason, RefundStep
from bawabati.payments.writes import lock_lines, lock_payment
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action, check_may_refund, check_two_people
from bawabati.settlement.models import Difference
from bawabati.settlement.reads import get_difference
from bawabati.settlement.rules import (
    DifferenceChanged,
    DifferenceEnded,
    DifferenceKind,
    DifferenceProposed,
    DifferenceState,
    Ending,
    EndingNotPossible,
    NothingProposed,
    PromiseNotPossible,
    Step,
    endings_of,
)
from bawabati.settlement.writes import (
    Posting,
    end_difference,
    hold_settlement,
    lock_difference,
    own_difference,
    promise,
    propose,
    refuse_proposal,
    set_item,
    write_refund_match,
    write_step,
)
from bawabati.workdays import accounting_day

_LONGEST_PROMISE: Final = timedelta(days=366)


def take_difference(*, company_id: int, difference_id: int, staff: Staff, now: datetime) -> Difference:
    """The item is that person's from now on. Safe to repeat. Raises NotAllowed, NoSuchDifference, DifferenceEnded."""
    get_staff_allowed(login=staff.login, action=Action.SETTLE_DIFFERENCE, company_id=company_id)
    with written_together("take_difference: taken"):
        item = _lock_open(company_id, difference_id)
        if item.owner_id != staff.id:
            own_difference(item, owner_id=staff.id, by_id=staff.id, now=now)
            _record(item, staff, "take_difference", now)
    return item


def promise_difference(
    *, company_id: int, difference_id: int, promised_on: date, staff: Staff, now: datetime
) -> Difference:
    """Another promised day. Raises PromiseNotPossible, and as `take_difference`."""
    get_staff_allowed(login=staff.login, action=Action.SETTLE_DIFFERENCE, company_id=company_id)
    today = accounting_day(now)
    if not today <= promised_on <= today + _LONGEST_PROMISE:
        raise PromiseNotPossible
    with written_together("promise_difference: promised"):
        item = _lock_open(company_id, difference_id)
        promise(item, promised_on=promised_on, by_id=staff.id, now=now)
        _record(item, staff, "promise_difference", now)
    return item


def comment_difference(*, company_id: int, difference_id: int, words: str, staff: Staff, now: datetime) -> Difference:
    """What a person has found out; also of one that has ended. Raises NotAllowed, NoSuchDifference and of words."""
    words = check_words(words)
    get_staff_allowed(login=staff.login, action=Action.SETTLE_DIFFERENCE, company_id=company_id)
    with written_together("comment_difference: noted"):
        item = lock_difference(company_id=company_id, difference_id=difference_id)
        write_step(item, step=Step.COMMENTED, words=words, by_id=staff.id, now=now)
        _record(item, staff, "comment_difference", now)
    return item


def propose_ending(
    *,
    company_id: int,
    difference_id: int,
    ending: Ending,
    channel: str = "",
    because: str,
    staff: Staff,
    now: datetime,
) -> Difference:
    """How it ends. What changes no book has ended with that; all else waits for another person.

    `channel`: the code of the channel whose money it is, with `Ending.CHANNEL` alone.
    Rule: differences-two-people (failures.md 2.8, S3)

    Raises:
        NotAllowed, NoSuchDifference: there is none that this person may settle.
        DifferenceEnded, DifferenceProposed: somebody was first.
        EndingNotPossible: an item of that kind, with such a sum set apart, does not end so.
        RefundsWait: a reversal, by somebody whose second factor was lost a short while ago.
        WordsMissing, WordsTooLong, LooksLikeACardNumber: of `because`.
    """
    because = check_words(because)
    get_staff_allowed(login=staff.login, action=Action.SETTLE_DIFFERENCE, company_id=company_id)
    if ending is Ending.REVERSED:
        check_may_refund(staff.refunds_from, now=now)
    with written_together("propose_ending: proposed"):
        item = _lock_open(company_id, difference_id)
        if item.state == DifferenceState.PROPOSED:
            raise DifferenceProposed
        if ending not in endings_of(DifferenceKind(item.kind), posted_centimes=item.posted_centimes):
            raise EndingNotPossible
        if (ending is Ending.CHANNEL) != bool(channel) or (channel and not _may_be_of(item, channel)):
            raise EndingNotPossible
        if ending is Ending.EXPLAINED:
            end_difference(item, ending=ending, step=Step.ENDED, because=because, by_id=staff.id, now=now)
        else:
            propose(item, ending=ending, channel=channel, because=because, by_id=staff.id, now=now)
        _record(item, staff, "propose_ending", now)
    return item


def confirm_ending(
    *, company_id: int, difference_id: int, staff: Staff, seen_steps: int | None = None, now: datetime
) -> Difference:
    """Another person's word: the books change now, and the item has ended. Safe to race: decided once.

    `seen_steps`: how many steps stood beside the item that this person has read; None: as it stands.

    Raises:
        NotAllowed, NoSuchDifference, NothingProposed, DifferenceEnded.
        DifferenceChanged: something has happened to it since then; perhaps another ending is proposed now.
        SamePerson: the one who proposed it. The database refuses this too.
        NothingToGiveBack, TooMuch, RefundUnderWay: of a reversal, which cannot be written down as things are.
    """
    get_staff_allowed(login=staff.login, action=Action.CONFIRM_DIFFERENCE, company_id=company_id)
    known = get_difference(company_id=company_id, difference_id=difference_id)
    with written_together("confirm_ending: confirmed"):
        locked = _lock_payment(known.payment_id)
        hold_settlement(company_id)
        item = _lock_proposed(company_id, difference_id)
        if seen_steps is not None and seen_steps != item.step_count:
            raise DifferenceChanged
        proposed_by = item.proposed_by
        assert proposed_by is not None  # noqa: S101 - the database holds it for every proposal
        check_two_people(asked_by=proposed_by.id, approved_by=staff.id)
        ending, because = Ending(item.proposed), item.proposed_because
        if ending is Ending.REVERSED:
            check_may_refund(staff.refunds_from, now=now)
            _reverse(item, locked, proposed_by=proposed_by, staff=staff, now=now)
        else:
            moved = end_difference(item, ending=ending, step=Step.CONFIRMED, because=because, by_id=staff.id, now=now)
            post_ending(company_id=company_id, moved=moved, ending=ending, channel=item.channel, now=now)
        _record(item, staff, "confirm_ending", now)
    return item


def refuse_ending(*, company_id: int, difference_id: int, because: str, staff: Staff, now: datetime) -> Difference:
    """Not so: the item is open again. Who proposed it may take it back. Raises as `confirm_ending`, and of words."""
    because = check_words(because)
    get_staff_allowed(login=staff.login, action=Action.CONFIRM_DIFFERENCE, company_id=company_id)
    with written_together("refuse_ending: refused"):
        item = _lock_proposed(company_id, difference_id)
        refuse_proposal(item, because=because, by_id=staff.id, now=now)
        _record(item, staff, "refuse_ending", now)
    return item


def _lock_payment(payment_id: int | None) -> tuple[Payment, list[PaymentLine]] | None:
    """Bills and payment are locked before anything else, in the order of the house."""
    if payment_id is None:
        return None
    lines = lock_lines(payment_id)
    return lock_payment(payment_id), lines


def _reverse(
    item: Difference,
    locked: tuple[Payment, list[PaymentLine]] | None,
    *,
    proposed_by: Staff,
    staff: Staff,
    now: datetime,
) -> None:
    """The payment is reversed; the line that took its money, where there is one, is that reversal from now on."""
    if locked is None:
        raise EndingNotPossible
    payment, lines = locked
    refund = request_refund(
        payment,
        lines,
        kind=RefundKind.REVERSAL,
        reason=RefundReason.BILL_DUE_AGAIN,
        amount=Money(abs(item.amount_centimes)),
        because=item.proposed_because,
        requested_by=proposed_by,
        now=now,
    )
    end_refund(refund, payment, lines, step=RefundStep.RECORDED, by=staff, evidence={"difference": item.id}, now=now)
    moved = end_difference(
        item, ending=Ending.REVERSED, step=Step.CONFIRMED, because=item.proposed_because, by_id=staff.id, now=now
    )
    post_items(company_id=item.company_id, moved=[moved], now=now)
    line = item.line
    if line is None or line.remittance_id is None:
        return
    write_refund_match(
        company_id=item.company_id, line_id=line.id, refund_id=refund.id, centimes=line.gross_centimes, now=now
    )
    posting = Posting(
        remittance_id=line.remittance_id,
        way=payment.way,
        line_id=line.id,
        taken=0,
        back=-line.gross_centimes,
        fee=line.fee_centimes,
        vat=line.vat_centimes,
    )
    post_matched(company_id=item.company_id, statement_id=None, postings=[posting], now=now)
    wrong = line.net_centimes - (line.gross_centimes - line.fee_centimes - line.vat_centimes)
    differs = set_item(
        opening_of(item.company_id, now=now),
        kind=DifferenceKind.NET_DIFFERS,
        reference=item.reference,
        day=item.day,
        amount=wrong,
        posted=wrong,
        details={"gross_centimes": line.gross_centimes, "net_centimes": line.net_centimes},
        line_id=line.id,
        payment_id=payment.id,
        remittance_id=line.remittance_id,
    )
    post_items(company_id=item.company_id, moved=[differs], now=now)


def _lock_open(company_id: int, difference_id: int) -> Difference:
    item = lock_difference(company_id=company_id, difference_id=difference_id)
    if item.state == DifferenceState.ENDED:
        raise DifferenceEnded
    return item


def _lock_proposed(company_id: int, difference_id: int) -> Difference:
    item = _lock_open(company_id, difference_id)
    if item.state != DifferenceState.PROPOSED:
        raise NothingProposed
    return item


def _may_be_of(item: Difference, channel: str) -> bool:
    """What is not a channel's after all goes back to the one that it was said to be of, and to no other."""
    if item.posted_centimes < 0:
        return channel == item.channel
    return find_channel_of_code(company_id=item.company_id, code=channel) is not None


def _record(item: Difference, staff: Staff, action: str, now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=item.company_id,
        action=action,
        target=f"difference:{item.id}",
        details={
            "kind": item.kind,
            "amount_centimes": item.amount_centimes,
            "proposed": item.proposed,
            "ending": item.ending,
        },
        now=now,
    )
