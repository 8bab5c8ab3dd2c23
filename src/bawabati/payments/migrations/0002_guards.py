from django.db import migrations

from bawabati import sql_guards
from bawabati.payments.rules import EVENTS, FINAL, FINAL_REFUND, REFUND_STEPS
from bawabati.payments.rules.channels import RESERVATION_EVENTS
from bawabati.payments.rules.sales import FINAL_SALE, ORDER_STEPS, SALE_EVENTS

# Straight from opened to paid goes only what posts the money of an attempt that has ended otherwise, once, a sale, or what a
# channel had reserved.
RECOVERED = """
CREATE FUNCTION payments_payment_recovered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'payments_payment does not go from opened to paid: nothing was recovered'
            USING ERRCODE = 'check_violation';
    ELSIF NOT EXISTS (
        SELECT FROM payments_payment
        WHERE id = NEW.recovered_from_id AND recovered_from_id IS NULL AND state IN ('failed', 'declined', 'expired')
    ) THEN
        RAISE EXCEPTION 'payment % has not ended unpaid: there is nothing to recover', NEW.recovered_from_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_payment_recovered_from_ended BEFORE INSERT ON payments_payment
    FOR EACH ROW WHEN (NEW.recovered_from_id IS NOT NULL) EXECUTE FUNCTION payments_payment_recovered();
CREATE TRIGGER payments_payment_recovered_only BEFORE UPDATE OF state ON payments_payment
    FOR EACH ROW
    WHEN (
        OLD.state = 'opened' AND NEW.state = 'paid' AND NEW.recovered_from_id IS NULL AND NEW.sale_id IS NULL
        AND NEW.reservation_id IS NULL
    )
    EXECUTE FUNCTION payments_payment_recovered();
"""
DROP_RECOVERED = """
DROP TRIGGER payments_payment_recovered_from_ended ON payments_payment;
DROP TRIGGER payments_payment_recovered_only ON payments_payment;
DROP FUNCTION payments_payment_recovered();
"""
# One refund of a payment is open at a time (refund_one_open), so two that begin at once do not both pass.
WITHIN_CAPTURED = """
CREATE FUNCTION payments_refund_within_captured() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM payments_payment
        WHERE id = NEW.payment_id AND state = 'paid' AND amount_centimes >= NEW.amount_centimes + (
            SELECT coalesce(sum(amount_centimes), 0) FROM payments_refund
            WHERE payment_id = NEW.payment_id AND state <> 'refused'
        )
    ) THEN
        RAISE EXCEPTION 'payment %: no more goes back than was captured', NEW.payment_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_refund_within_captured BEFORE INSERT ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_refund_within_captured();
"""
DROP_WITHIN_CAPTURED = """
DROP TRIGGER payments_refund_within_captured ON payments_refund;
DROP FUNCTION payments_refund_within_captured();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_initial"),
        ("bills", "0002_guards"),
        ("companies", "0002_guards"),
        ("desks", "0002_guards"),
    ]

    operations = [
        sql_guards.company_key(
            *("payments_payment", "payments_sale", "payments_channel", "payments_reservation", "payments_channelfile")
        ),
        sql_guards.same_company(
            "payments_payment",
            gateway_account_id="companies_gatewayaccount",
            payment_terms_id="companies_companytext",
            sale_terms_id="companies_companytext",
            recovered_from_id="payments_payment",
            sale_id="payments_sale",
            reservation_id="payments_reservation",
            agency_id="companies_agency",
        ),
        sql_guards.same_company("payments_paymentline", payment_id="payments_payment", bill_id="bills_bill"),
        sql_guards.same_company(
            "payments_hold",
            payment_id="payments_payment",
            sale_id="payments_sale",
            reservation_id="payments_reservation",
            bill_id="bills_bill",
        ),
        sql_guards.same_company("payments_paymentevent", payment_id="payments_payment"),
        sql_guards.edges("payments_payment", "state", {old: list(events.values()) for old, events in EVENTS.items()}),
        migrations.RunSQL(RECOVERED, DROP_RECOVERED),
        sql_guards.insert_only("payments_paymentevent", "payments_exchange"),
        sql_guards.same_company("payments_exchange", payment_id="payments_payment"),
        # Number ranges are learned later than payments end; card_last_four is generated, and unknown to the trigger.
        sql_guards.ended(
            "payments_payment",
            when=f"OLD.state IN ({', '.join(repr(str(s)) for s in sorted(FINAL))})",
            but=("card_family", "card_last_four"),
        ),
        sql_guards.company_key("payments_refund", "payments_paymentline"),
        sql_guards.same_company("payments_refund", payment_id="payments_payment"),
        sql_guards.same_company("payments_refundpart", refund_id="payments_refund", line_id="payments_paymentline"),
        sql_guards.same_company("payments_refundevent", refund_id="payments_refund"),
        sql_guards.same_company("payments_credituse", customer_id="bills_customer", bill_id="bills_bill"),
        sql_guards.edges("payments_refund", "state", {old: list(new.values()) for old, new in REFUND_STEPS.items()}),
        migrations.RunSQL(WITHIN_CAPTURED, DROP_WITHIN_CAPTURED),
        sql_guards.frozen(
            "payments_refund",
            *("company_id", "payment_id", "kind", "reason", "because", "amount_centimes"),
            *("requested_by_id", "requested_at"),
        ),
        sql_guards.insert_only("payments_refundpart", "payments_refundevent", "payments_credituse"),
        sql_guards.ended(
            "payments_refund", when=f"OLD.state IN ({', '.join(repr(str(s)) for s in sorted(FINAL_REFUND))})"
        ),
        sql_guards.ended("payments_paymentline", when="OLD.settled_centimes IS NOT NULL"),
        sql_guards.same_company(
            "payments_sale",
            agency_id="companies_agency",
            desk_id="companies_desk",
            session_id="desks_desksession",
            reader_id="companies_reader",
        ),
        sql_guards.same_company("payments_saleline", sale_id="payments_sale", bill_id="bills_bill"),
        sql_guards.same_company("payments_salehappening", sale_id="payments_sale"),
        sql_guards.same_company(
            "payments_readerorder",
            bridge_id="companies_bridge",
            reader_id="companies_reader",
            sale_id="payments_sale",
        ),
        sql_guards.edges("payments_sale", "state", {old: list(new.values()) for old, new in SALE_EVENTS.items()}),
        sql_guards.edges("payments_readerorder", "state", ORDER_STEPS),
        sql_guards.frozen(
            "payments_readerorder", "company_id", "bridge_id", "reader_id", "sale_id", "kind", "body", "put_at"
        ),
        sql_guards.ended("payments_readerorder", when="OLD.state IN ('done', 'withdrawn')"),
        sql_guards.insert_only("payments_saleline", "payments_salehappening"),
        sql_guards.ended("payments_sale", when=f"OLD.state IN ({', '.join(repr(str(s)) for s in sorted(FINAL_SALE))})"),
        sql_guards.same_company("payments_reservation", channel_id="payments_channel"),
        sql_guards.same_company(
            "payments_reservationline", reservation_id="payments_reservation", bill_id="bills_bill"
        ),
        sql_guards.same_company("payments_reservationhappening", reservation_id="payments_reservation"),
        sql_guards.same_company("payments_earlyword", channel_id="payments_channel"),
        sql_guards.same_company("payments_channelfile", channel_id="payments_channel"),
        sql_guards.same_company("payments_channelfileline", file_id="payments_channelfile"),
        sql_guards.same_company("payments_channeldifference", channel_id="payments_channel"),
        sql_guards.edges(
            "payments_reservation", "state", {old: list(new.values()) for old, new in RESERVATION_EVENTS.items()}
        ),
        sql_guards.insert_only(
            *("payments_reservationline", "payments_reservationhappening"),
            *("payments_earlyword", "payments_channelfileline"),
        ),
        sql_guards.frozen(
            "payments_reservation",
            *("company_id", "channel_id", "reference", "number", "amount_centimes", "asked", "opened_at"),
        ),
        sql_guards.frozen(
            "payments_channelfile",
            *("company_id", "channel_id", "day", "sha256", "name", "line_count", "paid_count", "paid_centimes"),
            *("brought_by_id", "brought_at"),
        ),
        sql_guards.frozen("payments_channel", "company_id", "code", "name", "added_at"),
    ]
