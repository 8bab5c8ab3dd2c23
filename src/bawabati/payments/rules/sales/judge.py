"""The judge of sales: what a reader's answer, or its silence, means. Pure: same arguments, same verdict.

What a bridge reports is compared with what was asked; "approved" of anything else settles nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bawabati.companies.rules import CAN_BE_ASKED, Protocol
from bawabati.money.amount import Money
from bawabati.payments.rules.sales.answers import PAID_OUTCOMES, OrderKind, Outcome, ReaderSaid
from bawabati.payments.rules.sales.states import FINAL_SALE, SaleEvent, SaleState

CURRENCIES = frozenset({"DZD", "012"})
IDLE_AFTER = timedelta(minutes=10)
"""An opened sale that nobody goes on with is cancelled; nothing has been sent."""
RESULT_EXPECTED = timedelta(seconds=240)
"""A bridge waits 180 s for a reader and then says that it does not know. Silence beyond this is the bridge's."""
TYPING_LASTS = timedelta(minutes=10)
"""How long a cashier may take to type what the reader's slip says."""
FOREGROUND = timedelta(seconds=90)
ASK_EVERY = timedelta(seconds=5)
ASK_LATER_EVERY = timedelta(seconds=60)
NOT_FOUND_APART = timedelta(seconds=10)
NOT_FOUND_TIMES = 2


class SaleAlarm(StrEnum):
    """What a person has to look at. Each becomes a case."""

    APPROVED_AFTER_END = "sale_approved_after_end"
    """The reader says "approved" of a sale that has ended otherwise."""
    MISMATCH = "sale_mismatch"
    """The reader answers with another sale, amount or currency than was asked for."""
    REVIEW = "sale_review"
    """No machine can tell what became of it."""
    STAYS_UNKNOWN = "sale_unknown"
    """Not cleared up while the customer stands at the desk; asking goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleAttempt:
    """What the judge knows of a sale."""

    state: SaleState
    protocol: Protocol
    service_id: str
    poi_id: str
    reference: str
    amount: Money
    opened_at: datetime
    sent_at: datetime | None = None
    unknown_since: datetime | None = None
    not_found_count: int = 0
    not_found_at: datetime | None = None
    """When the reader last said that it does not know the sale."""
    boot_when_sent: str = ""
    reader_boot: str = ""
    reader_ok_at: datetime | None = None
    """When the reader last answered that all is well with it."""
    approval_is_taken: bool = False
    """Another sale of this reader has the approval number of the answer."""
    transaction_is_taken: bool = False
    """Another sale of this reader has the reader's own name of the transaction in the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleVerdict:
    """What an answer means: events in their order (none: it stays), when to go on, and what to alarm about."""

    events: tuple[SaleEvent, ...] = ()
    next_step_at: datetime | None = None
    not_found_count: int = 0
    not_found_at: datetime | None = None
    alarm: SaleAlarm | None = None


def judge_sale(sale: SaleAttempt, said: ReaderSaid, *, asked: OrderKind, now: datetime) -> SaleVerdict:
    """What the answer to an order about this sale means. `asked`: PAY, ASK or REVERSE; others say nothing of money.

    Rule: sale-answers (readers.md 3, R4 R5 R9 R10)
    """
    if sale.state is SaleState.REVERSING:
        return _judge_reversal(sale, said, asked, now)
    if asked is OrderKind.REVERSE:
        return SaleVerdict()
    if sale.state is SaleState.REVIEW:  # people decide, and this is for their eyes
        return SaleVerdict(alarm=SaleAlarm.REVIEW if said.outcome in PAID_OUTCOMES else None)
    if sale.state not in {SaleState.SENT, SaleState.UNKNOWN}:
        late = sale.state in FINAL_SALE - {SaleState.REVERSED} and _is_ours_and_right(sale, said, now)
        return SaleVerdict(alarm=SaleAlarm.APPROVED_AFTER_END if late else None)
    if said.outcome in PAID_OUTCOMES:
        return _judge_approval(sale, said, asked, now)
    if said.outcome in {Outcome.DECLINED, Outcome.CANCELLED}:
        return _judge_refusal(sale, said, now)
    if said.outcome in {Outcome.NOT_SENT, Outcome.BUSY} and asked is OrderKind.PAY:
        event = SaleEvent.NOT_SENT if sale.state is SaleState.SENT else SaleEvent.NOT_PROCESSED
        return SaleVerdict(events=(event,))
    if said.outcome is Outcome.NOT_FOUND:
        return _judge_not_found(sale, said, now)
    if asked is OrderKind.ASK and said.outcome is Outcome.UNKNOWN and sale.protocol not in CAN_BE_ASKED:
        return _judge_not_found(sale, said, now)
    return _still_unknown(sale, now)


