"""The sales of a session as X and Z count them."""

from bawabati.desks.rules import SaleSeen
from bawabati.payments.models import Sale
from bawabati.payments.rules.sales import FINAL_SALE, SaleState


def list_sales_to_report(session_id: int) -> list[SaleSeen]:
    """Every sale of a session as it stands, oldest first: one question, so that all are seen at one moment."""
    sales = Sale.objects.filter(session_id=session_id).order_by("id")
    names = ("id", "reference", "way", "card_brand", "amount_centimes", "stamp_duty_centimes", "state", "typed_by_id")
    return [
        SaleSeen(
            sale_id=sale["id"],
            reference=sale["reference"],
            way=sale["way"],
            brand=sale["card_brand"],
            amount_centimes=sale["amount_centimes"],
            stamp_duty_centimes=sale["stamp_duty_centimes"],
            is_taken=sale["payment__id"] is not None,
            is_reversed=sale["state"] == SaleState.REVERSED,
            is_over=sale["state"] in FINAL_SALE or sale["state"] == SaleState.SETTLED,
            is_typed=sale["typed_by_id"] is not None,
        )
        for sale in sales.values(*names, "payment__id")
    ]
