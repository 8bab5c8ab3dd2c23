"""Questions about agreements to pay in instalments."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, QuerySet

from bawabati.bills.models import Agreement, AgreementBill, AgreementContact, AgreementEvent, Bill
from bawabati.bills.rules import HAS_TRANCHES, OPEN_AGREEMENTS
from bawabati.compiled import compiled
from bawabati.keyset import At, Page, page_of


def find_agreement(agreement_id: int, *, company_id: int | None = None) -> Agreement | None:
    """The agreement with customer and company; with `company_id`, if it is that company's."""
    found = _with_its_people().filter(id=agreement_id)
    return (found if company_id is None else found.filter(company_id=company_id)).first()


def find_open_agreement(customer_id: int) -> Agreement | None:
    """The one that its customer waits for, or pays."""
    return _open_of_customer.find(customer_id)


@compiled
def _open_of_customer(customer_id: int) -> QuerySet[Agreement]:
    return Agreement.objects.filter(customer_id=customer_id, ended_at=None)


def find_running_agreement(customer_id: int) -> Agreement | None:
    """The agreement by whose tranches the customer pays. Its `state` says whether it is late."""
    found = find_open_agreement(customer_id)
    return found if found is not None and found.state in HAS_TRANCHES else None


def list_tranches(agreement_id: int) -> list[Bill]:
    """The tranches in order; none before it was agreed."""
    return list(Bill.objects.filter(tranche_of_id=agreement_id).order_by("tranche_place"))


def list_tranches_among(bill_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Which of these are tranches, each with its agreement."""
    found = Bill.objects.filter(id__in=bill_ids, tranche_of__isnull=False)
    return [(bill_id, of) for bill_id, of in found.values_list("id", "tranche_of_id") if of is not None]


def list_agreement_bills(agreement_id: int) -> list[AgreementBill]:
    """The bills that it is about, as they stood when it was agreed, with each as it stands now, oldest first."""
    rows = AgreementBill.objects.filter(agreement_id=agreement_id).select_related("bill")
    return list(rows.order_by("bill__due_on", "bill_id"))


def list_agreement_events(agreement_id: int) -> list[AgreementEvent]:
    """Everything that happened to it, in order, with who did it."""
    return list(AgreementEvent.objects.filter(agreement_id=agreement_id).select_related("by").order_by("sequence"))


def find_agreement_email(agreement_id: int) -> str:
    """Where its payer is written to; empty when nothing was left."""
    row = AgreementContact.objects.filter(agreement_id=agreement_id).first()
    return row.email if row else ""


def list_agreements(*, company_id: int, states: Sequence[str], at: At) -> Page[Agreement]:
    """Agreements in these states, all of them when there are none, the newest first."""
    found = _with_its_people().filter(company_id=company_id)
    if states:
        found = found.filter(state__in=states)
    return page_of(found, order=["-id"], at=at)


def count_agreements(company_id: int) -> dict[str, int]:
    """How many there are in each state that is not over."""
    counted = Agreement.objects.filter(company_id=company_id, ended_at=None).values("state").annotate(count=Count("id"))
    return {row["state"]: row["count"] for row in counted}


def list_open_agreement_ids() -> list[int]:
    """Everything that is not over, by number: what time may have moved."""
    return list(Agreement.objects.filter(state__in=sorted(OPEN_AGREEMENTS)).order_by("id").values_list("id", flat=True))


def _with_its_people() -> QuerySet[Agreement]:
    return Agreement.objects.select_related("customer", "company", "answered_by", "terms")


def company_of_agreement(agreement_id: int) -> int | None:
    """Whose agreement it is: asked before anything else of it, while that is not known."""
    return Agreement.objects.filter(id=agreement_id).values_list("company_id", flat=True).first()
