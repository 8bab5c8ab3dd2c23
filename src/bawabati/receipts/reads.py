"""Questions about receipts."""

from collections.abc import Iterable

from django.db.models import QuerySet

from bawabati.compiled import compiled
from bawabati.receipts.models import Receipt, ReceiptPrint, ReceiptSignature


def find_receipt(receipt_id: int) -> Receipt | None:
    """The receipt; None when there is none of that identifier."""
    return _receipt.find(receipt_id)


@compiled
def _receipt(receipt_id: int) -> QuerySet[Receipt]:
    return Receipt.objects.filter(id=receipt_id)


def company_of_receipt(receipt_id: int) -> int | None:
    """Whose receipt it is: asked before anything else of it, while that is not known."""
    found = _company_of_receipt.find(receipt_id)
    return found.company_id if found else None


@compiled
def _company_of_receipt(receipt_id: int) -> QuerySet[Receipt]:
    return Receipt.objects.filter(id=receipt_id).only("company_id")


def get_receipt(receipt_id: int) -> Receipt:
    """The receipt; it must exist."""
    return _receipt.get(receipt_id)


def find_receipt_of(payment_id: int) -> Receipt | None:
    """The receipt of a payment; None while it is not paid."""
    return _receipt_of.find(payment_id)


@compiled
def _receipt_of(payment_id: int) -> QuerySet[Receipt]:
    return Receipt.objects.filter(payment_id=payment_id)


def find_signature_of(receipt_id: int) -> ReceiptSignature | None:
    """The signature of a receipt; None of one from before receipts were signed."""
    return _signature_of.find(receipt_id)


@compiled
def _signature_of(receipt_id: int) -> QuerySet[ReceiptSignature]:
    return ReceiptSignature.objects.filter(receipt_id=receipt_id)


def find_receipt_of_number(*, company_id: int, year: int, kind: str, number: int) -> Receipt | None:
    """A company's receipt of that number in the series of that year and kind."""
    series = {"series__year": year, "series__kind": kind}
    return Receipt.objects.filter(company_id=company_id, number=number, **series).first()


def find_receipt_of_sale(sale_id: int) -> Receipt | None:
    """The receipt of a sale at a desk; None while nothing of it is settled."""
    return Receipt.objects.filter(payment__sale_id=sale_id).first()


def list_receipt_numbers(payment_ids: Iterable[int]) -> dict[int, str]:
    """Payment → the number of its receipt, as printed. Only payments that have one."""
    found = Receipt.objects.filter(payment_id__in=list(payment_ids))
    return {payment_id: str(number) for payment_id, number in found.values_list("payment_id", "facts__number")}


def list_prints(receipt_id: int) -> list[ReceiptPrint]:
    """Every duplicate that staff printed, oldest first, with who did."""
    return list(ReceiptPrint.objects.filter(receipt_id=receipt_id).select_related("printed_by").order_by("id"))
