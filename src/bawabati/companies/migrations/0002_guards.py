from django.db import migrations

from bawabati import sql_guards


class Migration(migrations.Migration):
    dependencies = [("companies", "0001_initial")]

    operations = [
        sql_guards.company_key("companies_companytext", "companies_agency", "companies_gatewayaccount"),
        sql_guards.company_key("companies_desk", "companies_bridge", "companies_reader"),
        sql_guards.same_company("companies_desk", agency_id="companies_agency"),
        sql_guards.same_company("companies_bridge", agency_id="companies_agency"),
        sql_guards.same_company(
            "companies_reader",
            agency_id="companies_agency",
            desk_id="companies_desk",
            bridge_id="companies_bridge",
        ),
        sql_guards.insert_only("companies_companytext"),
    ]
