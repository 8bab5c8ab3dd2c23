"""Questions about bills."""

from bawabati.bills.models import Bill, BillVersion
from bawabati.bills.rules import BillFacts, BillStatus
from bawabati.money.amount import Money


def find_bill_by_number(*, company_id: int, payment_number: str) -> Bill | None:
    """The bill of that payment number, whatever its status."""
    return Bill.objects.select_related("customer").filter(company_id=company_id, payment_number=payment_number).first()


def find_bill_by_id(*, company_id: int, bill_id: int) -> Bill | None:
    """The bill, if it is that company's."""
    return Bill.objects.select_related("customer").filter(company_id=company_id, id=bill_id).first()


def list_bill_lines(bill: Bill) -> list[tuple[str, Money]]:
    """The lines of the current version, as the billing system gave them, in its order."""
    version = BillVersion.objects.get(bill_id=bill.id, version=bill.version)
    return [(label, Money(centimes)) for label, centimes in version.lines]


def facts_of(bill: Bill, *, is_held: bool = False) -> BillFacts:
    """What the rules need to know of a bill."""
    return BillFacts(
        status=BillStatus(bill.status),
        due=Money(bill.due_centimes),
        settled=Money(bill.settled_centimes),
        is_held=is_held,
    )
