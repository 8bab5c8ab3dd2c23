"""The figures of the table of measures, as the database has them now. A statement each; none reads what has ended."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection

from bawabati.operations.models import Pulse
from bawabati.operations.reads import list_pulses

SILENT_AFTER: Final = timedelta(seconds=90)
"""A bridge reports every thirty seconds."""
RECENT: Final = timedelta(days=2)
NEVER_SECONDS: Final = 10 * 365 * 24 * 60 * 60.0
"""How long ago something is that never happened: beyond every threshold."""

STATEMENTS: Final[Mapping[str, str]] = {
    "bawabati_jobs_waiting": """
SELECT q.name, count(j.id) FROM unnest(%(queues)s::text[]) q (name)
LEFT JOIN procrastinate_jobs j
  ON j.queue_name = q.name AND j.status = 'todo' AND coalesce(j.scheduled_at, %(now)s) <= %(now)s
GROUP BY 1 ORDER BY 1
""",
    "bawabati_jobs_oldest_seconds": """
SELECT q.name, coalesce(max(extract(epoch FROM %(now)s - coalesce(j.scheduled_at, (
           SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id
       )))), 0)
FROM unnest(%(queues)s::text[]) q (name)
LEFT JOIN procrastinate_jobs j
  ON j.queue_name = q.name AND j.status = 'todo' AND coalesce(j.scheduled_at, %(now)s) <= %(now)s
GROUP BY 1 ORDER BY 1
""",
    "bawabati_jobs_failed": """
SELECT q.name, count(j.id) FROM unnest(%(queues)s::text[]) q (name)
LEFT JOIN procrastinate_jobs j ON j.queue_name = q.name AND j.status = 'failed' GROUP BY 1 ORDER BY 1
""",
    "bawabati_attempts_open": """
SELECT c.code, p.state, count(*) FROM payments_payment p JOIN companies_company c ON c.id = p.company_id
WHERE p.next_ask_at IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
""",
    "bawabati_attempts_late_seconds": """
SELECT c.code, greatest(0, coalesce(extract(epoch FROM %(now)s - (
    SELECT min(p.next_ask_at) FROM payments_payment p WHERE p.company_id = c.id AND p.next_ask_at < %(now)s
)), 0)) FROM companies_company c ORDER BY 1
""",
    "bawabati_attempts_in_doubt_seconds": """
SELECT c.code, greatest(0, coalesce(extract(epoch FROM %(now)s - (
    SELECT min(p.page_ends_at) FROM payments_payment p
    WHERE p.company_id = c.id AND p.next_ask_at IS NOT NULL AND p.state = 'in_doubt'
)), 0)) FROM companies_company c ORDER BY 1
""",
    "bawabati_refunds_open": """
SELECT c.code, r.state, count(*) FROM payments_refund r JOIN companies_company c ON c.id = r.company_id
WHERE r.state IN ('requested', 'approved', 'refunding', 'manual') GROUP BY 1, 2 ORDER BY 1, 2
""",
    "bawabati_refunds_at_work_seconds": """
SELECT c.code, coalesce((
    SELECT max(extract(epoch FROM %(now)s - e.at)) FROM payments_refund r
    JOIN payments_refundevent e ON e.refund_id = r.id AND e.to_state = 'approved'
    WHERE r.company_id = c.id AND r.next_step_at IS NOT NULL
), 0) FROM companies_company c ORDER BY 1
""",
    "bawabati_gateway_answer_seconds": """
SELECT c.code, w.quantile::text, percentile_cont(w.quantile) WITHIN GROUP (ORDER BY x.milliseconds) / 1000.0
FROM (SELECT * FROM payments_exchange ORDER BY id DESC LIMIT 1000) x
JOIN companies_company c ON c.id = x.company_id CROSS JOIN (VALUES (0.5), (0.95)) w (quantile)
WHERE x.at > %(lately)s AND x.verb <> 'callback' GROUP BY 1, 2, w.quantile ORDER BY 1, 2
""",
    "bawabati_gateway_unanswered_ratio": """
SELECT c.code, avg((x.outcome LIKE 'unknown%%')::int)
FROM (SELECT * FROM payments_exchange ORDER BY id DESC LIMIT 1000) x JOIN companies_company c ON c.id = x.company_id
WHERE x.at > %(lately)s AND x.verb <> 'callback' GROUP BY 1 ORDER BY 1
""",
    "bawabati_notices_failed": """
SELECT c.code, (
    SELECT count(*) FROM notices_notice n
    WHERE n.company_id = c.id AND n.state IN ('rejected', 'given_up') AND n.created_at > %(recent)s
) FROM companies_company c ORDER BY 1
""",
    "bawabati_notices_late_seconds": """
SELECT c.code, greatest(0, coalesce(extract(epoch FROM %(now)s - (
    SELECT min(n.created_at) FROM notices_notice n
    WHERE n.company_id = c.id AND n.state = 'waiting' AND n.next_try_at <= %(now)s
)), 0)) FROM companies_company c ORDER BY 1
""",
    "bawabati_webhooks_untold": """