def judge_silence(sale: SaleAttempt, *, now: datetime) -> SaleVerdict:
    """What time alone means for a sale. Never "failed" of what was sent. Rule: sale-silence (readers.md 3, R5)"""
    if sale.state is SaleState.OPENED and now >= sale.opened_at + IDLE_AFTER:
        return SaleVerdict(events=(SaleEvent.IDLE,))
    if sale.state is SaleState.SENT and now >= _answer_expected_at(sale):
        if sale.protocol is Protocol.MANUAL:
            return SaleVerdict(events=(SaleEvent.SILENT, SaleEvent.CANNOT_TELL), alarm=SaleAlarm.REVIEW)
        return SaleVerdict(events=(SaleEvent.SILENT,), next_step_at=now)
    return _as_it_was(sale, next_step_at=next_step_of(sale, now=now))


def next_step_of(sale: SaleAttempt, *, now: datetime) -> datetime | None:
    """When time next brings something to do; None where people or nobody do."""
    if sale.state is SaleState.OPENED:
        return sale.opened_at + IDLE_AFTER
    if sale.state is SaleState.SENT:
        return _answer_expected_at(sale)
    if sale.state in {SaleState.UNKNOWN, SaleState.REVERSING}:
        return _next_question(sale, now)
    return None


def answer_expected_at(*, protocol: Protocol, sent_at: datetime) -> datetime:
    """Until when the answer to a sale may well be under way."""
    return sent_at + (TYPING_LASTS if protocol is Protocol.MANUAL else RESULT_EXPECTED)


def is_in_foreground(sale: SaleAttempt, *, now: datetime) -> bool:
    """Whether the customer may still be standing at the desk while a sale is being cleared up."""
    return sale.unknown_since is not None and now < sale.unknown_since + FOREGROUND


def _answer_expected_at(sale: SaleAttempt) -> datetime:
    return answer_expected_at(protocol=sale.protocol, sent_at=sale.sent_at or sale.opened_at)


def _next_question(sale: SaleAttempt, now: datetime) -> datetime:
    near = sale.unknown_since is None or is_in_foreground(sale, now=now)
    return now + (ASK_EVERY if near else ASK_LATER_EVERY)


def _judge_approval(sale: SaleAttempt, said: ReaderSaid, asked: OrderKind, now: datetime) -> SaleVerdict:
    """Settled only when it is ours and right. What is certainly otherwise is reversed; else we ask again."""
    if not _is_ours(sale, said, now):
        if asked is OrderKind.ASK and sale.protocol not in CAN_BE_ASKED:
            return _judge_not_found(sale, said, now)  # the ticket of another sale says nothing of ours
        return _still_unknown(sale, now, alarm=SaleAlarm.MISMATCH)
    if said.outcome is Outcome.APPROVED and _amount_is_right(sale, said):
        return SaleVerdict(events=(SaleEvent.APPROVED, SaleEvent.SETTLED))
    if said.outcome is Outcome.PARTIAL or asked is OrderKind.ASK:
        return SaleVerdict(events=(SaleEvent.APPROVED, SaleEvent.DIFFERS), next_step_at=now, alarm=SaleAlarm.MISMATCH)
    return _still_unknown(sale, now, alarm=SaleAlarm.MISMATCH)


def _judge_refusal(sale: SaleAttempt, said: ReaderSaid, now: datetime) -> SaleVerdict:
    """A refusal of another sale says nothing of this one."""
    if not _is_ours(sale, said, now):
        return _still_unknown(sale, now, alarm=SaleAlarm.MISMATCH)
    cancelled = said.outcome is Outcome.CANCELLED and sale.state is SaleState.SENT
    return SaleVerdict(events=(SaleEvent.CANCELLED if cancelled else SaleEvent.DECLINED,))


def _judge_not_found(sale: SaleAttempt, said: ReaderSaid, now: datetime) -> SaleVerdict:
    """Never begun: said twice, by a reader that is well and has not started anew since.

    Rule: not-found-twice (readers.md 3, R5)
    """
    if sale.state is SaleState.SENT:
        return _still_unknown(sale, now)
    if sale.protocol not in CAN_BE_ASKED:  # it shows its last ticket only, and that is another's
        return _still_unknown(sale, now) if is_in_foreground(sale, now=now) else _cannot_tell()
    first = sale.not_found_at is None
    apart = sale.not_found_at is not None and now - sale.not_found_at >= NOT_FOUND_APART
    if not first and not apart:
        return _still_unknown(sale, now)
    count = sale.not_found_count + 1
    if count < NOT_FOUND_TIMES:
        again = max(_next_question(sale, now), now + NOT_FOUND_APART)
        return SaleVerdict(next_step_at=again, not_found_count=count, not_found_at=now)
    if (said.boot or sale.reader_boot) != sale.boot_when_sent:
        return _cannot_tell()
    if sale.reader_ok_at is None or sale.unknown_since is None or sale.reader_ok_at < sale.unknown_since:
        again = _next_question(sale, now)
        return SaleVerdict(next_step_at=again, not_found_count=count - 1, not_found_at=sale.not_found_at)
    return SaleVerdict(events=(SaleEvent.NOT_PROCESSED,), not_found_count=count, not_found_at=now)


