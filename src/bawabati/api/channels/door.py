"""The calls of a channel. Every one may be repeated: the second time it changes nothing and answers as things stand."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from bawabati.api.calls import key_of, once_if_asked
from bawabati.api.channels.words import (
    Asked,
    BillWanted,
    DueBill,
    FileAnswer,
    NoWords,
    PaidWords,
    Reference,
    ReservationAnswer,
    Wish,
)
from bawabati.api.keys import CompanyKey
from bawabati.api.problems import REFUSED, Problem
from bawabati.errors import CannotDo
from bawabati.flows.hear_channel import Said, hear_channel
from bawabati.flows.keep_channel import channel_of_key
from bawabati.flows.reserve_bills import Wanted, reserve_bills
from bawabati.flows.see_due_bill import DueToChannel, see_due_bill
from bawabati.flows.steps.hear_channel import NoSuchReservation
from bawabati.flows.take_in_channel_file import MOST_BYTES, take_in_channel_file
from bawabati.money.amount import Money
from bawabati.payments.models import Channel, ChannelFile, Reservation
from bawabati.payments.reads.channels import (
    find_channel_file_of,
    find_payment_of_reservation,
    find_reservation_of,
)
from bawabati.payments.rules.channels import Word
from bawabati.people.rules import ApiScope
from bawabati.receipts.reads import find_receipt_of

router = Router(tags=["channel"], auth=CompanyKey(ApiScope.CHANNEL))
REFUSALS = {404: Problem, 409: Problem, 422: Problem, **REFUSED}
PIECE_BYTES = 1_000_000
BIGGEST = 2**63 - 1


class NoSuchChannelFile(CannotDo):
    """No file of that number that this channel has brought."""

    code = "no_such_file"
    sentence = "There is no file with this number."


@router.post("bills/query", response={200: DueBill, 404: Problem, 422: Problem, **REFUSED})
def query(request: HttpRequest, body: Asked) -> DueBill:
    """A bill as it stands now, before it is reserved. Its number travels in the body, because addresses are logged."""
    return _shown(see_due_bill(channel=_channel(request), payment_number=body.payment_number, now=timezone.now()))


@router.post("reservations", response={200: ReservationAnswer} | REFUSALS)
@once_if_asked
def reserve(request: HttpRequest, body: Wish) -> ReservationAnswer:
    """Holds one or several bills of one customer, whole, until `ends_at`."""
    wanted = [Wanted(payment_number=one.payment_number, amount=Money(one.amount_centimes)) for one in body.bills]
    reservation = reserve_bills(
        channel=_channel(request),
        reference=body.reference,
        wanted=wanted,
        language=body.language,
        now=timezone.now(),
    )
    return _told(reservation)


@router.get("reservations/{reference}", response={200: ReservationAnswer, 404: Problem, 422: Problem, **REFUSED})
def reservation(request: HttpRequest, reference: Reference) -> ReservationAnswer:
    """Where a reservation stands now."""
    found = find_reservation_of(channel_id=_channel(request).id, reference=reference)
    if found is None:
        raise NoSuchReservation
    return _told(found)


@router.post("reservations/{reference}/paid", response={200: ReservationAnswer} | REFUSALS)
@once_if_asked
def paid(request: HttpRequest, reference: Reference, body: PaidWords) -> ReservationAnswer:
    """Money was taken. Whatever came before, it is never refused into nothing: it pays, or becomes credit."""
    return _told(
        hear_channel(
            channel=_channel(request),
            reference=reference,
            said=Said(
                word=Word.PAID,
                amount=Money(body.amount_centimes),
                transaction=body.transaction,
                paid_at=body.paid_at,
            ),
            now=timezone.now(),
        )
    )


@router.post("reservations/{reference}/cancelled", response={200: ReservationAnswer} | REFUSALS)
@once_if_asked
def cancelled(request: HttpRequest, reference: Reference, body: NoWords) -> ReservationAnswer:  # noqa: ARG001 - nothing stands in it
    """No money was taken, and none will be. The bills are free."""
    return _told(_hear(request, reference, Word.CANCELLED))


@router.post("reservations/{reference}/pending", response={200: ReservationAnswer} | REFUSALS)
@once_if_asked
def pending(request: HttpRequest, reference: Reference, body: NoWords) -> ReservationAnswer:  # noqa: ARG001 - nothing stands in it
    """The channel does not know yet. The bills stay held until it says, its daily file does, or two people do."""
    return _told(_hear(request, reference, Word.PENDING))


@router.post(
    "files",
    response={200: FileAnswer, 413: Problem, 422: Problem, **REFUSED},
    openapi_extra={"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def bring_file(request: HttpRequest) -> FileAnswer:
    """The account of one day, whole: CSV in UTF-8 whose last line gives its totals. The same file changes nothing."""
    content = b"".join(_pieces(request))
    return _kept(
        take_in_channel_file(channel=_channel(request), content=content, name="api", staff=None, now=timezone.now())
    )


@router.get("files/{int:file_id}", response={200: FileAnswer, 404: Problem, **REFUSED})
def file(request: HttpRequest, file_id: int) -> FileAnswer:
    """A file that was brought."""
    channel = _channel(request)
    found = find_channel_file_of(company_id=channel.company_id, file_id=min(file_id, BIGGEST))
    if found is None or found.channel_id != channel.id:
        raise NoSuchChannelFile
    return _kept(found)


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """The body, and a little of it when it is too large to be anything."""
    size = 0
    while size <= MOST_BYTES and (piece := request.read(PIECE_BYTES)):
        size += len(piece)
        yield piece


def _hear(request: HttpRequest, reference: str, word: Word) -> Reservation:
    return hear_channel(channel=_channel(request), reference=reference, said=Said(word=word), now=timezone.now())


def _channel(request: HttpRequest) -> Channel:
    """The channel that the key names."""
    key = key_of(request)
    return channel_of_key(company_id=key.company_id, name=key.channel_name, now=timezone.now())


def _shown(due: DueToChannel) -> DueBill:
    return DueBill(
        payment_number=due.payment_number,
        standing=due.standing.value,  # type: ignore[arg-type]  # sizes are payable here
        period=due.period,
        holder_initials=due.holder_initials,
        due_on=due.due_on,
        left_centimes=due.left.centimes,
        as_of=due.as_of,
        replaced_by=due.replaced_by,
    )


def _told(found: Reservation) -> ReservationAnswer:
    payment = find_payment_of_reservation(found.id)
    receipt = find_receipt_of(payment.id) if payment else None
    return ReservationAnswer(
        reference=found.reference,
        number=found.number,
        state=found.state,  # type: ignore[arg-type]  # the database knows no other
        is_paid=payment is not None,
        amount_centimes=found.amount_centimes,
        bills=[BillWanted(**asked) for asked in found.asked],
        ends_at=found.ends_at.replace(microsecond=0),
        receipt_number=str(receipt.facts["number"]) if receipt else "",
    )


def _kept(found: ChannelFile) -> FileAnswer:
    return FileAnswer(
        file=found.id,
        day=found.day,
        lines=found.line_count,
        paid_lines=found.paid_count,
        paid_centimes=found.paid_centimes,
        compared_at=found.compared_at,
    )
