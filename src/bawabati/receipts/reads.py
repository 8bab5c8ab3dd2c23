"""Questions about receipts."""

from bawabati.receipts.models import Receipt


def find_receipt(receipt_id: int) -> Receipt | None:
    """The receipt; None when there is none of that identifier."""
    return Receipt.objects.filter(id=receipt_id).first()


def get_receipt(receipt_id: int) -> Receipt:
    """The receipt; it must exist."""
    return Receipt.objects.get(id=receipt_id)


def find_receipt_of(payment_id: int) -> Receipt | None:
    """The receipt of a payment; None while it is not paid."""
    return Receipt.objects.filter(payment_id=payment_id).first()
