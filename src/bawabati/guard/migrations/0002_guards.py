from django.db import migrations

from bawabati import sql_guards


class Migration(migrations.Migration):
    dependencies = [("guard", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE guard_counter SET UNLOGGED",
            "ALTER TABLE guard_counter SET LOGGED",
        ),
    ]
