from django.db import migrations

from bawabati import sql_guards


class Migration(migrations.Migration):
    dependencies = [("companies", "0001_initial")]

    operations = [
        sql_guards.company_key("companies_companytext", "companies_agency", "companies_gatewayaccount"),
        sql_guards.same_company("companies_reader", agency_id="companies_agency"),
        sql_guards.insert_only("companies_companytext"),
    ]
