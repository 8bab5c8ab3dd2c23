"""Blocks of receipt numbers, and what was written with them while the line was cut."""

from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bawabati.companies.models import Bridge, Reader
from bawabati.compiled import compiled
from bawabati.desks.models import NumberBlock, OfflineReceipt
from bawabati.desks.rules import SlipOutcome, SlipSeen

_SLIPS_OF = (
    OfflineReceipt.objects.filter(block_id=OuterRef("id")).values("block_id").annotate(told=Count("id")).values("told")
)


def find_block(block_id: int) -> NumberBlock | None:
    """The block with its desk and session; None when there is none."""
    blocks = NumberBlock.objects.select_related("company", "agency", "desk", "session__cashier")
    return blocks.filter(id=block_id).first()


def find_block_in_use(desk_id: int) -> NumberBlock | None:
    """The block that a desk has now."""
    return NumberBlock.objects.filter(desk_id=desk_id, ended_at=None).first()


def find_bridge_of_desk(desk_id: int) -> Bridge | None:
    """The bridge that serves the reader of a desk; None where there is none."""
    served = Reader.objects.filter(desk_id=desk_id, is_active=True, bridge__is_active=True)
    reader = served.select_related("bridge").first()
    return reader.bridge if reader else None


def next_number_of(block: NumberBlock) -> int:
    """The number after the highest that has come back; the first of the block while none has."""
    highest = OfflineReceipt.objects.filter(block=block).aggregate(highest=Max("number"))["highest"]
    return int(highest) + 1 if highest else block.first


def list_blocks_of_bridge(bridge_id: int) -> list[NumberBlock]:
    """The blocks in use at the desks whose readers a bridge serves, by desk."""
    return _blocks_of_bridge.list(bridge_id)


@compiled
def _blocks_of_bridge(bridge_id: int) -> QuerySet[NumberBlock]:
    desks = Reader.objects.filter(bridge_id=bridge_id, is_active=True, desk__isnull=False).values("desk_id")
    in_use = NumberBlock.objects.filter(desk_id__in=desks, ended_at=None)
    return in_use.select_related("company", "desk", "session__cashier").order_by("desk__code")


def list_blocks_not_returned(agency_id: int) -> list[NumberBlock]:
    """Ended blocks of an agency of whose numbers something is not known yet, the oldest first."""
    ended = NumberBlock.objects.filter(agency_id=agency_id, ended_at__isnull=False).annotate(
        told=Coalesce(Subquery(_SLIPS_OF), 0)
    )
    unclear = ended.filter(told__lt=F("last") - F("first") + 1)
    return list(unclear.select_related("desk").order_by("id"))


def find_slip(*, block_id: int, number: int) -> OfflineReceipt | None:
    """What became of a number of a block; None while nothing has."""
    return OfflineReceipt.objects.filter(block_id=block_id, number=number).first()


def list_settled_slips_of_session(session_id: int) -> list[SlipSeen]:
    """The receipts that were written while the line was cut and have found their bills."""
    told = OfflineReceipt.objects.filter(block__session_id=session_id, outcome=SlipOutcome.SETTLED).order_by("id")
    return [
        SlipSeen(amount_centimes=amount, stamp_duty_centimes=duty, found_its_bill=True)
        for amount, duty in told.values_list("amount_centimes", "stamp_duty_centimes")
    ]


def list_block_ids_of_session(session_id: int) -> list[int]:
    """The blocks that were set aside for a session."""
    return list(NumberBlock.objects.filter(session_id=session_id).order_by("id").values_list("id", flat=True))
