"""What desks and their operators ask: who holds a bill, what has paid it, how readers are used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, Max, OuterRef, Q

from bawabati.bills.reads import list_tranches_among
from bawabati.payments.models import Hold, PaymentLine, Sale, SaleHappening
from bawabati.payments.rules import State
from bawabati.payments.rules.sales import SaleEvent

ASTRAY: Final = frozenset(
    {SaleEvent.NOT_SENT, SaleEvent.SILENT, SaleEvent.CANNOT_TELL, SaleEvent.DIFFERS, SaleEvent.REVERSAL_FAILED}
)


def list_holds(bill_ids: Sequence[int]) -> dict[int, Hold]:
    """The holds on these bills, by bill, each with its payment online, its sale at a desk or its reservation.

    A tranche of an agreement is held with any bill that it stands for.
    """
    with_owners = Hold.objects.select_related(
        *("bill", "payment", "sale__desk", "sale__agency", "reservation__channel")
    )
    tranches = dict(list_tranches_among(bill_ids))
    holds = with_owners.filter(Q(bill_id__in=bill_ids) | Q(bill__in_agreement_id__in=set(tranches.values())))
    found = {hold.bill_id: hold for hold in holds}
    by_agreement = {hold.bill.in_agreement_id: hold for hold in found.values()}
    through = {bill_id: by_agreement[of] for bill_id, of in tranches.items() if of in by_agreement}
    return {bill_id: hold for bill_id, hold in (found | through).items() if bill_id in set(bill_ids)}


def find_last_paid_line(bill_id: int) -> PaymentLine | None:
    """The line of the newest payment that has settled something of a bill, with that payment."""
    lines = PaymentLine.objects.filter(bill_id=bill_id, payment__state=State.PAID, settled_centimes__gt=0)
    return lines.select_related("payment__agency").order_by("-id").first()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderUse:
    """How a reader was used: its last sale, and within some days how many sales, and how many that went astray."""

    last_sale_at: datetime | None
    sales: int
    incidents: int


def reader_uses(company_id: int, *, since: datetime) -> dict[int, ReaderUse]:
    """The readers of a company that have ever had a sale. An incident is a sale that did not simply succeed or fail."""
    of_company = Sale.objects.filter(company_id=company_id, reader__isnull=False)
    astray = Exists(SaleHappening.objects.filter(sale_id=OuterRef("id"), event__in=sorted(ASTRAY)))
    told = (
        of_company.annotate(went_astray=astray)
        .values("reader_id")
        .annotate(
            last=Max("opened_at"),
            recent=Count("id", filter=Q(opened_at__gte=since)),
            astray=Count("id", filter=Q(opened_at__gte=since, went_astray=True)),
        )
    )
    return {
        row["reader_id"]: ReaderUse(last_sale_at=row["last"], sales=row["recent"], incidents=row["astray"])
        for row in told
    }
