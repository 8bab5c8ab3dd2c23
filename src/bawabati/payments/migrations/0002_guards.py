from django.db import migrations

from bawabati import sql_guards
from bawabati.payments.rules import EVENTS, FINAL


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("bills", "0002_guards"), ("companies", "0002_guards")]

    operations = [
        sql_guards.company_key("payments_payment"),
        sql_guards.same_company(
            "payments_payment",
            gateway_account_id="companies_gatewayaccount",
            payment_terms_id="companies_companytext",
            sale_terms_id="companies_companytext",
        ),
        sql_guards.same_company("payments_paymentline", payment_id="payments_payment", bill_id="bills_bill"),
        sql_guards.same_company("payments_hold", payment_id="payments_payment", bill_id="bills_bill"),
        sql_guards.same_company("payments_paymentevent", payment_id="payments_payment"),
        sql_guards.edges("payments_payment", "state", {old: list(events.values()) for old, events in EVENTS.items()}),
        sql_guards.insert_only("payments_paymentevent"),
        sql_guards.ended("payments_payment", when=f"OLD.state IN ({', '.join(repr(str(s)) for s in sorted(FINAL))})"),
        sql_guards.ended("payments_paymentline", when="OLD.settled_centimes IS NOT NULL"),
    ]
