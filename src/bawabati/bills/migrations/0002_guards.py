from django.db import migrations

from bawabati import sql_guards
from bawabati.bills.rules import UPLOAD_STEPS


class Migration(migrations.Migration):
    dependencies = [("bills", "0001_initial"), ("companies", "0002_guards")]

    operations = [
        sql_guards.company_key("bills_customer", "bills_billbatch", "bills_bill"),
        sql_guards.same_company("bills_badbillline", batch_id="bills_billbatch"),
        sql_guards.same_company("bills_billlineresult", batch_id="bills_billbatch"),
        sql_guards.same_company("bills_billupload", batch_id="bills_billbatch"),
        sql_guards.edges("bills_billupload", "state", UPLOAD_STEPS),
        sql_guards.ended("bills_billupload", when="OLD.state IN ('done', 'refused')"),
        sql_guards.same_company("bills_bill", customer_id="bills_customer"),
        sql_guards.same_company("bills_billversion", bill_id="bills_bill", batch_id="bills_billbatch"),
        sql_guards.same_company("bills_customercontact", customer_id="bills_customer"),
        sql_guards.insert_only("bills_billversion", "bills_badbillline"),
        # Every file says anew of every bill when it was last told: room on the page keeps that from the indexes.
        migrations.RunSQL("ALTER TABLE bills_bill SET (fillfactor = 70)", "ALTER TABLE bills_bill RESET (fillfactor)"),
    ]
