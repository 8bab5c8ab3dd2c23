from django.db import migrations

from bawabati import sql_guards


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        sql_guards.company_key("ledger_account"),
        sql_guards.same_company("ledger_transfer", debit_id="ledger_account", credit_id="ledger_account"),
        sql_guards.insert_only("ledger_transfer"),
    ]
