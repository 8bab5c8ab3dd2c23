"""How the installation is: every figure, the alarms that ring, and the jobs that failed with their words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, connection

from bawabati.audit.writes import record_act
from bawabati.defer import Queue, repeat_failed_job
from bawabati.errors import CannotDo
from bawabati.flows.steps.measured import Reading, read_measures
from bawabati.flows.steps.side_effects import written_together
from bawabati.operations.rules import ALARMS, MEASURES, Alarm
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.workdays import accounting_day

FAILED_AT_MOST: Final = 50
TABLES: Final = {
    "notice_id": "notices_notice",
    "payment_id": "payments_payment",
    "refund_id": "payments_refund",
    "upload_id": "bills_billupload",
    "statement_id": "settlement_statement",
    "file_id": "payments_channelfile",
}
"""What the jobs of flows are about, by the name of their argument; a test holds it complete."""
OF_THE_COMPANY: Final = " OR ".join(
    f"EXISTS (SELECT FROM {table} t WHERE t.company_id = %(company)s AND t.id = (j.args ->> '{name}')::bigint)"
    for name, table in TABLES.items()
)
OF_NOBODY: Final = f"NOT j.args ?| ARRAY[{', '.join(repr(name) for name in TABLES)}]"
SEEN: Final = f"j.status = 'failed' AND ({OF_NOBODY} OR {OF_THE_COMPANY})"
FAILED_JOBS: Final = f"""
SELECT j.id, j.queue_name, j.task_name, j.args, j.attempts, (
    SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id
), (SELECT p.seen ->> 'words' FROM operations_pulse p WHERE p.name = 'job:' || j.id)
FROM procrastinate_jobs j WHERE {SEEN} ORDER BY j.id DESC LIMIT %(most)s
"""  # noqa: S608 - made of the table above alone
IS_SEEN: Final = f"""
SELECT count(*) FROM procrastinate_jobs j WHERE j.id = %(job)s AND {SEEN}
"""  # noqa: S608 - made of the table above alone
LABELS: Final = {measure.name: measure.by for measure in MEASURES}


class NoSuchJob(CannotDo):
    """It has been done meanwhile, or forgotten."""

    code = "no_such_job"
    sentence = "This job is not among the failed ones any more."


@dataclass(frozen=True, slots=True)
class Ringing:
    """An alarm, and the figure that makes it ring."""

    alarm: Alarm
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedJob:
    """A job that failed. `about`: its identifiers; `words`: what went wrong. Never a person's data."""

    id: int
    queue: str
    task: str
    about: dict[str, Any]
    attempts: int
    at: datetime | None
    words: str


def read_figures(*, now: datetime) -> list[Reading]:
    """Every figure. Changes nothing; cheap enough for every fifteen seconds."""
    return list(read_measures(queues=[queue.value for queue in Queue], today=accounting_day(now), now=now))


def ringing(readings: Iterable[Reading]) -> list[Ringing]:
    """The alarms whose threshold is passed now, the urgent ones first. Rule: alarms (failures.md 2.2, 2.3, 2.4)"""
    found = [
        Ringing(alarm, reading)
        for alarm in ALARMS
        for reading in readings
        if reading.measure == alarm.measure and _is_about(alarm, reading) and alarm.rings(reading.value)
    ]
    return sorted(found, key=lambda each: each.alarm.level.value)


def list_failed_jobs(company_id: int) -> list[FailedJob]:
    """The newest that failed and that nobody did again: of that company, and of the installation as a whole.

    Rule: failed-jobs (behaviour.md 1, I13)
    """
    with connection.cursor() as cursor:
        cursor.execute(FAILED_JOBS, {"company": company_id, "most": FAILED_AT_MOST})
        return [
            FailedJob(
                id=job_id,
                queue=queue,
                task=task,
                about={name: value for name, value in _arguments(arguments).items() if name != "timestamp"},
                attempts=attempts,
                at=at,
                words=words or "",
            )
            for job_id, queue, task, arguments, attempts, at, words in cursor.fetchall()
        ]


def do_job_again(*, job_id: int, company_id: int | None, staff: Staff, now: datetime) -> None:
    """Every job of ours is safe to repeat. Safe to race: it is put back once.

    Raises:
        NotAllowed, NoSuchJob.
    """
    person = get_staff_allowed(login=staff.login, action=Action.REPEAT_JOB, company_id=company_id)
    try:
        with written_together("do_job_again: put back"):
            if not _is_seen(job_id, company_id) or not repeat_failed_job(job_id):
                raise NoSuchJob
            record_act(
                staff_id=person.id,
                company_id=company_id,
                action="repeat_job",
                target=f"job:{job_id}",
                details={},
                now=now,
            )
    except IntegrityError:
        raise NoSuchJob from None  # another of its kind waits already, and one is enough


def _is_seen(job_id: int, company_id: int | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(IS_SEEN, {"company": company_id, "job": job_id})
        return bool(cursor.fetchone() == (1,))


def _is_about(alarm: Alarm, reading: Reading) -> bool:
    labels = dict(zip(LABELS[reading.measure], reading.labels, strict=True))
    return all(labels.get(name) == value for name, value in alarm.only)


def _arguments(found: str | dict[str, Any]) -> dict[str, Any]:
    return found if isinstance(found, dict) else dict(json.loads(found))
