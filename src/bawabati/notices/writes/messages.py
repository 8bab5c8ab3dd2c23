"""Messages: written when something happens, changed when they leave or fail to."""

from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef

from bawabati.notices.models import Notice, NoticeAddress, PayerPhone
from bawabati.notices.rules import ADDRESSES_KEPT, PHONES_KEPT, Means, NoticeState
from bawabati.people.models import Staff

ERASED_AT_ONCE = 10_000


def write_notice(
    *,
    company_id: int | None,
    kind: str,
    reference: str,
    language: str,
    address: str,
    means: Means = Means.EMAIL,
    now: datetime,
) -> Notice:
    """A message that waits to leave. The caller defers the job that sends it, in the same transaction."""
    notice = Notice.objects.create(
        company_id=company_id,
        means=means,
        kind=kind,
        reference=reference,
        language=language,
        created_at=now,
        next_try_at=now,
    )
    NoticeAddress.objects.create(notice=notice, address=address)
    return notice


def lock_waiting_notice(notice_id: int) -> Notice | None:
    """The message, locked; None when it has left, was given up, or somebody is sending it at this moment."""
    return Notice.objects.select_for_update(skip_locked=True).filter(id=notice_id, state=NoticeState.WAITING).first()


def lease_notice(notice: Notice, *, until: datetime) -> None:
    """Gives a locked message to one sender until then."""
    notice.next_try_at = until
    notice.save(update_fields=["next_try_at"])


def note_sent(notice: Notice, *, parts: int = 0, now: datetime) -> None:
    """The next server took it over; an SMS in so many `parts`."""
    notice.parts = parts
    notice.state = NoticeState.SENT
    notice.sent_at = now
    notice.next_try_at = None
    notice.tries += 1
    notice.save()


def note_not_sent(notice: Notice, *, state: NoticeState, reason: str, next_try_at: datetime | None) -> None:
    """It did not leave: it waits, or it is over and the office sees it."""
    notice.state = state
    notice.last_reason = reason[:200]
    notice.next_try_at = next_try_at
    notice.tries += 1
    notice.save()


def lock_undelivered_notice(notice: Notice) -> Notice | None:
    """The message, locked; None when it is not over, or has left."""
    over = Notice.objects.select_for_update().filter(id=notice.id).exclude(state=NoticeState.WAITING)
    return over.first()


def let_leave_again(notice: Notice, *, now: datetime) -> None:
    """A locked message that had left or was given up waits once more, as if it had just been written."""
    notice.state = NoticeState.WAITING
    notice.next_try_at = notice.tried_since = now
    notice.tries = 0
    notice.save()


def give_up(notice: Notice, *, reason: str) -> None:
    """A locked message that has nowhere to go. Nothing was tried."""
    notice.state = NoticeState.GIVEN_UP
    notice.last_reason = reason[:200]
    notice.next_try_at = None
    notice.save()


def call_off(notice: Notice, *, reason: str) -> None:
    """A locked message that is no longer true. Nothing was tried, and nobody has to see to it."""
    notice.state = NoticeState.CALLED_OFF
    notice.last_reason = reason[:200]
    notice.next_try_at = None
    notice.save()


def keep_phone(
    *, company_id: int, reference: str, phone: str, language: str, left_with: Staff | None, now: datetime
) -> None:
    """Where the payer is told by SMS, in place of what was left before. Safe to repeat."""
    PayerPhone.objects.update_or_create(
        company_id=company_id,
        reference=reference,
        defaults={"phone": phone, "language": language, "left_with": left_with, "left_at": now},
    )


def erase_phone(*, company_id: int, reference: str) -> bool:
    """Forgets it; whether there was one. Safe to repeat."""
    erased, _ = PayerPhone.objects.filter(company_id=company_id, reference=reference).delete()
    return bool(erased)


def erase_addresses(*, company_id: int, references: list[str], means: Means | None = None) -> int:
    """Forgets where the messages about these went; how many. What waits to leave then has nowhere to go."""
    about = NoticeAddress.objects.filter(notice__company_id=company_id, notice__reference__in=references)
    erased, _ = (about.filter(notice__means=means) if means else about).delete()
    return erased


def erase_address(notice: Notice) -> bool:
    """Forgets where one message went; whether it was known."""
    erased, _ = NoticeAddress.objects.filter(notice=notice).delete()
    return bool(erased)


def erase_old_addresses(*, now: datetime) -> int:
    """Forgets addresses of messages that are over for long, and numbers left long ago; how many, so many at most.

    Rule: addresses-erased (algeria.md 4)
    """
    over = Notice.objects.filter(id=OuterRef("notice_id"), created_at__lt=now - ADDRESSES_KEPT).exclude(
        state=NoticeState.WAITING
    )
    old = NoticeAddress.objects.filter(Exists(over)).values_list("notice_id", flat=True)[:ERASED_AT_ONCE]
    addresses, _ = NoticeAddress.objects.filter(notice_id__in=list(old)).delete()
    phones, _ = PayerPhone.objects.filter(left_at__lt=now - PHONES_KEPT).delete()
    return addresses + phones


def erase_addresses_of_kind(kind: str, *, written_before: datetime) -> int:
    """Forgets where messages of that kind went, or were to go; how many, so many at most. Safe to repeat."""
    old = NoticeAddress.objects.filter(notice__kind=kind, notice__created_at__lt=written_before)
    chosen = list(old.values_list("notice_id", flat=True)[:ERASED_AT_ONCE])
    return NoticeAddress.objects.filter(notice_id__in=chosen).delete()[0]


def lock_reminders(*, company_id: int) -> None:
    """Nobody else writes reminders of this company until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases_overdue'), %s)", [company_id])
