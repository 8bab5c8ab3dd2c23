from django.db import migrations

from bawabati import sql_guards

# At the end of the transaction that confirms it, a paid payment has its receipt; and no other payment has one.
PAID_MEANS_RECEIPT = """
CREATE FUNCTION receipts_paid_means_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payment bigint := CASE TG_TABLE_NAME WHEN 'receipts_receipt' THEN (to_jsonb(NEW) ->> 'payment_id')::bigint ELSE NEW.id END;
BEGIN
    IF EXISTS (SELECT FROM payments_payment WHERE id = payment AND state = 'paid')
       <> EXISTS (SELECT FROM receipts_receipt WHERE payment_id = payment) THEN
        RAISE EXCEPTION 'payment %: paid means a receipt, and a receipt means paid', payment
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_paid_means_receipt AFTER UPDATE OF state ON payments_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'paid') EXECUTE FUNCTION receipts_paid_means_receipt();
CREATE CONSTRAINT TRIGGER receipts_receipt_means_paid AFTER INSERT ON receipts_receipt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION receipts_paid_means_receipt();
"""
DROP_PAID_MEANS_RECEIPT = """
DROP TRIGGER payments_paid_means_receipt ON payments_payment;
DROP TRIGGER receipts_receipt_means_paid ON receipts_receipt;
DROP FUNCTION receipts_paid_means_receipt();
"""


class Migration(migrations.Migration):
    dependencies = [("receipts", "0001_initial"), ("payments", "0002_guards")]

    operations = [
        sql_guards.company_key("receipts_receiptseries", "receipts_receipt"),
        sql_guards.same_company("receipts_receipt", payment_id="payments_payment", series_id="receipts_receiptseries"),
        sql_guards.same_company("receipts_receiptsignature", receipt_id="receipts_receipt"),
        sql_guards.same_company("receipts_receiptprint", receipt_id="receipts_receipt"),
        sql_guards.insert_only("receipts_receipt", "receipts_receiptsignature", "receipts_receiptprint"),
        sql_guards.ended("receipts_receiptseries", when="OLD.last_number >= NEW.last_number"),
        migrations.RunSQL(PAID_MEANS_RECEIPT, DROP_PAID_MEANS_RECEIPT),
    ]
