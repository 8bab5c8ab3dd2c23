"""The functions and triggers that keep the board's figures, in the transaction that makes them true.

They are deferred: they run when the transaction is about to hold, after every other lock, so that whoever counts waits for
nobody who still has something to lock. The order of locks is theirs alone: customers by id, then rows of figures.
Decision: docs/decisions/0038-figures-kept-by-the-database.md
"""

from django.db import migrations

# Which parts of a day a payment belongs to. A refund goes back to the parts of its payment.
SHARES = """
CREATE FUNCTION reports_shares(paid payments_payment) RETURNS TABLE (axis text, key text) LANGUAGE sql STABLE AS $$
    SELECT share.axis, share.key FROM (VALUES
        ('agency', paid.agency_id::text),
        ('campaign', nullif(paid.campaign_code, '')::text),
        ('card', paid.card_family::text),
        ('hour', to_char(paid.confirmed_at AT TIME ZONE 'Africa/Algiers', 'HH24'))
    ) share (axis, key) WHERE share.key IS NOT NULL
$$;
CREATE FUNCTION reports_spans(on_day date) RETURNS TABLE (span text, day date) LANGUAGE sql IMMUTABLE AS $$
    SELECT span.span, span.day FROM (VALUES
        ('day'::text, on_day), ('month', on_day - extract(day FROM on_day)::integer + 1)
    ) span (span, day)
$$;
CREATE FUNCTION reports_age(days_late integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN days_late <= 0 THEN 'not_yet' WHEN days_late <= 30 THEN 'to_30' WHEN days_late <= 90 THEN 'to_90'
        WHEN days_late <= 365 THEN 'to_365' ELSE 'over' END
$$;
"""
# Adds to a day and to its parts, in the order of their keys.
ADD = """
CREATE FUNCTION reports_add(
    paid payments_payment, on_day date, more_payments bigint, more_centimes bigint, more_returns bigint,
    more_returned bigint, more_payers bigint, more_first bigint
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_dayfigure AS known
        (company_id, day, payments, centimes, returns, returned_centimes, payers, first_payers)
    VALUES (paid.company_id, on_day, more_payments, more_centimes, more_returns, more_returned, more_payers, more_first)
    ON CONFLICT (company_id, day) DO UPDATE SET
        payments = known.payments + excluded.payments, centimes = known.centimes + excluded.centimes,
        returns = known.returns + excluded.returns,
        returned_centimes = known.returned_centimes + excluded.returned_centimes,
        payers = known.payers + excluded.payers, first_payers = known.first_payers + excluded.first_payers;
    INSERT INTO reports_sharefigure AS known
        (company_id, axis, span, day, way, key, payments, centimes, returns, returned_centimes, first_payers)
    SELECT paid.company_id, share.axis, span.span, span.day, paid.way, share.key, more_payments, more_centimes,
        more_returns, more_returned, more_first
    FROM reports_shares(paid) share CROSS JOIN reports_spans(on_day) span ORDER BY share.axis, span.span
    ON CONFLICT (company_id, axis, span, day, way, key) DO UPDATE SET
        payments = known.payments + excluded.payments, centimes = known.centimes + excluded.centimes,
        returns = known.returns + excluded.returns,
        returned_centimes = known.returned_centimes + excluded.returned_centimes,
        first_payers = known.first_payers + excluded.first_payers;
END $$;
CREATE FUNCTION reports_add_payers(company bigint, on_day date, before date, more bigint) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO reports_payersfigure AS known (company_id, span, day, day_before, payers)
    SELECT company, span.span, span.day, before, more FROM reports_spans(on_day) span
    ON CONFLICT (company_id, span, day, day_before) DO UPDATE SET payers = known.payers + excluded.payers
$$;
CREATE FUNCTION reports_add_loss(lost payments_payment, more bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO reports_lossfigure AS known
        (company_id, day, state, refused_because, response_code, action_code, attempts)
    SELECT lost.company_id, (lost.opened_at AT TIME ZONE 'Africa/Algiers')::date, lost.state, lost.refused_because,
        lost.response_code, coalesce(lost.action_code, 0), more
    WHERE lost.way = 'web'
    ON CONFLICT (company_id, day, state, refused_because, response_code, action_code)
        DO UPDATE SET attempts = known.attempts + excluded.attempts
$$;
"""
# A customer's first line is the one of the earliest day, of two the one with the smaller number: whatever order things
# were written in, the figures are the same. So a payment of an earlier day moves what was counted before.
PAID = """
CREATE FUNCTION reports_count_paid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payer record;
    first_line record;
    earlier payments_payment;
    day_before date;
    day_after date;
    new_payers bigint := 0;
    new_first bigint := 0;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('figures', 0));
    FOR payer IN
        SELECT bill.customer_id AS id, min(line.id) AS line_id
        FROM payments_paymentline line JOIN bills_bill bill ON bill.id = line.bill_id
        WHERE line.payment_id = NEW.id GROUP BY 1 ORDER BY 1
    LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('payer ' || payer.id, 0));
        SELECT line_id, day INTO first_line FROM reports_paidline
        WHERE customer_id = payer.id ORDER BY day, line_id LIMIT 1;
        IF NOT FOUND THEN
            new_first := new_first + 1;
            new_payers := new_payers + 1;
            PERFORM reports_add_payers(NEW.company_id, NEW.accounted_on, '0001-01-01', 1);
        ELSE
            IF (NEW.accounted_on, payer.line_id) < (first_line.day, first_line.line_id) THEN
                SELECT payment.* INTO earlier FROM payments_paymentline line
                JOIN payments_payment payment ON payment.id = line.payment_id WHERE line.id = first_line.line_id;
                PERFORM reports_add(earlier, earlier.accounted_on, 0, 0, 0, 0, 0, -1);
                new_first := new_first + 1;
            END IF;
            IF NOT EXISTS (SELECT FROM reports_paidline WHERE customer_id = payer.id AND day = NEW.accounted_on) THEN
                SELECT coalesce(max(day), '0001-01-01') INTO day_before FROM reports_paidline
                WHERE customer_id = payer.id AND day < NEW.accounted_on;
                SELECT min(day) INTO day_after FROM reports_paidline
                WHERE customer_id = payer.id AND day > NEW.accounted_on;
                new_payers := new_payers + 1;
                PERFORM reports_add_payers(NEW.company_id, NEW.accounted_on, day_before, 1);
                IF day_after IS NOT NULL THEN
                    PERFORM reports_add_payers(NEW.company_id, day_after, day_before, -1);
                    PERFORM reports_add_payers(NEW.company_id, day_after, NEW.accounted_on, 1);
                END IF;
            END IF;
        END IF;
        INSERT INTO reports_paidline (line_id, company_id, customer_id, day, due_on)
        SELECT line.id, line.company_id, bill.customer_id, NEW.accounted_on, bill.due_on
        FROM payments_paymentline line JOIN bills_bill bill ON bill.id = line.bill_id
        WHERE line.payment_id = NEW.id AND bill.customer_id = payer.id;
    END LOOP;
    PERFORM reports_add(NEW, NEW.accounted_on, 1, NEW.amount_centimes, 0, 0, new_payers, new_first);
    INSERT INTO reports_sharefigure AS known
        (company_id, axis, span, day, way, key, payments, centimes, returns, returned_centimes, first_payers)
    SELECT NEW.company_id, 'age', span.span, span.day, NEW.way, reports_age(NEW.accounted_on - bill.due_on) AS key,
        count(*), sum(line.settled_centimes), 0, 0, 0
    FROM payments_paymentline line JOIN bills_bill bill ON bill.id = line.bill_id
    CROSS JOIN reports_spans(NEW.accounted_on) span
    WHERE line.payment_id = NEW.id AND line.settled_centimes > 0 GROUP BY key, span.span, span.day
    ORDER BY span.span, key
    ON CONFLICT (company_id, axis, span, day, way, key) DO UPDATE SET
        payments = known.payments + excluded.payments, centimes = known.centimes + excluded.centimes;
    IF NEW.recovered_from_id IS NOT NULL THEN
        SELECT * INTO earlier FROM payments_payment WHERE id = NEW.recovered_from_id;
        PERFORM reports_add_loss(earlier, -1);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER reports_count_paid AFTER UPDATE OF state ON payments_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'paid' AND OLD.state <> 'paid')
    EXECUTE FUNCTION reports_count_paid();
"""
LOST = """
CREATE FUNCTION reports_count_lost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_add_loss(NEW, 1);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER reports_count_lost AFTER UPDATE OF state ON payments_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state IN ('failed', 'declined', 'expired') AND OLD.state <> NEW.state)
    EXECUTE FUNCTION reports_count_lost();
"""
RETURNED = """
CREATE FUNCTION reports_count_returned() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid payments_payment;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('figures', 0));
    SELECT * INTO paid FROM payments_payment WHERE id = NEW.payment_id;
    PERFORM reports_add(
        paid, (NEW.ended_at AT TIME ZONE 'Africa/Algiers')::date, 0, 0, 1, NEW.amount_centimes, 0, 0
    );
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER reports_count_returned AFTER UPDATE OF state ON payments_refund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'done' AND OLD.state <> 'done')
    EXECUTE FUNCTION reports_count_returned();
"""
DROP = """
DROP TRIGGER reports_count_returned ON payments_refund;
DROP TRIGGER reports_count_lost ON payments_payment;
DROP TRIGGER reports_count_paid ON payments_payment;
DROP FUNCTION reports_count_returned();
DROP FUNCTION reports_count_lost();
DROP FUNCTION reports_count_paid();
DROP FUNCTION reports_add_loss(payments_payment, bigint);
DROP FUNCTION reports_add_payers(bigint, date, date, bigint);
DROP FUNCTION reports_add(payments_payment, date, bigint, bigint, bigint, bigint, bigint, bigint);
DROP FUNCTION reports_age(integer);
DROP FUNCTION reports_spans(date);
DROP FUNCTION reports_shares(payments_payment);
"""

COUNTING = migrations.RunSQL(SHARES + ADD + PAID + LOST + RETURNED, DROP)
