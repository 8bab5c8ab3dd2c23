"""What one check of the books is."""

from dataclasses import dataclass
from typing import Final

ALL: Final = {
    "{payments}": "payments_payment",
    "{refunds}": "payments_refund",
    "{bills}": "bills_bill",
    "{of_bills}": "",
    "{of_payments}": "",
}
RECENT: Final = {
    "{payments}": "recent_payment",
    "{refunds}": "recent_refund",
    "{bills}": "recent_bill",
    "{of_bills}": "AND bill_id IN (SELECT id FROM recent_bill)",
    "{of_payments}": "WHERE payment_id IN (SELECT id FROM recent_payment)",
}
RECENT_ROWS: Final = """
WITH recent_payment AS (
    SELECT * FROM payments_payment WHERE ended_at >= %(since)s
), recent_refund AS (
    SELECT * FROM payments_refund WHERE requested_at >= %(since)s OR ended_at >= %(since)s
), recent_bill AS (
    SELECT * FROM bills_bill WHERE id IN (
        SELECT line.bill_id FROM payments_paymentline line JOIN payments_payment p ON p.id = line.payment_id
        WHERE p.ended_at >= %(since)s
        UNION
        SELECT line.bill_id FROM payments_paymentline line JOIN payments_refund r ON r.payment_id = line.payment_id
        WHERE r.ended_at >= %(since)s
        UNION
        SELECT bill_id FROM payments_credituse WHERE at >= %(since)s
    )
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCheck:
    """One thing that must be true. `sql` gives (company_id, reference, finding) for whatever breaks it.

    One statement over sets, whatever their size: no loop over payments. Company is NULL where it concerns no company.
    """

    name: str
    invariant: str
    sql: str
    each_minute: bool = False
    """Written over `{payments}`, `{refunds}` or `{bills}`, so that it can look at those alone that have just ended."""

    def over_everything(self) -> str:
        """The statement as it is asked each night."""
        return _filled(self.sql, ALL)

    def over_what_ended_since(self) -> str:
        """The statement over what ended since `%(since)s` and its bills: cheap however much there is."""
        own = _filled(self.sql, RECENT).strip()
        return f"{RECENT_ROWS}, {own.removeprefix('WITH ')}" if own.startswith("WITH ") else f"{RECENT_ROWS} {own}"


def _filled(sql: str, places: dict[str, str]) -> str:
    for place, words in places.items():
        sql = sql.replace(place, words)
    return sql
