from django.db import migrations

from bawabati import sql_guards
from bawabati.people.rules import CHANGE_STEPS


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("companies", "0002_guards")]

    operations = [
        sql_guards.same_company("people_staffrole", agency_id="companies_agency"),
        sql_guards.edges("people_pendingchange", "state", CHANGE_STEPS),
        sql_guards.frozen(
            "people_pendingchange",
            *("company_id", "kind", "about", "what", "asked_by_id", "asked_at"),
            erasable=("secret_sealed",),
        ),
        sql_guards.company_key("people_apikey"),
        sql_guards.same_company("people_apicall", key_id="people_apikey"),
        sql_guards.frozen(
            "people_apikey",
            *("company_id", "staff_id", "scopes", "channel_name", "key_sha256", "made_by_id", "made_at"),
        ),
    ]
