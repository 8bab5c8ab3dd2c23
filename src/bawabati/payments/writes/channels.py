"""What channels reserve: opened, moved along its table, and what it settles. Inside a transaction that a flow opened.

`move_reservation` is the only function that assigns a reservation's state; a house test holds it so.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from bawabati.money.amount import total
from bawabati.payments.models import (
    Channel,
    EarlyWord,
    Hold,
    Payment,
    Reservation,
    ReservationHappening,
    ReservationLine,
)
from bawabati.payments.reads.channels import list_reservation_lines
from bawabati.payments.rules.channels import (
    FINAL_RESERVATION,
    RESERVATION_HOLDS,
    ReservationEvent,
    ReservationState,
    Word,
    channel_code_of,
    next_reservation_state,
)
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes.beside import write_beside
from bawabati.payments.writes.locks import lock_bills_of_reservation
from bawabati.payments.writes.opening import ORDER_NUMBER_ALPHABET
from bawabati.payments.writes.real_bills import LineToPay, on_real_bills
from bawabati.people.models import Staff

NUMBER_LENGTH = 9
MONEY_CAME_FIRST = "money_came_first"
"""The event of a reservation whose money had been told before, of bills that nobody could reserve any more."""
HOLD_RELEASED = "hold_released"
"""The event of a person who freed the bills of a reservation that is still open."""


_HOLD_REFERENCE = "SELECT pg_advisory_xact_lock(hashtextextended('channel ' || %s::bigint || ' ' || %s::text, 0))"


def hold_reference(*, channel_id: int, reference: str) -> None:
    """Until the transaction ends, nobody else reserves under the reference, or keeps what is said of it too early.

    After the bills, before everything else.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_REFERENCE, [channel_id, reference])


def enter_channel(*, company_id: int, name: str, now: datetime) -> Channel:
    """The channel that a key names, made when it is first named. Safe to repeat; who races is refused one of two."""
    known = Channel.objects.filter(company_id=company_id, name=name).first()
    if known is not None:
        return known
    taken = frozenset(Channel.objects.filter(company_id=company_id).values_list("code", flat=True))
    return Channel.objects.create(
        company_id=company_id,
        code=channel_code_of(name, taken=taken),
        name=name,
        name_ar=name,
        name_fr=name,
        added_at=now,
    )


def save_channel(channel: Channel, *names: str) -> None:
    """Saves what a company may change of a channel."""
    channel.save(update_fields=names)


def open_reservation(
    *,
    channel: Channel,
    reference: str,
    asked: Sequence[Mapping[str, object]],
    lines: Sequence[LineToPay],
    language: str,
    ends_at: datetime,
    holds: bool,
    is_from_file: bool = False,
    now: datetime,
) -> Reservation:
    """Writes the reservation, its lines and its holds. Money that is there already needs no holds.

    Not safe to repeat: the database refuses a reference that is known, and a bill that is held.
    """
    lines = on_real_bills(lines)
    reservation = Reservation.objects.create(
        company_id=channel.company_id,
        channel=channel,
        reference=reference,
        number=_new_number(channel.company_id),
        amount_centimes=total(line.amount for line in lines).centimes,
        asked=list(asked),
        language=language,
        is_from_file=is_from_file,
        opened_at=now,
        ends_at=ends_at,
        next_step_at=ends_at,
        event_count=1,
    )
    ReservationLine.objects.bulk_create(
        ReservationLine(
            company_id=reservation.company_id,
            reservation=reservation,
            bill_id=line.bill_id,
            bill_version=line.bill_version,
            amount_centimes=line.amount.centimes,
        )
        for line in lines
    )
    if holds:
        Hold.objects.bulk_create(
            Hold(company_id=reservation.company_id, bill_id=line.bill_id, reservation=reservation, held_at=now)
            for line in lines
        )
    _write_happening(reservation, event="opened", from_state="", by=None, evidence={}, now=now)
    return reservation


def _new_number(company_id: int) -> str:
    """C and nine characters that the company has never used; should two draw the same, the database refuses one."""
    while True:
        number = "C" + "".join(secrets.choice(ORDER_NUMBER_ALPHABET) for _ in range(NUMBER_LENGTH))
        if not Reservation.objects.filter(company_id=company_id, number=number).exists():
            return number


def lock_reservation(reservation_id: int) -> Reservation:
    """The reservation with its bills and holds locked before it, in the house's order, until the transaction ends."""
    lock_bills_of_reservation(reservation_id)
    return lock_reservation_and_holds(reservation_id)


def lock_reservation_and_holds(reservation_id: int) -> Reservation:
    """As `lock_reservation` without its bills: for whoever has locked some of them, and cannot go back for others."""
    list(Hold.objects.select_for_update(no_key=True).filter(reservation_id=reservation_id).order_by("bill_id"))
    locked = Reservation.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("company", "channel").get(id=reservation_id)


