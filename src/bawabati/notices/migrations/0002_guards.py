from django.db import migrations

from bawabati import sql_guards


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        sql_guards.frozen("notices_notice", "company_id", "means", "kind", "reference", "language", "created_at"),
        sql_guards.frozen("notices_event", "company_id", "kind", "body", "at"),
        sql_guards.company_key("notices_event", "notices_endpoint", "notices_delivery"),
        sql_guards.same_company("notices_delivery", endpoint_id="notices_endpoint", event_id="notices_event"),
        sql_guards.same_company("notices_deliverytry", delivery_id="notices_delivery"),
        sql_guards.ended("notices_event", when="OLD.sequence IS NOT NULL"),
    ]
