"""Questions about bills."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from bawabati.bills.models import (
    BadBillLine,
    Bill,
    BillBatch,
    BillLineResult,
    BillUpload,
    BillVersion,
    Customer,
    CustomerContact,
)
from bawabati.bills.rules import (
    MOST_TOGETHER,
    UPLOAD_IS_OPEN,
    BillFacts,
    BillStatus,
    Limits,
    OpenBill,
    RefusedLine,
    UploadState,
    cut,
)
from bawabati.companies.models import Company
from bawabati.companies.rules import clean_number
from bawabati.compiled import compiled
from bawabati.keyset import At, Page, page_of
from bawabati.money.amount import Money, total
from bawabati.workdays import begins_at


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
    if bill.tranche_of_id is not None:
        return list_shares(bill)
    return [(label, Money(centimes)) for label, centimes in _version.get(bill.id, bill.version).lines]


def list_shares(tranche: Bill) -> list[tuple[str, Money]]:
    """Which bills a tranche will pay, by number and period, and how much of each: the oldest before the next."""
    bills = list_bills_in(tranche.tranche_of_id) if tranche.tranche_of_id else []
    before = Bill.objects.filter(
        tranche_of_id=tranche.tranche_of_id, tranche_place__lt=tranche.tranche_place, status=BillStatus.OPEN
    )
    earlier = total(facts_of(one).left for one in before)
    lefts = [facts_of(one).left for one in bills]
    first, with_this = cut(earlier, lefts), cut(earlier + facts_of(tranche).left, lefts)
    shares = [(bill, after - until) for bill, until, after in zip(bills, first, with_this, strict=True)]
    return [(f"{bill.bill_number} · {bill.period}", share) for bill, share in shares if share]


def list_bills_in(agreement_id: int) -> list[Bill]:
    """The bills that an agreement has and of which something is left, oldest first."""
    bills = Bill.objects.filter(in_agreement_id=agreement_id, status=BillStatus.OPEN)
    return list(bills.filter(settled_centimes__lt=F("due_centimes")).order_by("due_on", "id"))


def any_bill_stands(agreement_id: int) -> bool:
    """Whether at least one bill of an agreement is still a bill: not cancelled, replaced or withdrawn."""
    return Bill.objects.filter(in_agreement_id=agreement_id, status=BillStatus.OPEN).exists()


@compiled
def _version(bill_id: int, version: int) -> QuerySet[BillVersion]:
    return BillVersion.objects.filter(bill_id=bill_id, version=version)


def list_unpaid_bills(customer_id: int) -> list[Bill]:
    """What a customer can pay, oldest first; never more than `MOST_TOGETHER`.

    A bill that an agreement has is left out: the agreement's tranches are there in its stead.
    """
    return _unpaid_bills.list(customer_id)


@compiled
def _unpaid_bills(customer_id: int) -> QuerySet[Bill]:
    open_bills = Bill.objects.filter(customer_id=customer_id, status=BillStatus.OPEN, in_agreement=None)
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


def find_customer_as_typed(*, company_id: int, number: str) -> Customer | None:
    """The customer of that number, as it was typed or without what people put between."""
    forms = list(dict.fromkeys((number, clean_number(number))))
    return Customer.objects.filter(company_id=company_id, number__in=forms).order_by("id").first()


def list_customers_named(*, company_id: int, words: Sequence[str], at_most: int) -> list[Customer]:
    """Customers whose name holds every one of `words`, by name."""
    named = Customer.objects.filter(company_id=company_id)
    for word in words:
        named = named.filter(name__icontains=word)
    return list(named.order_by("name", "number")[:at_most])


def list_contacts(customer_id: int) -> list[CustomerContact]:
    """Where a customer may be written to, by whom it was said, confirmed or not."""
    return list(CustomerContact.objects.filter(customer_id=customer_id).order_by("id"))


def find_contact_by_id(contact_id: int) -> CustomerContact | None:
    """That address of a customer, with him and the company, unless it has been erased."""
    return CustomerContact.objects.select_related("company", "customer").filter(id=contact_id).first()


def company_of_contact(contact_id: int) -> int | None:
    """Whose it is: asked before anything else of it, while that is not known."""
    return CustomerContact.objects.filter(id=contact_id).values_list("company_id", flat=True).first()


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
        in_instalments=bill.in_agreement_id is not None,
    )


def find_batch(*, company_id: int, content_sha256: str) -> BillBatch | None:
    """The file of that content, if it has been received."""
    return BillBatch.objects.filter(company_id=company_id, content_sha256=content_sha256).first()


def list_bad_lines(batch_id: int) -> Iterator[RefusedLine]:
    """The lines of a file that could not be taken, in its order, in constant memory."""
    lines = BadBillLine.objects.filter(batch_id=batch_id).order_by("line_number")
    for row in lines.values_list("line_number", "text", "reason", "detail").iterator():
        yield RefusedLine(*row)


def find_batch_by_id(*, company_id: int, batch_id: int) -> BillBatch | None:
    """The file received, with who brought it, if it is that company's."""
    return BillBatch.objects.select_related("received_by").filter(company_id=company_id, id=batch_id).first()


