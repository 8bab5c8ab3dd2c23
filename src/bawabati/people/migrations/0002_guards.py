from django.db import migrations

from bawabati import sql_guards


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("companies", "0002_guards")]

    operations = [
        sql_guards.same_company("people_staffrole", agency_id="companies_agency"),
    ]
