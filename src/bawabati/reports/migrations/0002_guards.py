from django.db import migrations

from bawabati import sql_guards
from bawabati.reports.migrations._counting import COUNTING

# Closing a day freezes its entries (law 07-11): what is posted to it later says so, and stands in the journal of the
# first day that is still open. Whoever posts shares a lock with whoever closes: each transfer is either counted by the
# certificate of its day or told as late, never neither, never both. One lock for each day in a statement.
LATE_POSTINGS = """
CREATE FUNCTION reports_note_late() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    each record;
BEGIN
    FOR each IN SELECT DISTINCT company_id, accounted_on FROM posted ORDER BY company_id, accounted_on LOOP
        PERFORM pg_advisory_xact_lock_shared(
            hashtextextended('company_day ' || each.company_id || ' ' || each.accounted_on, 0));
        IF EXISTS (SELECT FROM reports_companyclosing WHERE company_id = each.company_id AND day >= each.accounted_on) THEN
            PERFORM pg_advisory_xact_lock_shared(hashtextextended('company_closing ' || each.company_id, 0));
            INSERT INTO reports_lateposting (company_id, transfer_id, entered_on)
            SELECT p.company_id, p.id,
                   (SELECT max(day) + 1 FROM reports_companyclosing WHERE company_id = each.company_id)
            FROM posted p WHERE p.company_id = each.company_id AND p.accounted_on = each.accounted_on;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER reports_note_late AFTER INSERT ON ledger_transfer
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION reports_note_late();
"""
DROP_LATE_POSTINGS = """
DROP TRIGGER reports_note_late ON ledger_transfer;
DROP FUNCTION reports_note_late();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
        ("ledger", "0002_guards"),
        ("receipts", "0002_guards"),
        ("payments", "0002_guards"),
    ]

    operations = [
        sql_guards.company_key("reports_paymentfile"),
        sql_guards.same_company("reports_paymentfileline", file_id="reports_paymentfile"),
        sql_guards.same_company("reports_paymentfilecopy", file_id="reports_paymentfile"),
        sql_guards.insert_only(
            "reports_companyclosing",
            "reports_lateposting",
            "reports_paymentfile",
            "reports_paymentfileline",
            "reports_paymentfilecopy",
            "reports_target",
            "reports_paidline",
        ),
        sql_guards.same_company("reports_paidline", line_id="payments_paymentline", customer_id="bills_customer"),
        migrations.RunSQL(LATE_POSTINGS, DROP_LATE_POSTINGS),
        COUNTING,
    ]
