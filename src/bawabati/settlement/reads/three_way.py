"""Our books, the acquirer's files and the bank, beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from bawabati.settlement.models import Difference
from bawabati.settlement.rules import DifferenceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way of paying by card: `web` or `card` (readers). What goes back is a sum of its own, above zero."""

    way: str
    our_count: int
    our_centimes: int
    our_back_count: int
    our_back_centimes: int
    their_count: int
    their_gross_centimes: int
    their_back_count: int
    their_back_centimes: int
    fee_centimes: int
    vat_centimes: int
    net_centimes: int
    """Signed: gross less fee and VAT, less what went back."""
    matched_count: int
    """Lines found to be payments or refunds of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeWay:
    """Days `from_on` to `to_on`: what we have posted, what the acquirer's files show, what the bank has credited of it.

    `remitted` is the net of the files' lines; `credited` what of it stands in remittances that the bank has credited.
    """

    from_on: date
    to_on: date
    channels: tuple[Channel, ...]
    remitted_centimes: int
    remittance_count: int
    credited_centimes: int
    credited_count: int
    open_difference_count: int

    @property
    def agrees(self) -> bool:
        """Whether all three say the same and no item is open."""
        return (
            not self.open_difference_count
            and self.remitted_centimes == self.credited_centimes
            and all(
                (channel.our_count, channel.our_centimes, channel.our_back_count, channel.our_back_centimes)
                == (
                    *(channel.their_count, channel.their_gross_centimes),
                    *(channel.their_back_count, channel.their_back_centimes),
                )
                for channel in self.channels
            )
        )


def three_way(*, company_id: int, day: date, to_on: date | None = None) -> ThreeWay:
    """One day, or from `day` to `to_on`. Our side by accounting day, theirs by the day of the line."""
    values: dict[str, int | date] = {"company": company_id, "from_on": day, "to_on": to_on or day}
    with connection.cursor() as cursor:
        cursor.execute(_OURS, values)
        ours = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(_OURS_BACK, values)
        back = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(_THEIRS, values)
        theirs = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(_REMITTED, values)
        remitted, remittances, credited, credits_ = cursor.fetchone()
    differences = Difference.objects.filter(company_id=company_id, day__gte=day, day__lte=to_on or day)
    return ThreeWay(
        from_on=day,
        to_on=to_on or day,
        channels=tuple(
            _channel(way, ours.get(way, (0, 0)), back.get(way, (0, 0)), theirs.get(way, (0,) * 8))
            for way in ("web", "card")
        ),
        remitted_centimes=int(remitted),
        remittance_count=remittances,
        credited_centimes=int(credited),
        credited_count=credits_,
        open_difference_count=differences.exclude(state=DifferenceState.ENDED).count(),
    )


def _channel(way: str, ours: tuple[int, ...], back: tuple[int, ...], theirs: tuple[int, ...]) -> Channel:
    count, gross, back_count, back_gross, fee, vat, net, matched = map(int, theirs)
    return Channel(
        way=way,
        our_count=int(ours[0]),
        our_centimes=int(ours[1]),
        our_back_count=int(back[0]),
        our_back_centimes=int(back[1]),
        their_count=count,
        their_gross_centimes=gross,
        their_back_count=back_count,
        their_back_centimes=back_gross,
        fee_centimes=fee,
        vat_centimes=vat,
        net_centimes=net,
        matched_count=matched,
    )


_OURS = """
SELECT way, count(*), coalesce(sum(amount_centimes), 0) FROM payments_payment
WHERE company_id = %(company)s AND state = 'paid' AND accounted_on BETWEEN %(from_on)s AND %(to_on)s
    AND way IN ('web', 'card')
GROUP BY way
"""
# What went back past the gateway has never been on a card.
_OURS_BACK = """
SELECT p.way, count(*), coalesce(sum(r.amount_centimes), 0)
FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id
WHERE r.company_id = %(company)s AND r.state = 'done' AND NOT r.past_the_gateway AND p.way IN ('web', 'card')
    AND (r.ended_at AT TIME ZONE 'Africa/Algiers')::date BETWEEN %(from_on)s AND %(to_on)s
GROUP BY p.way
"""
_THEIRS = """
SELECT CASE WHEN p.way IS NOT NULL THEN p.way WHEN line.order_number <> '' OR length(line.reference) > 20 THEN 'web'
            ELSE 'card' END AS channel,
    coalesce(sum(coalesce(line.sale_count, 1)) FILTER (WHERE line.gross_centimes > 0), 0),
    coalesce(sum(line.gross_centimes) FILTER (WHERE line.gross_centimes > 0), 0),
    count(*) FILTER (WHERE line.gross_centimes < 0),
    coalesce(-sum(line.gross_centimes) FILTER (WHERE line.gross_centimes < 0), 0),
    coalesce(sum(line.fee_centimes), 0), coalesce(sum(line.vat_centimes), 0), coalesce(sum(line.net_centimes), 0),
    count(m.line_id)
FROM settlement_statementline line
JOIN settlement_statement s ON s.id = line.statement_id AND s.source = 'acquirer'
LEFT JOIN LATERAL (
    SELECT m.line_id, coalesce(m.payment_id, r.payment_id) AS payment_id
    FROM settlement_match m LEFT JOIN payments_refund r ON r.id = m.refund_id
    WHERE m.line_id = line.id ORDER BY m.id LIMIT 1
) m ON true
LEFT JOIN payments_payment p ON p.id = m.payment_id
WHERE line.company_id = %(company)s AND line.happened_on BETWEEN %(from_on)s AND %(to_on)s AND line.is_counted
    AND line.kind IN ('payment', 'refund', 'chargeback', 'cancellation', 'terminal_total')
GROUP BY channel
"""
_REMITTED = """
WITH of_day AS (
    SELECT line.remittance_id, sum(line.net_centimes) AS net
    FROM settlement_statementline line JOIN settlement_statement s ON s.id = line.statement_id
    WHERE line.company_id = %(company)s AND s.source = 'acquirer' AND line.is_counted
        AND line.happened_on BETWEEN %(from_on)s AND %(to_on)s
    GROUP BY line.remittance_id
)
SELECT coalesce(sum(of_day.net), 0), count(r.id),
    coalesce(sum(of_day.net) FILTER (WHERE r.credit_count > 0), 0), count(*) FILTER (WHERE r.credit_count > 0)
FROM of_day LEFT JOIN settlement_remittance r ON r.id = of_day.remittance_id
"""
