"""Questions about channels, what they reserve, and their daily files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from bawabati.keyset import At, Page, page_of
from bawabati.money.amount import Money
from bawabati.payments.models import (
    Channel,
    ChannelDifference,
    ChannelFile,
    ChannelFileLine,
    EarlyWord,
    Payment,
    Reservation,
    ReservationHappening,
    ReservationLine,
)
from bawabati.payments.rules import State
from bawabati.payments.rules.channels import (
    SILENT_AFTER,
    OurPart,
    Place,
    ReservationState,
    Reserved,
    TheirPart,
    Word,
    days_of,
)
from bawabati.workdays import ALGIERS, accounting_day, begins_at

_ALONG = ("company", "channel", "proposed_by")


def find_channel(*, company_id: int, name: str) -> Channel | None:
    """The channel that keys call so."""
    return Channel.objects.select_related("company").filter(company_id=company_id, name=name).first()


def find_channel_of_code(*, company_id: int, code: str) -> Channel | None:
    """The channel of that code."""
    return Channel.objects.select_related("company").filter(company_id=company_id, code=code).first()


def get_channel(channel_id: int) -> Channel:
    """The channel with its company; it must exist."""
    return Channel.objects.select_related("company").get(id=channel_id)


def list_channels(company_id: int | None) -> list[Channel]:
    """The channels of a company (None: of all), by code, with their companies."""
    channels = Channel.objects.select_related("company").order_by("company_id", "code")
    return list(channels if company_id is None else channels.filter(company_id=company_id))


def find_reservation(reservation_id: int) -> Reservation | None:
    """The reservation with company, channel and who proposes something; None when there is none."""
    return Reservation.objects.select_related(*_ALONG).filter(id=reservation_id).first()


def find_reservation_of(*, channel_id: int, reference: str) -> Reservation | None:
    """What the channel calls so."""
    return Reservation.objects.select_related(*_ALONG).filter(channel_id=channel_id, reference=reference).first()


def list_reservation_lines(reservation_id: int) -> list[ReservationLine]:
    """The lines of a reservation with their bills and customers, by bill; never empty."""
    lines = ReservationLine.objects.filter(reservation_id=reservation_id)
    return list(lines.select_related("bill__customer").order_by("bill_id"))


def list_reservation_happenings(reservation_id: int) -> list[ReservationHappening]:
    """What happened to a reservation, in the order in which it happened."""
    happened = ReservationHappening.objects.select_related("by").filter(reservation_id=reservation_id)
    return list(happened.order_by("sequence"))


def find_payment_of_reservation(reservation_id: int) -> Payment | None:
    """The payment that posts what a channel had reserved."""
    return Payment.objects.select_related("company").filter(reservation_id=reservation_id).first()


def reserved_of(reservation: Reservation) -> Reserved:
    """What the judge needs to know of a reservation."""
    return Reserved(
        state=ReservationState(reservation.state),
        amount=Money(reservation.amount_centimes),
        ends_at=reservation.ends_at,
        next_step_at=reservation.next_step_at,
        is_posted=Payment.objects.filter(reservation=reservation).exists(),
    )


def list_early_words(*, channel_id: int, reference: str) -> list[EarlyWord]:
    """What a channel has said of a reference before it reserved anything under it, in the order in which it said so."""
    return list(EarlyWord.objects.filter(channel_id=channel_id, reference=reference).order_by("id"))


def list_due_reservations(*, now: datetime, at_most: int) -> list[int]:
    """The reservations with which time has something to do now, the most overdue first."""
    due = Reservation.objects.filter(next_step_at__lte=now).order_by("next_step_at")
    return list(due.values_list("id", flat=True)[:at_most])


def days_not_listed(reservation: Reservation) -> frozenset[date]:
    """The days whose files may name the reservation and of which there is none, compared to the end, yet."""
    over_on = accounting_day(reservation.over_at or reservation.ends_at)
    days = days_of(opened_on=accounting_day(reservation.opened_at), over_on=over_on)
    files = ChannelFile.objects.filter(channel_id=reservation.channel_id, day__in=days, compared_at__isnull=False)
    return days - frozenset(files.values_list("day", flat=True))


def list_unclear_reservations(*, company_id: int, now: datetime, at: At) -> Page[Reservation]:
    """Reservations of which nobody knows yet whether money was taken, the oldest first; also those that are silent."""
    silent = _silent(now=now).values("id")
    unclear = Reservation.objects.filter(company_id=company_id)
    unclear = unclear.filter(Q(state=ReservationState.PENDING) | Q(id__in=silent))
    return page_of(unclear.select_related(*_ALONG), order=["opened_at", "id"], at=at)


def silent_of_channel(*, channel_id: int, now: datetime) -> tuple[int, datetime | None]:
    """How many reservations nobody has said a word of for days, and no file is expected to; since when the oldest."""
    silent = _silent(now=now).filter(channel_id=channel_id)
    found = silent.aggregate(count=Count("id"), since=Min("over_at"))
    return found["count"], found["since"]


def _silent(*, now: datetime) -> QuerySet[Reservation]:
    """Of a day from which on files are expected, the missing file is somebody's already."""
    released = Reservation.objects.filter(
        state=ReservationState.RELEASED, next_step_at__isnull=False, over_at__lt=now - SILENT_AFTER
    )
    opened = released.annotate(opened_on=TruncDate("opened_at", tzinfo=ALGIERS))
    return opened.filter(Q(channel__files_since=None) | Q(opened_on__lt=F("channel__files_since")))


