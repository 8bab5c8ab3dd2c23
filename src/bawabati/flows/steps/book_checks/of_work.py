"""What waits for somebody: attempts, messages, cases and jobs. Cheap enough for every few minutes."""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck

OF_WORK: Final = (
    BookCheck(
        name="not_asked_in_time",
        invariant="I10",
        sql="""
SELECT company_id, 'payment:' || id, 'is ' || state || ' and should have been asked about at ' || next_ask_at
FROM payments_payment WHERE next_ask_at < %(late)s
""",
    ),
    BookCheck(
        name="reservation_left_behind",
        invariant="I10",
        sql="""
SELECT company_id, 'reservation:' || id, 'is ' || state || ' and should have been looked at at ' || next_step_at
FROM payments_reservation WHERE next_step_at < %(late)s
""",
    ),
    BookCheck(
        name="in_doubt_too_long",
        invariant="I10",
        sql="""
SELECT company_id, 'payment:' || id, 'in doubt, its page was over at ' || page_ends_at
FROM payments_payment WHERE state = 'in_doubt' AND next_ask_at IS NOT NULL AND page_ends_at < %(doubtful)s
""",
    ),
    BookCheck(
        name="message_not_delivered",
        invariant="I10",
        sql="""
SELECT company_id, 'notice:' || id, kind || ' about ' || reference || ' is ' || state || ': ' || last_reason
FROM notices_notice WHERE state IN ('rejected', 'given_up') AND created_at > %(recent)s
""",
    ),
    BookCheck(
        name="message_waits_too_long",
        invariant="I10",
        sql="""
SELECT company_id, 'notice:' || id, kind || ' about ' || reference || ' waits since ' || created_at
FROM notices_notice WHERE state = 'waiting' AND (created_at < %(long_ago)s OR next_try_at IS NULL)
""",
    ),
    BookCheck(
        name="case_without_owner",
        invariant="I10",
        sql="""
SELECT c.company_id, 'case:' || c.id, c.kind || ' about ' || c.reference || ' belongs to ' || s.login
       || CASE WHEN s.is_system THEN ', which is nobody' ELSE ', who works here no more' END
FROM cases_case c JOIN people_staff s ON s.id = c.owner_id JOIN companies_company o ON o.id = c.company_id
WHERE c.state = 'open' AND (NOT s.is_active OR (s.is_system AND o.surplus_owner_login <> ''))
""",
    ),
    BookCheck(
        name="case_past_its_promise",
        invariant="I10",
        sql="""
SELECT company_id, 'case:' || id, kind || ' about ' || reference || ' was promised for ' || promised_on
FROM cases_case WHERE state = 'open' AND promised_on < %(today)s
""",
    ),
    # Jobs live by the database's own clock, and are younger than the moment for which a flow wished them.
    BookCheck(
        name="job_waits_too_long",
        invariant="I10",
        sql="""
SELECT NULL::bigint, 'job:' || j.id, j.task_name || ' in ' || j.queue_name || ' waits since ' || e.due
FROM procrastinate_jobs j
CROSS JOIN LATERAL (
    SELECT greatest(j.scheduled_at, min(at)) AS due FROM procrastinate_events WHERE job_id = j.id
) e
WHERE (j.status = 'todo' OR (j.status = 'doing' AND j.queue_name <> 'checks'))
  AND e.due < now() - %(lateness)s::interval
""",
    ),
    BookCheck(
        name="job_failed",
        invariant="I10",
        sql="""
SELECT NULL::bigint, 'job:' || j.id, j.task_name || ' in ' || j.queue_name || ' failed at ' || max(e.at)
FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'failed'
WHERE j.status = 'failed' GROUP BY j.id HAVING max(e.at) > now() - %(recency)s::interval
""",
    ),
)
