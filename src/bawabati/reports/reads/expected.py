"""What each table of figures should hold, counted anew from payments, refunds and paid lines, in one statement each.

Whoever compares and whoever mends asks the same: what is missing (or, below zero, too much) under which key.
Decision: docs/decisions/0038-figures-kept-by-the-database.md
"""

from dataclasses import dataclass
from typing import Final

NEVER: Final = "'0001-01-01'::date"
ON_DAY: Final = "(r.ended_at AT TIME ZONE 'Africa/Algiers')::date"

# Each customer, on each of his days, and the day before on which he had paid last.
_PAYERS = f"""
SELECT company_id, day, coalesce(lag(day) OVER (PARTITION BY customer_id ORDER BY day), {NEVER}) AS day_before
FROM (SELECT DISTINCT company_id, customer_id, day FROM reports_paidline) paid_on
"""  # noqa: S608 - of our own words
_DAYS = f"""
SELECT company_id, accounted_on AS day, count(*) AS payments, sum(amount_centimes) AS centimes, 0 AS returns,
    0 AS returned_centimes, 0 AS payers, 0 AS first_payers
FROM payments_payment WHERE state = 'paid' GROUP BY 1, 2
UNION ALL
SELECT r.company_id, {ON_DAY}, 0, 0, count(*), sum(r.amount_centimes), 0, 0
FROM payments_refund r WHERE r.state = 'done' GROUP BY 1, 2
UNION ALL
SELECT company_id, day, 0, 0, 0, 0, count(*), count(*) FILTER (WHERE day_before = {NEVER})
FROM ({_PAYERS}) payer GROUP BY 1, 2
"""  # noqa: S608
_SHARES = f"""
SELECT p.company_id, s.axis, p.accounted_on AS day, p.way, s.key, count(*) AS payments,
    sum(p.amount_centimes) AS centimes, 0 AS returns, 0 AS returned_centimes, 0 AS first_payers
FROM payments_payment p CROSS JOIN LATERAL reports_shares(p) s WHERE p.state = 'paid' GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT p.company_id, s.axis, {ON_DAY}, p.way, s.key, 0, 0, count(*), sum(r.amount_centimes), 0
FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id CROSS JOIN LATERAL reports_shares(p) s
WHERE r.state = 'done' GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT p.company_id, s.axis, p.accounted_on, p.way, s.key, 0, 0, 0, 0, count(*)
FROM (
    SELECT DISTINCT ON (customer_id) line_id FROM reports_paidline ORDER BY customer_id, day, line_id
) first_line
JOIN payments_paymentline l ON l.id = first_line.line_id JOIN payments_payment p ON p.id = l.payment_id
CROSS JOIN LATERAL reports_shares(p) s GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT k.company_id, 'age', k.day, p.way, reports_age(k.day - k.due_on), count(*), sum(l.settled_centimes), 0, 0, 0
FROM reports_paidline k JOIN payments_paymentline l ON l.id = k.line_id JOIN payments_payment p ON p.id = l.payment_id
WHERE l.settled_centimes > 0 GROUP BY 1, 3, 4, 5
"""  # noqa: S608
_LOSSES = """
SELECT p.company_id, (p.opened_at AT TIME ZONE 'Africa/Algiers')::date AS day, p.state, p.refused_because,
    p.response_code, coalesce(p.action_code, 0) AS action_code, count(*) AS attempts
FROM payments_payment p
WHERE p.state IN ('failed', 'declined', 'expired') AND p.way = 'web'
  AND NOT EXISTS (SELECT FROM payments_payment found WHERE found.recovered_from_id = p.id AND found.state = 'paid')
GROUP BY 1, 2, 3, 4, 5, 6
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One table of figures, what it is keyed by, what it adds up, and the statement that counts it anew."""

    table: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    anew: str

    @property
    def differences(self) -> str:
        """Keys, and of each measure what is missing; only where something is. One statement, so one instant."""
        keys = ", ".join(self.keys)
        return f"""
SELECT {keys}, {", ".join(f"sum({measure})::bigint AS {measure}" for measure in self.measures)}
FROM (
    SELECT {keys}, {", ".join(self.measures)} FROM ({self.anew}) anew
    UNION ALL
    SELECT {keys}, {", ".join(f"-{measure}" for measure in self.measures)} FROM {self.table}
) both_sides
GROUP BY {keys} HAVING {" OR ".join(f"sum({measure}) <> 0" for measure in self.measures)}
"""  # noqa: S608

    @property
    def words(self) -> str:
        """SQL that names a difference to people, over a row of `differences`."""
        said = [f"'{measure} ' || {measure}" for measure in self.measures]
        return f"'missing: ' || concat_ws(', ', {', '.join(said)})"

    @property
    def reference(self) -> str:
        """SQL that names the row, over a row of `differences`."""
        return f"'{self.table}:' || concat_ws(' ', {', '.join(self.keys[1:])})"


ALL_FIGURES: Final = (
    Figures(
        table="reports_dayfigure",
        keys=("company_id", "day"),
        measures=("payments", "centimes", "returns", "returned_centimes", "payers", "first_payers"),
        anew=_DAYS,
    ),
    Figures(
        table="reports_sharefigure",
        keys=("company_id", "axis", "span", "day", "way", "key"),
        measures=("payments", "centimes", "returns", "returned_centimes", "first_payers"),
        anew=f"""
SELECT s.company_id, s.axis, span.span, span.day, s.way, s.key, sum(s.payments) AS payments,
    sum(s.centimes) AS centimes, sum(s.returns) AS returns, sum(s.returned_centimes) AS returned_centimes,
    sum(s.first_payers) AS first_payers
FROM ({_SHARES}) s CROSS JOIN LATERAL reports_spans(s.day) span GROUP BY 1, 2, 3, 4, 5, 6
""",  # noqa: S608
    ),
    Figures(
        table="reports_payersfigure",
        keys=("company_id", "span", "day", "day_before"),
        measures=("payers",),
        anew=f"""
SELECT p.company_id, span.span, span.day, p.day_before, sum(p.payers) AS payers
FROM (SELECT company_id, day, day_before, count(*) AS payers FROM ({_PAYERS}) payer GROUP BY 1, 2, 3) p
CROSS JOIN LATERAL reports_spans(p.day) span GROUP BY 1, 2, 3, 4
""",  # noqa: S608
    ),
    Figures(
        table="reports_lossfigure",
        keys=("company_id", "day", "state", "refused_because", "response_code", "action_code"),
        measures=("attempts",),
        anew=_LOSSES,
    ),
)
