from django.db import migrations

from bawabati import sql_guards
from bawabati.bills.rules import AGREEMENT_STEPS, HAS_TRANCHES, UPLOAD_STEPS

RUNNING = ", ".join(f"'{state}'" for state in sorted(HAS_TRANCHES))
TRANCHES_FIT = f"""
CREATE FUNCTION bills_tranches_fit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreement bigint := coalesce(NEW.in_agreement_id, NEW.tranche_of_id);
    told bigint;
    owed bigint;
BEGIN
    SELECT coalesce(sum(due_centimes - settled_centimes), 0) INTO told FROM bills_bill
    WHERE tranche_of_id = agreement AND status = 'open';
    SELECT coalesce(sum(due_centimes - settled_centimes), 0) INTO owed FROM bills_bill
    WHERE in_agreement_id = agreement AND status = 'open';
    IF told <> owed AND EXISTS (SELECT FROM bills_agreement WHERE id = agreement AND state IN ({RUNNING})) THEN
        RAISE EXCEPTION 'agreement %: % centimes are left of its tranches, % of its bills', agreement, told, owed
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER bills_tranches_fit AFTER INSERT OR UPDATE ON bills_bill
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.in_agreement_id IS NOT NULL OR NEW.tranche_of_id IS NOT NULL)
    EXECUTE FUNCTION bills_tranches_fit();
"""


class Migration(migrations.Migration):
    dependencies = [("bills", "0001_initial"), ("companies", "0002_guards")]

    operations = [
        sql_guards.company_key("bills_customer", "bills_billbatch", "bills_bill"),
        sql_guards.same_company("bills_badbillline", batch_id="bills_billbatch"),
        sql_guards.same_company("bills_billlineresult", batch_id="bills_billbatch"),
        sql_guards.same_company("bills_billupload", batch_id="bills_billbatch"),
        sql_guards.edges("bills_billupload", "state", UPLOAD_STEPS),
        sql_guards.ended("bills_billupload", when="OLD.state IN ('done', 'refused')"),
        sql_guards.same_company("bills_bill", customer_id="bills_customer"),
        sql_guards.same_company("bills_billversion", bill_id="bills_bill", batch_id="bills_billbatch"),
        sql_guards.same_company("bills_customercontact", customer_id="bills_customer"),
        sql_guards.insert_only("bills_billversion", "bills_badbillline", "bills_agreementevent", "bills_agreementbill"),
        sql_guards.company_key("bills_agreement"),
        sql_guards.same_company("bills_agreement", customer_id="bills_customer", terms_id="companies_companytext"),
        sql_guards.edges("bills_agreement", "state", AGREEMENT_STEPS),
        sql_guards.ended("bills_agreement", when="OLD.ended_at IS NOT NULL"),
        sql_guards.same_company("bills_agreementevent", agreement_id="bills_agreement"),
        sql_guards.same_company("bills_agreementcontact", agreement_id="bills_agreement"),
        sql_guards.same_company("bills_agreementbill", agreement_id="bills_agreement", bill_id="bills_bill"),
        sql_guards.same_company("bills_bill", in_agreement_id="bills_agreement", tranche_of_id="bills_agreement"),
        # Whatever changes a bill or a tranche: when it holds, both come to the same.
        migrations.RunSQL(
            TRANCHES_FIT, "DROP TRIGGER bills_tranches_fit ON bills_bill; DROP FUNCTION bills_tranches_fit()"
        ),
        # Every file says anew of every bill when it was last told: room on the page keeps that from the indexes.
        migrations.RunSQL("ALTER TABLE bills_bill SET (fillfactor = 70)", "ALTER TABLE bills_bill RESET (fillfactor)"),
    ]
