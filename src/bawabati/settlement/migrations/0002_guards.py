from django.db import migrations

from bawabati import sql_guards
from bawabati.settlement.rules import DIFFERENCE_EDGES


class Migration(migrations.Migration):
    dependencies = [
        ("settlement", "0001_initial"),
        ("payments", "0002_guards"),
        ("companies", "0002_guards"),
    ]

    operations = [
        sql_guards.company_key(
            "settlement_statementprofile",
            "settlement_statement",
            "settlement_remittance",
            "settlement_statementline",
            "settlement_difference",
        ),
        sql_guards.same_company("settlement_statement", profile_id="settlement_statementprofile"),
        sql_guards.same_company(
            "settlement_statementline", statement_id="settlement_statement", remittance_id="settlement_remittance"
        ),
        sql_guards.same_company(
            "settlement_match",
            line_id="settlement_statementline",
            payment_id="payments_payment",
            refund_id="payments_refund",
            remittance_id="settlement_remittance",
        ),
        sql_guards.same_company(
            "settlement_difference",
            statement_id="settlement_statement",
            line_id="settlement_statementline",
            payment_id="payments_payment",
            refund_id="payments_refund",
            remittance_id="settlement_remittance",
        ),
        sql_guards.same_company("settlement_differencestep", difference_id="settlement_difference"),
        sql_guards.insert_only(
            "settlement_statementline", "settlement_match", "settlement_differencestep", "settlement_feetable"
        ),
        sql_guards.frozen(
            "settlement_statement",
            *("company_id", "source", "file_name", "content_sha256", "line_count", "net_centimes", "received_by_id"),
        ),
        sql_guards.frozen("settlement_difference", "company_id", "kind", "reference"),
        sql_guards.edges("settlement_difference", "state", DIFFERENCE_EDGES),
    ]
