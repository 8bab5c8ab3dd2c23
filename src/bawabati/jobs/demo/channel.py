"""A bank's application of the demonstration: a day on which it took money for the company, and its file of that day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of, limits_of, list_open_bills
from bawabati.companies.models import Company
from bawabati.flows.hear_channel import Said, hear_channel
from bawabati.flows.keep_channel import change_channel, channel_of_key
from bawabati.flows.reserve_bills import Wanted, reserve_bills
from bawabati.flows.take_in_channel_file import take_in_channel_file
from bawabati.money.amount import Money, total
from bawabati.payments.models import Channel
from bawabati.payments.reads.channels import find_channel
from bawabati.payments.rules.channels import Word
from bawabati.people.models import Staff
from bawabati.workdays import ALGIERS

NAME: Final = "El Amel"
NAME_AR, NAME_FR = "تطبيق بنك الأمل (تجريبي)", "Application de la banque El Amel (démonstration)"
HOLD_MINUTES: Final = 15
LOOKED_AT: Final = 500
ENDS: Final = (Word.PAID, Word.PAID, Word.PAID, Word.CANCELLED, Word.PAID, Word.PAID, Word.PENDING)
"""What became of yesterday's reservations, one after the other. People ask the bank about the last."""
OPENS: Final = time(9, 14)
ASIDE: Final = timedelta(minutes=97)
"""Between two of its customers."""


def play_channel_day(*, company: Company, finance: Staff, now: datetime) -> bool:
    """Whether yesterday was played. Safe to repeat: nothing where the channel is known."""
    if find_channel(company_id=company.id, name=NAME) is not None:
        return False
    yesterday = now.astimezone(ALGIERS).date() - timedelta(days=1)
    begins = datetime.combine(yesterday, OPENS, tzinfo=ALGIERS)
    channel = change_channel(
        channel=channel_of_key(company_id=company.id, name=NAME, now=begins),
        name_ar=NAME_AR,
        name_fr=NAME_FR,
        hold_minutes=HOLD_MINUTES,
        files_since=yesterday,
        is_open=True,
        staff=finance,
        now=begins,
    )
    bills = list_open_bills(company_id=company.id, limits=limits_of(company), at_most=LOOKED_AT)
    taken = list(zip(bills[: len(bills) // 2 : -1], ENDS, strict=False))
    lines = [
        _reserved(channel, bill, end, place, now=begins + place * ASIDE) for place, (bill, end) in enumerate(taken)
    ]
    paid = [facts_of(bill).left for bill, end in taken if end is Word.PAID]
    last = ("TOTAL", str(len(paid)), _dinars(total(paid)), yesterday.isoformat(), "")
    rows = [("reference", "bill", "amount", "time", "outcome"), *lines, last]
    take_in_channel_file(
        channel=channel,
        content="".join(f"{';'.join(cells)}\n" for cells in rows).encode(),
        name=f"el-amel-{yesterday:%Y%m%d}.csv",
        staff=None,
        now=now,
    )
    return True


def _reserved(channel: Channel, bill: Bill, end: Word, place: int, *, now: datetime) -> tuple[str, ...]:
    """One customer of the bank, from the reservation to its end; the line of it in the file."""
    reference, left, later = f"EA-{now:%Y%m%d}-{place + 1:04}", facts_of(bill).left, now + timedelta(seconds=50)
    wanted = [Wanted(payment_number=bill.payment_number, amount=left)]
    reserve_bills(channel=channel, reference=reference, wanted=wanted, language="fr", now=now)
    paid = end is Word.PAID
    said = Said(
        word=end,
        amount=left if paid else None,
        transaction=f"T{reference}" if paid else "",
        paid_at=later if paid else None,
    )
    hear_channel(channel=channel, reference=reference, said=said, now=later)
    return reference, bill.payment_number, _dinars(left), later.isoformat(), end.value


def _dinars(amount: Money) -> str:
    return f"{amount.centimes // 100}.{amount.centimes % 100:02}"