def move_reservation(
    reservation: Reservation,
    *,
    event: ReservationEvent,
    by: Staff | None,
    evidence: Mapping[str, object],
    next_step_at: datetime | None,
    now: datetime,
) -> None:
    """Moves a locked reservation along its table and writes what happened beside it. Raises ReservationMovedOn.

    Holds end where the state ends them; one that is in doubt again after its time holds what nobody else has. Whatever
    else was set on the row is saved along.
    """
    before = ReservationState(reservation.state)
    after = next_reservation_state(before, event)
    reservation.state = after
    reservation.event_count += 1
    reservation.next_step_at = None if after in FINAL_RESERVATION else next_step_at or now
    if event is ReservationEvent.TIME_OVER:
        reservation.over_at = now
    if after in FINAL_RESERVATION:
        reservation.ended_at = now
    if after not in RESERVATION_HOLDS:
        Hold.objects.filter(reservation=reservation).delete()
    elif before not in RESERVATION_HOLDS:
        _hold_again(reservation, now)
    reservation.save()
    _write_happening(reservation, event=event, from_state=before, by=by, evidence=evidence, now=now)


_HOLD_AGAIN = """
INSERT INTO payments_hold (company_id, bill_id, reservation_id, held_at)
SELECT line.company_id, line.bill_id, line.reservation_id, %s
FROM payments_reservationline line JOIN bills_bill bill ON bill.id = line.bill_id
WHERE line.reservation_id = %s AND bill.status = 'open' AND bill.settled_centimes < bill.due_centimes
ON CONFLICT (bill_id) DO NOTHING
"""


def _hold_again(reservation: Reservation, now: datetime) -> None:
    """The bills are locked; one that another attempt has taken meanwhile stays its own."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_AGAIN, [now, reservation.id])


def wait_until(reservation: Reservation, next_step_at: datetime) -> None:
    """When time next has something to do with a locked reservation that nothing has moved."""
    reservation.next_step_at = next_step_at
    reservation.save(update_fields=["next_step_at"])


def note_reservation(
    reservation: Reservation, *, event: str, by: Staff | None, evidence: Mapping[str, object], now: datetime
) -> None:
    """Writes down beside a locked reservation what has not moved it; once while it repeats itself."""
    latest = ReservationHappening.objects.filter(reservation=reservation, sequence=reservation.event_count)
    if latest.filter(event=event).exists():
        return
    reservation.event_count += 1
    reservation.save(update_fields=["event_count"])
    _write_happening(reservation, event=event, from_state=reservation.state, by=by, evidence=evidence, now=now)


def save_reservation(reservation: Reservation, *names: str) -> None:
    """Saves columns of a locked reservation that say what is known of it, never its state."""
    reservation.save(update_fields=names)


def forget_reservation_proposal(reservation: Reservation) -> None:
    """Nobody has said any more what became of a locked reservation."""
    reservation.proposed, reservation.proposed_by, reservation.proposed_because = "", None, ""
    reservation.save(update_fields=["proposed", "proposed_by", "proposed_because"])


def release_reservation_holds(reservation: Reservation) -> bool:
    """Frees the bills of a locked reservation that goes on being cleared up; whether it held any. Safe to repeat."""
    freed, _ = Hold.objects.filter(reservation=reservation).delete()
    return bool(freed)


def keep_early_word(
    *,
    channel: Channel,
    reference: str,
    word: Word,
    amount_centimes: int,
    transaction: str,
    paid_at: datetime | None,
    now: datetime,
) -> None:
    """Keeps what was said of a reference not known yet. Safe to repeat and to race: each that is different stays."""
    EarlyWord.objects.bulk_create(
        [
            EarlyWord(
                company_id=channel.company_id,
                channel=channel,
                reference=reference,
                word=word,
                amount_centimes=amount_centimes,
                transaction=transaction,
                paid_at=paid_at,
                at=now,
            )
        ],
        ignore_conflicts=True,
    )


def open_from_channel(reservation: Reservation, *, now: datetime) -> Payment:
    """Writes the payment that posts what a locked reservation has settled, with its lines. The money is there already.

    Not safe to repeat: the database refuses a second one of the same reservation.
    """
    payment = Payment(
        company=reservation.company,
        way=Way.CHANNEL,
        reservation=reservation,
        order_number=reservation.number,
        start_key=f"reservation:{reservation.id}",
        amount_centimes=reservation.amount_centimes,
        language=reservation.language,
        opened_at=reservation.opened_at,
        page_life_seconds=0,
        page_ends_at=now,
    )
    evidence = {"reservation": reservation.number, "reference": reservation.reference}
    return write_beside(payment, lines=list_reservation_lines(reservation.id), evidence=evidence, now=now)


def _write_happening(
    reservation: Reservation,
    *,
    event: str,
    from_state: str,
    by: Staff | None,
    evidence: Mapping[str, object],
    now: datetime,
) -> None:
    ReservationHappening.objects.create(
        company_id=reservation.company_id,
        reservation=reservation,
        sequence=reservation.event_count,
        event=event,
        from_state=from_state,
        to_state=reservation.state,
        by=by,
        evidence=dict(evidence),
        at=now,
    )