def list_reservations(*, company_id: int, state: str = "", channel_id: int | None = None, at: At) -> Page[Reservation]:
    """The newest first."""
    found = Reservation.objects.filter(company_id=company_id)
    found = found.filter(state=state) if state else found
    found = found if channel_id is None else found.filter(channel_id=channel_id)
    return page_of(found.select_related(*_ALONG), order=["-opened_at", "-id"], at=at)


def find_channel_file(*, channel_id: int, day: date, sha256: str) -> ChannelFile | None:
    """The very same file of that day, if it was brought before; the latest time that it was."""
    files = ChannelFile.objects.select_related("company", "channel")
    return files.filter(channel_id=channel_id, day=day, sha256=sha256).order_by("-id").first()


def get_channel_file(file_id: int) -> ChannelFile:
    """The file with its channel; it must exist."""
    return ChannelFile.objects.select_related("company", "channel").get(id=file_id)


def find_channel_file_of(*, company_id: int, file_id: int) -> ChannelFile | None:
    """The file with its channel and who brought it, if it is that company's."""
    files = ChannelFile.objects.select_related("company", "channel", "brought_by")
    return files.filter(company_id=company_id, id=file_id).first()


def find_newest_file(*, channel_id: int, day: date) -> ChannelFile | None:
    """The file that counts for a day."""
    return ChannelFile.objects.filter(channel_id=channel_id, day=day).order_by("-id").first()


def list_channel_files(*, company_id: int, channel_id: int | None = None, at: At) -> Page[ChannelFile]:
    """The newest days first."""
    files = ChannelFile.objects.filter(company_id=company_id).select_related("channel", "brought_by")
    files = files if channel_id is None else files.filter(channel_id=channel_id)
    return page_of(files, order=["-day", "-id"], at=at)


def list_uncompared_files(*, before: datetime) -> list[int]:
    """Files of which not everything that follows was done, brought before that moment."""
    left = ChannelFile.objects.filter(compared_at=None, brought_at__lt=before)
    return list(left.order_by("id").values_list("id", flat=True))


def days_with_file(*, channel_id: int, since: date) -> frozenset[date]:
    """The days of which a file was brought."""
    files = ChannelFile.objects.filter(channel_id=channel_id, day__gte=since)
    return frozenset(files.values_list("day", flat=True))


def list_file_lines(file_id: int) -> list[ChannelFileLine]:
    """The lines of a file, as they stand in it."""
    return list(ChannelFileLine.objects.filter(file_id=file_id).order_by("line"))


