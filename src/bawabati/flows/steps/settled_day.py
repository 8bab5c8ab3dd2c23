"""What the acquirer's files and the bank say of a day, beside what we say, and what explains where they differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from bawabati.keyset import every_row
from bawabati.reports.rules import ChannelFiled, Credited, OpenDifference
from bawabati.settlement.models import Difference
from bawabati.settlement.reads import list_differences, open_differences, three_way
from bawabati.settlement.reads.three_way import ThreeWay
from bawabati.settlement.rules import DifferenceKind

EXPLAINS_FILES: Final = frozenset(
    {
        DifferenceKind.MISSING_AT_BANK,
        DifferenceKind.NOT_OURS,
        DifferenceKind.AMOUNT_DIFFERS,
        DifferenceKind.PAID_BUT_NOT_POSTED_HERE,
        DifferenceKind.REFUND_NOT_SEEN,
        DifferenceKind.REFUND_NOT_OURS,
        DifferenceKind.CHARGEBACK,
        DifferenceKind.MISSING_FILE,
    }
)
EXPLAINS_BANK: Final = frozenset({DifferenceKind.REMITTANCE_NOT_CREDITED})
"""A credit of another sum is none of them: its remittance counts as credited, and what is wrong with it is an item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledDay:
    """`filed` and `credited` are empty where nothing has come yet."""

    filed: tuple[ChannelFiled, ...]
    credited: tuple[Credited, ...]
    differences: tuple[OpenDifference, ...]


def look_at_settlement(*, company_id: int, day: date) -> SettledDay:
    """The third and the fourth source of a day. Rule: four-sources (house.md 5)"""
    seen = three_way(company_id=company_id, day=day)
    return SettledDay(
        filed=tuple(
            ChannelFiled(
                channel=channel.way,
                count=channel.their_count,
                gross_centimes=channel.their_gross_centimes,
                back_centimes=channel.their_back_centimes,
                fee_centimes=channel.fee_centimes,
                vat_centimes=channel.vat_centimes,
                net_centimes=channel.net_centimes,
            )
            for channel in seen.channels
            if channel.their_count or channel.their_back_count
        ),
        credited=(
            (
                Credited(
                    count=seen.credited_count,
                    centimes=seen.credited_centimes,
                    remitted_count=seen.remittance_count,
                    remitted_centimes=seen.remitted_centimes,
                ),
            )
            if seen.remittance_count
            else ()
        ),
        differences=(*_of_settlement(company_id, day), *_unexplained(company_id, seen)),
    )


def _of_settlement(company_id: int, day: date) -> Iterator[OpenDifference]:
    for item in open_differences(company_id=company_id, day=day):
        yield OpenDifference(
            key=f"settlement:{item.id}",
            kind="settlement_difference",
            about=item.kind,
            amount_centimes=item.amount_centimes,
            owner=item.owner.name if item.owner else "",
            promised_on=item.promised_on.isoformat() if item.promised_on else "",
            settlement_id=item.id,
        )


def _unexplained(company_id: int, seen: ThreeWay) -> Iterator[OpenDifference]:
    """What no item of settlement stands for: most often, that the file or the statement has not come."""
    items = list(_all_items(company_id, seen.from_on))
    apart = sum(
        (each.their_gross_centimes - each.their_back_centimes) - (each.our_centimes - each.our_back_centimes)
        for each in seen.channels
    )
    left = apart - sum(item.amount_centimes for item in items if item.kind in EXPLAINS_FILES)
    if left:
        yield OpenDifference(key="files", kind="files_differ", about="", amount_centimes=left)
    apart = seen.credited_centimes - seen.remitted_centimes
    left = apart - sum(item.amount_centimes for item in items if item.kind in EXPLAINS_BANK)
    if left:
        yield OpenDifference(key="bank", kind="bank_differs", about="", amount_centimes=left)


def _all_items(company_id: int, day: date) -> Iterator[Difference]:
    """Those that have ended too: they explain as before."""
    return every_row(lambda at: list_differences(company_id=company_id, day=day, at=at))
