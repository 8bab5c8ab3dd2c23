"""Channels in the tests: a bank's application that reserves, pays, cancels, and brings its daily files.

bank = Partner.of(company)
bank.reserve("A-1", bill)
bank.says("A-1", Word.PAID, Money(245000))
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bawabati.money.amount import Money
from people import NOON

if TYPE_CHECKING:
    from bawabati.bills.models import Bill
    from bawabati.companies.models import Company
    from bawabati.payments.models import Channel, ChannelFile, Reservation
    from bawabati.payments.rules.channels import Word

NAME = "BaridiMob"


@dataclass(frozen=True, slots=True)
class Partner:
    """A channel, as its own program sees us."""

    channel: Channel

    @classmethod
    def of(cls, company: Company, name: str = NAME, *, now: datetime = NOON) -> Partner:
        from bawabati.flows.keep_channel import channel_of_key  # noqa: PLC0415 - settings first

        return cls(channel_of_key(company_id=company.id, name=name, now=now))

    def reserve(self, reference: str, *bills: Bill, now: datetime = NOON) -> Reservation:
        from bawabati.flows.reserve_bills import Wanted, reserve_bills  # noqa: PLC0415 - settings first

        wanted = [
            Wanted(payment_number=bill.payment_number, amount=Money(bill.due_centimes - bill.settled_centimes))
            for bill in bills
        ]
        return reserve_bills(channel=self.channel, reference=reference, wanted=wanted, language="fr", now=now)

    def says(self, reference: str, word: Word, amount: Money | None = None, *, now: datetime = NOON) -> Reservation:
        from bawabati.flows.hear_channel import Said, hear_channel  # noqa: PLC0415 - settings first

        said = Said(word=word, amount=amount, paid_at=now if amount else None)
        return hear_channel(channel=self.channel, reference=reference, said=said, now=now)

    def brings(self, content: bytes, *, now: datetime) -> ChannelFile:
        """A file, and everything that follows from it."""
        from bawabati.flows.compare_channel_file import compare_channel_file  # noqa: PLC0415 - settings first
        from bawabati.flows.take_in_channel_file import take_in_channel_file  # noqa: PLC0415

        file = take_in_channel_file(channel=self.channel, content=content, name="day.csv", staff=None, now=now)
        return compare_channel_file(file_id=file.id, now=now)


def day_file(day: date, *lines: tuple[str, str, str, str, str]) -> bytes:
    """Lines of (reference, bill, dinars, time, outcome), with the right totals."""
    paid = [line for line in lines if line[4] == "paid"]
    centimes = sum(int(line[2].replace(".", "")) for line in paid)
    total = f"TOTAL;{len(paid)};{centimes // 100}.{centimes % 100:02};{day.isoformat()};"
    rows = ["reference;bill;amount;time;outcome", *(";".join(line) for line in lines), total]
    return ("\n".join(rows) + "\n").encode()
