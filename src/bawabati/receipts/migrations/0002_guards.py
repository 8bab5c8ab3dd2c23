from django.db import migrations

from bawabati import sql_guards


class Migration(migrations.Migration):
    dependencies = [("receipts", "0001_initial"), ("payments", "0002_guards")]

    operations = [
        sql_guards.company_key("receipts_receiptseries", "receipts_receipt"),
        sql_guards.same_company("receipts_receipt", payment_id="payments_payment", series_id="receipts_receiptseries"),
        sql_guards.same_company("receipts_receiptprint", receipt_id="receipts_receipt"),
        sql_guards.insert_only("receipts_receipt", "receipts_receiptprint"),
    ]