def list_batches(
    *, company_id: int, received_from: date | None, received_until: date | None, words: str, at: At
) -> Page[BillBatch]:
    """Files received, with who brought each, the newest first."""
    found = BillBatch.objects.select_related("received_by").filter(company_id=company_id)
    if received_from is not None:
        found = found.filter(received_at__gte=begins_at(received_from))
    if received_until is not None:
        found = found.filter(received_at__lt=begins_at(received_until + timedelta(days=1)))
    if words:
        found = found.filter(file_name__icontains=words)
    return page_of(found, order=["-id"], at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """A line of a file and what became of it; `reason` and `detail` of a bad one."""

    line_number: int
    outcome: str
    bill_number: str
    reason: str
    detail: str


def has_results(batch_id: int) -> bool:
    """Whether it is still known what became of each line, not of the bad ones alone."""
    return BillLineResult.objects.filter(batch_id=batch_id).exists()


def list_line_results(batch_id: int, *, outcome: str, at: At) -> Page[LineShown]:
    """Lines of a file in its order; with `outcome` those of which that became, empty for all."""
    if outcome == "bad":
        bad = BadBillLine.objects.filter(batch_id=batch_id).defer("text")
        return page_of(bad, order=["line_number"], at=at).of(_bad_line_shown)
    found = BillLineResult.objects.filter(batch_id=batch_id)
    page = page_of(found.filter(outcome=outcome) if outcome else found, order=["line_number"], at=at)
    numbers = [row.line_number for row in page.rows if row.outcome == "bad"]
    refused = BadBillLine.objects.filter(batch_id=batch_id, line_number__in=numbers).defer("text") if numbers else []
    bad_lines = {row.line_number: _bad_line_shown(row) for row in refused}
    return page.of(
        lambda row: (
            bad_lines.get(row.line_number)
            or LineShown(
                line_number=row.line_number, outcome=row.outcome, bill_number=row.bill_number, reason="", detail=""
            )
        )
    )


def _bad_line_shown(row: BadBillLine) -> LineShown:
    return LineShown(line_number=row.line_number, outcome="bad", bill_number="", reason=row.reason, detail=row.detail)


def count_reasons(batch_id: int) -> list[tuple[str, int]]:
    """Why lines of a file could not be taken: each reason and how often, the most frequent first."""
    counted = BadBillLine.objects.filter(batch_id=batch_id).values("reason").annotate(count=Count("id"))
    return [(row["reason"], row["count"]) for row in counted.order_by("-count", "reason")]


def find_upload(*, company_id: int, upload_id: int) -> BillUpload | None:
    """The upload with its person and its batch, if it is that company's."""
    found = BillUpload.objects.select_related("uploaded_by", "batch__received_by")
    return found.filter(company_id=company_id, id=upload_id).first()


def find_open_upload(*, company_id: int, content_sha256: str) -> BillUpload | None:
    """The upload of that content that is not over yet."""
    found = BillUpload.objects.filter(company_id=company_id, content_sha256=content_sha256, state__in=UPLOAD_IS_OPEN)
    return found.first()


def list_open_uploads(company_id: int) -> list[BillUpload]:
    """What waits or is being read, oldest first."""
    found = BillUpload.objects.select_related("uploaded_by").filter(company_id=company_id, state__in=UPLOAD_IS_OPEN)
    return list(found.order_by("id"))


def list_refused_uploads(company_id: int, *, since: datetime) -> list[BillUpload]:
    """Files of which nothing was imported, the newest first; at most twenty."""
    found = BillUpload.objects.select_related("uploaded_by").filter(company_id=company_id, state=UploadState.REFUSED)
    return list(found.filter(ended_at__gte=since).order_by("-id")[:20])


def list_open_stored() -> frozenset[str]:
    """The names of the stored files that still have to be read."""
    return frozenset(BillUpload.objects.filter(state__in=UPLOAD_IS_OPEN).values_list("stored_as", flat=True))


def list_open_bills(*, company_id: int, limits: Limits, at_most: int) -> list[Bill]:
    """Bills of which nothing is paid yet and whose amount is within `limits`, oldest first."""
    bills = Bill.objects.filter(
        company_id=company_id,
        status=BillStatus.OPEN,
        in_agreement=None,
        tranche_of=None,
        settled_centimes=0,
        due_centimes__range=(limits.minimum.centimes, limits.ceiling.centimes),
    )
    return list(bills.select_related("customer").order_by("id")[:at_most])


def iterate_open_numbers(company_id: int) -> Iterator[str]:
    """The payment number of every bill that somebody may still look for, a few thousand in memory at a time."""
    bills = Bill.objects.filter(company_id=company_id, status=BillStatus.OPEN, tranche_of=None)
    return bills.values_list("payment_number", flat=True).iterator()


def list_bills_by_id(*, company_id: int, bill_ids: Sequence[int]) -> list[Bill]:
    """These bills of a company with their customers, by id."""
    return list(Bill.objects.select_related("customer").filter(company_id=company_id, id__in=bill_ids).order_by("id"))


def list_bills_numbered(*, company_id: int, bill_numbers: Sequence[str], payment_numbers: Sequence[str]) -> list[Bill]:
    """The bills that have one of these numbers, whatever their status, with their customers; in no order."""
    bills = Bill.objects.select_related("customer").filter(company_id=company_id)
    found = {bill.id: bill for bill in bills.filter(bill_number__in=bill_numbers)} if bill_numbers else {}
    if payment_numbers:
        found |= {bill.id: bill for bill in bills.filter(payment_number__in=payment_numbers)}
    return list(found.values())
