"""Questions about bills."""

from collections.abc import Iterator, Sequence

from django.db.models import F, Q, QuerySet

from bawabati.bills.models import BadBillLine, Bill, BillBatch, BillVersion, Customer
from bawabati.bills.rules import MOST_TOGETHER, BillFacts, BillStatus, Limits, OpenBill
from bawabati.companies.models import Company
from bawabati.compiled import compiled
from bawabati.money.amount import Money


def find_bill_by_number(*, company_id: int, payment_number: str) -> Bill | None:
    """The bill of that payment number, whatever its status."""
    return _bill_of_number.find(company_id, payment_number)


@compiled
def _bill_of_number(company_id: int, payment_number: str) -> QuerySet[Bill]:
    return Bill.objects.select_related("customer").filter(company_id=company_id, payment_number=payment_number)


def find_bill_by_id(*, company_id: int, bill_id: int) -> Bill | None:
    """The bill, if it is that company's."""
    return _bill.find(company_id, bill_id)


@compiled
def _bill(company_id: int, bill_id: int) -> QuerySet[Bill]:
    return Bill.objects.select_related("customer").filter(company_id=company_id, id=bill_id)


def list_bill_lines(bill: Bill) -> list[tuple[str, Money]]:
    """The lines of the current version, as the billing system gave them, in its order."""
    return [(label, Money(centimes)) for label, centimes in _version.get(bill.id, bill.version).lines]


@compiled
def _version(bill_id: int, version: int) -> QuerySet[BillVersion]:
    return BillVersion.objects.filter(bill_id=bill_id, version=version)


def list_unpaid_bills(customer_id: int) -> list[Bill]:
    """A customer's bills of which something is left to pay, oldest first; never more than `MOST_TOGETHER`."""
    return _unpaid_bills.list(customer_id)


@compiled
def _unpaid_bills(customer_id: int) -> QuerySet[Bill]:
    open_bills = Bill.objects.filter(customer_id=customer_id, status=BillStatus.OPEN)
    return open_bills.filter(settled_centimes__lt=F("due_centimes")).order_by("due_on", "id")[:MOST_TOGETHER]


def find_customer(*, company_id: int, number: str) -> Customer | None:
    """The customer of that number; or whose bill has that payment number or bill number."""
    bill = Bill.objects.filter(
        Q(payment_number=number) | Q(bill_number=number) | Q(customer__number=number), company_id=company_id
    )
    found = bill.select_related("customer").first()
    return found.customer if found else None


def find_customer_by_id(*, company_id: int, customer_id: int) -> Customer | None:
    """The customer, if he is that company's."""
    return Customer.objects.filter(company_id=company_id, id=customer_id).first()


def find_bill_by_bill_number(*, company_id: int, bill_number: str) -> Bill | None:
    """The bill that the billing system calls so, whatever its status."""
    return Bill.objects.select_related("customer").filter(company_id=company_id, bill_number=bill_number).first()


def find_customer_by_number(*, company_id: int, number: str) -> Customer | None:
    """The customer of that number."""
    return Customer.objects.filter(company_id=company_id, number=number).first()


def list_customers_named(*, company_id: int, words: Sequence[str], at_most: int) -> list[Customer]:
    """Customers whose name holds every one of `words`, by name."""
    named = Customer.objects.filter(company_id=company_id)
    for word in words:
        named = named.filter(name__icontains=word)
    return list(named.order_by("name", "number")[:at_most])


def list_bills_of(customer: Customer) -> list[Bill]:
    """All his bills, oldest first."""
    return list(Bill.objects.filter(customer=customer).order_by("due_on", "id"))


def list_version_ids(bill_ids: Sequence[int]) -> list[int]:
    """The identifiers of every version of these bills."""
    return list(BillVersion.objects.filter(bill_id__in=bill_ids).values_list("id", flat=True))


def limits_of(company: Company) -> Limits:
    """What the company lets be paid at once."""
    return Limits(
        minimum=Money(company.minimum_centimes),
        ceiling=Money(company.ceiling_centimes),
        company_is_open=company.is_open,
        allows_parts=company.allows_part_payment,
    )


def open_bill_of(bill: Bill) -> OpenBill:
    """What may be told of a bill to whoever holds another bill of its customer."""
    return OpenBill(
        bill_id=bill.id, version=bill.version, period=bill.period, due_on=bill.due_on, left=facts_of(bill).left
    )


def facts_of(bill: Bill, *, is_held: bool = False) -> BillFacts:
    """What the rules need to know of a bill."""
    return BillFacts(
        status=BillStatus(bill.status),
        due=Money(bill.due_centimes),
        settled=Money(bill.settled_centimes),
        is_held=is_held,
    )


def find_batch(*, company_id: int, content_sha256: str) -> BillBatch | None:
    """The file of that content, if it has been received."""
    return BillBatch.objects.filter(company_id=company_id, content_sha256=content_sha256).first()


def list_bad_lines(batch_id: int) -> Iterator[BadBillLine]:
    """The lines of a file that could not be taken, in its order, in constant memory."""
    return BadBillLine.objects.filter(batch_id=batch_id).order_by("line_number").iterator()


def list_open_bills(*, company_id: int, limits: Limits, at_most: int) -> list[Bill]:
    """Bills of which nothing is paid yet and whose amount is within `limits`, oldest first."""
    bills = Bill.objects.filter(
        company_id=company_id,
        status=BillStatus.OPEN,
        settled_centimes=0,
        due_centimes__range=(limits.minimum.centimes, limits.ceiling.centimes),
    )
    return list(bills.select_related("customer").order_by("id")[:at_most])


def iterate_open_numbers(company_id: int) -> Iterator[str]:
    """The payment number of every bill that somebody may still look for, a few thousand in memory at a time."""
    bills = Bill.objects.filter(company_id=company_id, status=BillStatus.OPEN)
    return bills.values_list("payment_number", flat=True).iterator()
