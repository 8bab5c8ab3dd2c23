"""The journal of a day or a period leaves as a file for the accountants, by SCF accounts."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO

from bawabati.adapters import registry
from bawabati.adapters.sheets.contract import Cell, Sheet
from bawabati.audit.writes import record_act
from bawabati.companies.models import Company
from bawabati.flows.steps.side_effects import read_at_one_instant, written_together
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.reports.reads import iterate_journal
from bawabati.reports.rules import HEAD, LATE, REASON_WORDS, TOTAL, JournalLine, JournalStyle, check_period

Translate = Callable[[str], str]


def export_journal(
    *,
    company: Company,
    first: date,
    last: date,
    style: JournalStyle,
    form: str,
    language: str,
    translate: Translate,
    staff: Staff,
    now: datetime,
) -> IO[bytes]:
    """The journal as a file, open at its beginning; it is written down who had it. In constant memory.

    The last line shows that debits and credits are equal. Rule: journal (algeria.md 4, 7)

    Raises:
        NotAllowed, PeriodWrong, PeriodTooLong.
    """
    by = get_staff_allowed(login=staff.login, action=Action.EXPORT_JOURNALS, company_id=company.id)
    check_period(first, last)
    with written_together("export_journal: noted"):
        record_act(
            staff_id=by.id,
            company_id=company.id,
            action="export_journal",
            target=f"journal:{first}:{last}",
            details={"style": style.value, "form": form},
            now=now,
        )
    into = TemporaryFile()  # noqa: SIM115 - the caller reads and closes it
    with read_at_one_instant():
        lines = iterate_journal(company_id=company.id, first=first, last=last, style=style)
        registry.sheet_writer(form).write(
            Sheet(
                title=f"{company.code} {first:%Y%m%d}-{last:%Y%m%d}",
                head=[translate(word) for word in HEAD],
                rows=_rows(lines, translate),
                made_at=now,
                language=language,
                for_people=True,
            ),
            into,
        )
    into.seek(0)
    return into


def _rows(lines: Iterable[JournalLine], translate: Translate) -> Iterator[list[Cell]]:
    count = debit = credit = 0
    for line in lines:
        count += line.count if line.debit_centimes else 0
        debit += line.debit_centimes
        credit += line.credit_centimes
        yield [
            line.entered_on,
            line.entry,
            line.account,
            line.holder,
            _what_for(line, translate),
            line.reference,
            line.accounted_on,
            line.count,
            Money(line.debit_centimes),
            Money(line.credit_centimes),
        ]
    yield [translate(TOTAL), "", "", "", "", "", "", count, Money(debit), Money(credit)]


def _what_for(line: JournalLine, translate: Translate) -> str:
    what = translate(REASON_WORDS[line.reason]) if line.reason in REASON_WORDS else line.reason
    return what if line.accounted_on == line.entered_on else translate(LATE) % {"what": what}
