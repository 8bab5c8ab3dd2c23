"""Showing a receipt as a document. Rendered again at will; the number exists already."""

from bawabati.flows.steps.receipt_document import Form, make_document
from bawabati.receipts.reads import find_receipt


def render_receipt(*, receipt_id: int, form: Form) -> bytes | None:
    """The receipt as PDF or picture, or None when there is none of that identifier. Safe to repeat: the same bytes."""
    receipt = find_receipt(receipt_id)
    return make_document(receipt, form=form) if receipt else None
