from django.db import migrations

from bawabati import sql_guards


class Migration(migrations.Migration):
    dependencies = [("operations", "0001_initial")]

    operations = [
        sql_guards.insert_only("operations_backup", "operations_paper"),
        sql_guards.frozen("operations_restoration", "backup_made_at", "backup_file", "restored_at", "series_mark"),
    ]
