"""Somebody writes down until when a contract, an authorisation or a declaration of the company holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import check_words
from bawabati.operations.models import Paper
from bawabati.operations.rules import PaperKind
from bawabati.operations.writes import write_paper
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action

LONGEST_NOTE = 120


class NoSuchPaper(CannotDo):
    """Not a kind that we know."""

    code: ClassVar[str] = "no_such_paper"
    sentence: ClassVar[str] = "Choose which contract or authorisation it is."


def note_paper(*, company_id: int, kind: str, ends_on: date, note: str, staff: Staff, now: datetime) -> Paper:
    """The newest word counts; the ones before are kept. Not safe to repeat: each call is a word.

    Raises:
        NotAllowed, NoSuchPaper, CardNumberTyped and its kin.
    """
    person = get_staff_allowed(login=staff.login, action=Action.NOTE_PAPERS, company_id=company_id)
    if kind not in set(PaperKind):
        raise NoSuchPaper
    note = check_words(note, longest=LONGEST_NOTE) if note else ""
    with written_together("note_paper: noted"):
        paper = write_paper(company_id=company_id, kind=PaperKind(kind), ends_on=ends_on, note=note, by=person, now=now)
        record_act(
            staff_id=person.id,
            company_id=company_id,
            action="note_paper",
            target=f"paper:{paper.id}",
            details={"kind": kind, "ends_on": ends_on.isoformat()},
            now=now,
        )
    return paper