def _judge_reversal(sale: SaleAttempt, said: ReaderSaid, asked: OrderKind, now: datetime) -> SaleVerdict:
    """Reversed is what the reader confirms; a certain "no" goes to people.

    Rule: reversal-uncertain (readers.md 3, R13)
    """
    if asked is OrderKind.PAY:
        return _as_it_was(sale, next_step_at=_next_question(sale, now))
    if said.outcome is Outcome.DONE or (asked is OrderKind.ASK and said.outcome is Outcome.APPROVED):
        return SaleVerdict(events=(SaleEvent.REVERSED,))
    certain = {Outcome.REFUSED, Outcome.DECLINED, Outcome.NOT_SENT}
    if asked is OrderKind.REVERSE and said.outcome in certain | {Outcome.BUSY}:
        return SaleVerdict(events=(SaleEvent.REVERSAL_FAILED,), alarm=SaleAlarm.REVIEW)
    if asked is OrderKind.ASK and said.outcome in certain:
        return SaleVerdict(events=(SaleEvent.REVERSAL_FAILED,), alarm=SaleAlarm.REVIEW)
    if said.outcome is Outcome.NOT_FOUND:
        return _reversal_not_found(sale, now)
    return _as_it_was(sale, next_step_at=_next_question(sale, now))


def _reversal_not_found(sale: SaleAttempt, now: datetime) -> SaleVerdict:
    if sale.protocol not in CAN_BE_ASKED:
        return SaleVerdict(events=(SaleEvent.REVERSAL_FAILED,), alarm=SaleAlarm.REVIEW)
    if sale.not_found_at is None:
        again = max(_next_question(sale, now), now + NOT_FOUND_APART)
        return SaleVerdict(next_step_at=again, not_found_count=1, not_found_at=now)
    if now - sale.not_found_at < NOT_FOUND_APART:
        return SaleVerdict(next_step_at=_next_question(sale, now), not_found_count=1, not_found_at=sale.not_found_at)
    return SaleVerdict(events=(SaleEvent.REVERSAL_FAILED,), alarm=SaleAlarm.REVIEW)


def _still_unknown(sale: SaleAttempt, now: datetime, *, alarm: SaleAlarm | None = None) -> SaleVerdict:
    """A sale that was sent becomes unknown; one that is unknown stays so, and is asked about again."""
    if sale.state is SaleState.SENT:
        return SaleVerdict(events=(SaleEvent.SILENT,), next_step_at=now, alarm=alarm)
    if alarm is None and not is_in_foreground(sale, now=now):
        alarm = SaleAlarm.STAYS_UNKNOWN
    return _as_it_was(sale, next_step_at=_next_question(sale, now), alarm=alarm)


def _as_it_was(sale: SaleAttempt, *, next_step_at: datetime | None, alarm: SaleAlarm | None = None) -> SaleVerdict:
    """Nothing moves, and nothing that was learnt before is forgotten."""
    return SaleVerdict(
        next_step_at=next_step_at,
        not_found_count=sale.not_found_count,
        not_found_at=sale.not_found_at,
        alarm=alarm,
    )


def _cannot_tell() -> SaleVerdict:
    return SaleVerdict(events=(SaleEvent.CANNOT_TELL,), alarm=SaleAlarm.REVIEW)


def _is_ours_and_right(sale: SaleAttempt, said: ReaderSaid, now: datetime) -> bool:
    return said.outcome is Outcome.APPROVED and _is_ours(sale, said, now) and _amount_is_right(sale, said)


def _amount_is_right(sale: SaleAttempt, said: ReaderSaid) -> bool:
    return said.amount == sale.amount and said.currency in CURRENCIES


def _is_ours(sale: SaleAttempt, said: ReaderSaid, now: datetime) -> bool:
    """Whether the answer speaks of exactly our sale.

    Readers that can be asked give back our identifiers: all of them have to agree. The others show a ticket: ours when
    the reference is, or when amount, time and a fresh approval number leave no other.

    Rule: ticket-is-ours (readers.md 3, R16)
    """
    if sale.transaction_is_taken:
        return False
    if sale.protocol in CAN_BE_ASKED:
        return (said.service_id, said.poi_id, said.sale_reference) == (sale.service_id, sale.poi_id, sale.reference)
    if said.echoes_reference:
        return said.sale_reference == sale.reference
    if said.outcome not in PAID_OUTCOMES or sale.state is SaleState.SENT:
        return True  # the answer came on the connection on which we had asked
    at = said.poi_transaction_at
    in_time = at is not None and sale.sent_at is not None and sale.sent_at <= at <= now
    return _amount_is_right(sale, said) and in_time and bool(said.approval_code) and not sale.approval_is_taken
