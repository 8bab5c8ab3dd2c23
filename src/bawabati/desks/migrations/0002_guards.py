from django.db import migrations

from bawabati import sql_guards
from bawabati.desks.rules import SESSION_STEPS


class Migration(migrations.Migration):
    dependencies = [("desks", "0001_initial"), ("companies", "0002_guards")]

    operations = [
        sql_guards.company_key("desks_desksession"),
        sql_guards.same_company("desks_desksession", agency_id="companies_agency", desk_id="companies_desk"),
        sql_guards.edges("desks_desksession", "state", SESSION_STEPS),
        sql_guards.frozen("desks_desksession", "company_id", "agency_id", "desk_id", "cashier_id", "float_centimes"),
    ]
