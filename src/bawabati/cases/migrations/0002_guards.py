from django.db import migrations

from bawabati import sql_guards
from bawabati.cases.rules import CASE_STEPS


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        sql_guards.company_key("cases_case"),
        sql_guards.same_company("cases_casestep", case_id="cases_case"),
        sql_guards.edges("cases_case", "state", CASE_STEPS),
        sql_guards.frozen("cases_case", "company_id", "kind", "reference", "amount_centimes", "opened_at"),
        sql_guards.insert_only("cases_casestep"),
    ]
