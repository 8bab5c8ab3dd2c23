"""Figures of the board beside the payments and the books that they are about."""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck
from bawabati.reports.reads.expected import ALL_FIGURES

OF_FIGURES: Final = (
    BookCheck(
        name="paid_line_not_counted",
        invariant="I5",
        each_minute=True,
        sql="""
SELECT l.company_id, 'payment_line:' || l.id,
       'was paid on ' || p.accounted_on || ', counted ' || coalesce('on ' || known.day, 'never')
FROM {payments} p JOIN payments_paymentline l ON l.payment_id = p.id
LEFT JOIN reports_paidline known ON known.line_id = l.id
WHERE p.state = 'paid' AND known.day IS DISTINCT FROM p.accounted_on
""",
    ),
    *(
        BookCheck(
            name=f"{figures.table.removeprefix('reports_')}_differs_from_payments",
            invariant="I5",
            sql=f"SELECT company_id, {figures.reference}, {figures.words} FROM ({figures.differences}) found",  # noqa: S608
        )
        for figures in ALL_FIGURES
    ),
    # What was captured and what went back, day by day, as the books have it.
    BookCheck(
        name="figures_differ_from_books",
        invariant="I5",
        sql="""
WITH posted AS (
    SELECT company_id, accounted_on AS day,
           coalesce(sum(amount_centimes) FILTER (WHERE reason IN ('capture', 'surplus')), 0) AS centimes,
           coalesce(sum(amount_centimes) FILTER (WHERE reason = 'refund'), 0) AS returned
    FROM ledger_transfer WHERE reason IN ('capture', 'surplus', 'refund') GROUP BY 1, 2
)
SELECT company_id, 'day:' || day,
       'counted ' || coalesce(f.centimes, 0) || ' − ' || coalesce(f.returned_centimes, 0)
       || ' centimes, the books ' || coalesce(p.centimes, 0) || ' − ' || coalesce(p.returned, 0)
FROM reports_dayfigure f FULL JOIN posted p USING (company_id, day)
WHERE coalesce(f.centimes, 0) <> coalesce(p.centimes, 0)
   OR coalesce(f.returned_centimes, 0) <> coalesce(p.returned, 0)
""",
    ),
)
