from django.db import migrations

from bawabati import sql_guards


class Migration(migrations.Migration):
    dependencies = [("reminders", "0001_initial"), ("bills", "0002_guards"), ("notices", "0002_guards")]

    operations = [
        sql_guards.company_key("reminders_reminderrun", "reminders_round", "bills_customercontact", "notices_notice"),
        sql_guards.same_company(
            "reminders_reminder",
            run_id="reminders_reminderrun",
            customer_id="bills_customer",
            bill_id="bills_bill",
        ),
        sql_guards.same_company(
            "reminders_remindermessage",
            run_id="reminders_reminderrun",
            customer_id="bills_customer",
            contact_id="bills_customercontact",
            notice_id="notices_notice",
        ),
        sql_guards.same_company("reminders_roundcustomer", round_id="reminders_round", customer_id="bills_customer"),
        sql_guards.insert_only("reminders_optout", "reminders_remindertext", "reminders_reminder"),
    ]
