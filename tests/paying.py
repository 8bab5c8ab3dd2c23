"""Starting a payment as the pages do."""

from datetime import datetime

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of
from bawabati.companies.models import Company
from bawabati.companies.reads import find_text
from bawabati.flows.start_payment import SeenBill, start_payment
from bawabati.payments.models import Payment
from people import NOON


def start(company: Company, *bills: Bill, key: str = "key", email: str = "", now: datetime = NOON) -> Payment:
    def terms(kind: str) -> int:
        text = find_text(company_id=company.id, kind=kind, language="ar", now=now)
        assert text is not None
        return text.id

    return start_payment(
        company=company,
        seen=[SeenBill(bill_id=bill.id, version=bill.version, left=facts_of(bill).left) for bill in bills],
        start_key=key,
        language="ar",
        payment_terms_id=terms("payment_terms"),
        sale_terms_id=terms("sale_terms"),
        email=email,
        now=now,
    )