def their_parts(lines: Iterable[ChannelFileLine]) -> list[TheirPart]:
    """Lines of a file as rules compare them."""
    return [TheirPart(one.reference, one.payment_number, one.amount_centimes, Word(one.word)) for one in lines]


def find_reservations_of(*, channel_id: int, references: Collection[str]) -> Mapping[str, Reservation]:
    """Those of the references that are known, by reference."""
    known = Reservation.objects.filter(channel_id=channel_id, reference__in=references)
    return {one.reference: one for one in known}


def our_parts(*, channel: Channel, day: date, references: Collection[str]) -> list[OurPart]:
    """What the channel has paid on a day, as it asked for it, and whatever it has paid under these references."""
    begins, ends = begins_at(day), begins_at(day + timedelta(days=1))
    paid = Reservation.objects.filter(channel=channel, payment__state=State.PAID)
    of_day = Q(paid_at__gte=begins, paid_at__lt=ends) | Q(
        paid_at=None, payment__confirmed_at__gte=begins, payment__confirmed_at__lt=ends
    )
    found = paid.filter(of_day | Q(reference__in=references)).select_related("payment")
    return [
        OurPart(
            reference=one.reference,
            payment_number=str(asked["payment_number"]),
            amount_centimes=int(asked["amount_centimes"]),
            day=accounting_day(one.paid_at or one.payment.confirmed_at or one.opened_at),
        )
        for one in found
        for asked in one.asked
    ]


def paid_places_elsewhere(*, channel_id: int, but: date, references: Collection[str]) -> frozenset[Place]:
    """What the files that count for other days say is paid under these references."""
    lines = ChannelFileLine.objects.filter(
        file__channel_id=channel_id, reference__in=references, word=Word.PAID
    ).exclude(file__day=but)
    newer = ChannelFile.objects.filter(
        channel_id=OuterRef("file__channel_id"), day=OuterRef("file__day"), id__gt=OuterRef("file_id")
    )
    return frozenset(lines.exclude(Exists(newer)).values_list("reference", "payment_number"))


def days_of_open_differences(*, channel_id: int, references: Collection[str]) -> frozenset[date]:
    """The days on which something about these references does not agree yet."""
    still_open = ChannelDifference.objects.filter(channel_id=channel_id, ended_at=None, reference__in=references)
    return frozenset(still_open.values_list("day", flat=True))


def list_differences_of_day(*, channel_id: int, day: date) -> list[ChannelDifference]:
    """Every difference of a channel's day, ended ones too."""
    return list(ChannelDifference.objects.filter(channel_id=channel_id, day=day).order_by("id"))


def list_channel_differences(*, company_id: int, is_open: bool, at: At) -> Page[ChannelDifference]:
    """The open ones oldest first, or the ended ones newest first, with their channels and people."""
    found = ChannelDifference.objects.filter(company_id=company_id, ended_at__isnull=is_open)
    found = found.select_related("channel", "proposed_by", "ended_by")
    return page_of(found, order=["id"] if is_open else ["-id"], at=at)


def find_channel_difference(difference_id: int) -> ChannelDifference | None:
    """The difference with its channel and who proposes something."""
    found = ChannelDifference.objects.select_related("company", "channel", "proposed_by", "ended_by")
    return found.filter(id=difference_id).first()


def lines_named(*, difference: ChannelDifference) -> list[ChannelFileLine]:
    """What the file that counts for the day says is paid under the reference of a difference."""
    file = find_newest_file(channel_id=difference.channel_id, day=difference.day)
    lines = ChannelFileLine.objects.filter(file=file, reference=difference.reference, word=Word.PAID)
    return list(lines.order_by("line"))


def paid_by_channel(*, channel_id: int) -> tuple[int, Money]:
    """How many payments a channel has brought in all, and their sum."""
    paid: QuerySet[Payment] = Payment.objects.filter(reservation__channel_id=channel_id, state=State.PAID)
    return paid.count(), Money(paid.aggregate(total=Sum("amount_centimes"))["total"] or 0)
