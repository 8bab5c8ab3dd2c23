from django.db import migrations

from bawabati import sql_guards
from bawabati.desks.rules import SESSION_STEPS


class Migration(migrations.Migration):
    dependencies = [("desks", "0001_initial"), ("companies", "0002_guards")]

    operations = [
        sql_guards.company_key("desks_desksession", "desks_numberblock"),
        sql_guards.same_company("desks_desksession", agency_id="companies_agency", desk_id="companies_desk"),
        sql_guards.same_company("desks_drawercount", session_id="desks_desksession"),
        sql_guards.same_company(
            "desks_zreport",
            agency_id="companies_agency",
            desk_id="companies_desk",
            session_id="desks_desksession",
        ),
        sql_guards.same_company("desks_dayclosing", agency_id="companies_agency"),
        sql_guards.same_company(
            "desks_numberblock",
            agency_id="companies_agency",
            desk_id="companies_desk",
            session_id="desks_desksession",
        ),
        sql_guards.same_company("desks_offlinereceipt", block_id="desks_numberblock"),
        sql_guards.edges("desks_desksession", "state", SESSION_STEPS),
        sql_guards.frozen(
            "desks_desksession",
            *("company_id", "agency_id", "desk_id", "cashier_id", "float_centimes", "opened_at", "opened_on"),
        ),
        sql_guards.frozen(
            "desks_numberblock",
            *("company_id", "agency_id", "desk_id", "session_id", "kind", "year", "first", "last", "code_scrypt"),
        ),
        sql_guards.ended("desks_numberblock", when="OLD.ended_at IS NOT NULL"),
        sql_guards.insert_only("desks_drawercount", "desks_zreport", "desks_dayclosing", "desks_offlinereceipt"),
    ]
