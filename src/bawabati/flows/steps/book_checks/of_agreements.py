"""Agreements to pay in instalments beside the bills that they are about."""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck

OF_AGREEMENTS: Final = (
    BookCheck(
        name="tranches_do_not_come_to_their_bills",
        invariant="I4",
        sql="""
WITH told AS (
    SELECT tranche_of_id AS id, sum(due_centimes - settled_centimes) AS centimes FROM bills_bill
    WHERE tranche_of_id IS NOT NULL AND status = 'open' GROUP BY tranche_of_id
), owed AS (
    SELECT in_agreement_id AS id, sum(due_centimes - settled_centimes) AS centimes FROM bills_bill
    WHERE in_agreement_id IS NOT NULL AND status = 'open' GROUP BY in_agreement_id
)
SELECT a.company_id, 'agreement:' || a.id,
       coalesce(told.centimes, 0) || ' centimes are left of its tranches, ' || coalesce(owed.centimes, 0)
       || ' of its bills'
FROM bills_agreement a LEFT JOIN told ON told.id = a.id LEFT JOIN owed ON owed.id = a.id
WHERE a.state IN ('agreed', 'running', 'late') AND coalesce(told.centimes, 0) <> coalesce(owed.centimes, 0)
""",
    ),
    BookCheck(
        name="bill_in_agreement_that_is_over",
        invariant="I4",
        sql="""
SELECT b.company_id, 'bill:' || b.id, 'is in agreement ' || a.id || ', which is ' || a.state
FROM bills_bill b JOIN bills_agreement a ON a.id = b.in_agreement_id
WHERE a.state NOT IN ('agreed', 'running', 'late')
""",
    ),
    BookCheck(
        name="tranche_paid_as_a_bill",
        invariant="I4",
        sql="""
SELECT l.company_id, 'payment:' || l.payment_id, 'pays tranche ' || b.bill_number || ' and no bill'
FROM bills_bill b JOIN payments_paymentline l ON l.bill_id = b.id WHERE b.tranche_of_id IS NOT NULL
""",
    ),
    BookCheck(
        name="agreement_without_its_event",
        invariant="I6",
        sql="""
SELECT a.company_id, 'agreement:' || a.id,
       'is ' || a.state || '; its last event led to ' || coalesce(e.to_state, 'nothing')
FROM bills_agreement a LEFT JOIN bills_agreementevent e ON e.agreement_id = a.id AND e.sequence = a.event_count
WHERE e.to_state IS DISTINCT FROM a.state
""",
    ),
)