SELECT c.code, (
    SELECT count(*) FROM notices_endpoint e WHERE e.company_id = c.id AND e.ended_at IS NULL AND (
        e.disabled_at IS NOT NULL
        OR EXISTS (SELECT FROM notices_delivery d WHERE d.endpoint_id = e.id AND d.state = 'given_up')
    )
) FROM companies_company c ORDER BY 1
""",
    "bawabati_bridges_silent": """
SELECT c.code, (
    SELECT count(*) FROM companies_bridge b WHERE b.company_id = c.id AND b.is_active AND b.enrolled_at IS NOT NULL
    AND (b.last_contact_at IS NULL OR b.last_contact_at < %(bridge_silent)s)
) FROM companies_company c ORDER BY 1
""",
    "bawabati_statements_missing": """
SELECT c.code, (
    SELECT count(*) FROM settlement_difference d
    WHERE d.company_id = c.id AND d.state <> 'ended' AND d.kind = 'missing_file'
) FROM companies_company c ORDER BY 1
""",
    "bawabati_differences_open": """
SELECT c.code, (SELECT count(*) FROM settlement_difference d WHERE d.company_id = c.id AND d.state <> 'ended')
FROM companies_company c ORDER BY 1
""",
    "bawabati_cases_overdue": """
SELECT c.code, (
    SELECT count(*) FROM cases_case k WHERE k.company_id = c.id AND k.state = 'open' AND k.promised_on < %(today)s
) FROM companies_company c ORDER BY 1
""",
    "bawabati_audit_unsealed_seconds": """
SELECT greatest(0, coalesce(extract(epoch FROM %(now)s - (
    SELECT min(at) FROM audit_auditentry WHERE id > coalesce((SELECT max(last_id) FROM audit_auditblock), 0)
)), 0))
""",
    "bawabati_backup_age_seconds": """
SELECT coalesce(extract(epoch FROM %(now)s - (SELECT max(made_at) FROM operations_backup)), %(never)s)
""",
    "bawabati_quarantine": "SELECT count(*) FROM operations_restoration WHERE left_at IS NULL",
    "bawabati_paper_days_left": """
SELECT c.code, p.kind, p.ends_on - %(today)s::date FROM (
    SELECT DISTINCT ON (company_id, kind) * FROM operations_paper ORDER BY company_id, kind, id DESC
) p JOIN companies_company c ON c.id = p.company_id ORDER BY 1, 2
""",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure: its labels in the order of the measure's."""

    measure: str
    labels: tuple[str, ...]
    value: float


def read_measures(*, queues: list[str], today: date, now: datetime) -> Iterator[Reading]:
    """Every figure of the table of measures."""
    values: dict[str, Any] = {
        "now": now,
        "lately": now - timedelta(minutes=10),
        "recent": now - RECENT,
        "bridge_silent": now - SILENT_AFTER,
        "today": today,
        "queues": queues,
        "never": NEVER_SECONDS,
    }
    with connection.cursor() as cursor:
        for measure, sql in STATEMENTS.items():
            cursor.execute(sql, {name: value for name, value in values.items() if f"%({name})s" in sql})
            for *labels, value in cursor.fetchall():
                yield Reading(measure, tuple(str(label) for label in labels), float(value))
    yield from _of_pulses({pulse.name: pulse for pulse in list_pulses()}, now)
    disk = shutil.disk_usage(settings.STATIC_ROOT.parent if settings.STATIC_ROOT.parent.exists() else "/")
    yield Reading("bawabati_disk_free_ratio", (), round(disk.free / disk.total, 4))


def _of_pulses(pulses: Mapping[str, Pulse], now: datetime) -> Iterator[Reading]:
    """What programs have seen when they last gave a sign of life."""
    worker = pulses.get("worker")
    silent = (now - worker.at).total_seconds() if worker else NEVER_SECONDS
    yield Reading("bawabati_worker_silent_seconds", (), max(0.0, silent))
    for code, since in _seen(worker, "silent_gateways").items():
        seconds = (now - datetime.fromisoformat(since)).total_seconds() if since else 0.0
        yield Reading("bawabati_gateway_silent_seconds", (code,), max(0.0, seconds))
    for check in ("all", "waiting", "moved"):
        pulse = pulses.get(f"books:{check}")
        if pulse is not None:
            yield Reading("bawabati_book_differences", (check,), float(pulse.seen.get("differences", 0)))
        age = (now - pulse.at).total_seconds() if pulse else NEVER_SECONDS
        yield Reading("bawabati_book_check_age_seconds", (check,), max(0.0, age))
    certificate = pulses.get("certificate")
    if certificate is not None and certificate.seen.get("ends_at"):
        left = datetime.fromisoformat(certificate.seen["ends_at"]) - now
        yield Reading("bawabati_certificate_days_left", (), round(left.total_seconds() / 86400, 2))


def _seen(pulse: Pulse | None, name: str) -> dict[str, Any]:
    return dict(pulse.seen.get(name, {})) if pulse else {}
