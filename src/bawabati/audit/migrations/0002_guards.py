from django.db import migrations

from bawabati import sql_guards


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        sql_guards.insert_only("audit_auditentry"),
    ]
