"""One run of the list against one company's portal, from the wishes to the written report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.utils import translation

from bawabati.companies.models import Company, GatewayAccount
from bawabati.companies.reads import find_active_gateway_account
from bawabati.jobs.acceptance.bills_to_pay import BillsToPay, BillUnusable, bills_of
from bawabati.jobs.acceptance.browser import NoBrowser, open_browser
from bawabati.jobs.acceptance.camera import Camera
from bawabati.jobs.acceptance.codes import Codes, NotTheSandbox, SandboxPhone, StaticPasswords
from bawabati.jobs.acceptance.deck import PUBLISHED, DeckNotReadable, read_deck
from bawabati.jobs.acceptance.kept import About, KeptLine, NotOurs, keep, merged, read_kept
from bawabati.jobs.acceptance.lines import Requirement, Result
from bawabati.jobs.acceptance.records import Records
from bawabati.jobs.acceptance.report import write_reports
from bawabati.jobs.acceptance.run import Line, go_through
from bawabati.jobs.acceptance.stage import Stage
from bawabati.jobs.acceptance.the_list import the_list

_INBOX_OF_THE_SANDBOX = "acceptance@payer.example"


class CannotRun(Exception):  # noqa: N818 - an answer, as `CannotDo` is
    """The run cannot begin. The message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the operator asked for."""

    into: Path
    portal: str
    payment_numbers: tuple[str, ...]
    deck: Path | None
    sandbox: str
    email: str
    refund_asked_by: str
    refund_approved_by: str
    only: tuple[str, ...]
    browser: str


def run_cockpit(
    company: Company, wishes: Wishes, *, clock: Callable[[], datetime], tell: Callable[[str], object]
) -> Counter[Result]:
    """Checks the list and writes the report; how many lines of this run ended how. Raises CannotRun."""
    try:
        return _run(company, wishes, clock=clock, tell=tell)
    except (BillUnusable, DeckNotReadable, NoBrowser, NotOurs, NotTheSandbox) as refusal:
        raise CannotRun(str(refusal)) from refusal
    except OSError as error:
        raise CannotRun(f"{error.filename}: {error.strerror}") from error


def _run(
    company: Company, wishes: Wishes, *, clock: Callable[[], datetime], tell: Callable[[str], object]
) -> Counter[Result]:
    if not (wishes.sandbox or wishes.payment_numbers):
        # A refused card keeps a bill from its customer for a while, and an accepted one settles it.
        raise CannotRun(
            "Name the bills to pay with --payment-number: without --sandbox none is taken from the customers."
        )
    deck = read_deck(wishes.deck or PUBLISHED)
    requirements = the_list(deck)
    wanted = _wanted(requirements, wishes.only)
    account = find_active_gateway_account(company.id)
    if account is None:
        raise CannotRun(f"{company.code} has no merchant account.")
    bills = BillsToPay(bills_of(company, named=wishes.payment_numbers))
    codes: Codes = SandboxPhone(wishes.sandbox) if wishes.sandbox else StaticPasswords()
    with ExitStack() as open_things:
        if isinstance(codes, SandboxPhone):
            open_things.enter_context(codes.playing_the_printed_deck())
        records = open_things.enter_context(Records(company_id=company.id, gateway_account_id=account.id))
        browser = open_things.enter_context(open_browser(wishes.browser))
        about = _about(company, account, wishes, browser_version=browser.version)
        before = read_kept(wishes.into, about=about) if wishes.only else []
        first_number = 1 + max((picture.number for line in before for picture in line.pictures), default=0)
        stage = Stage(
            browser=browser,
            camera=Camera(wishes.into, first_number=first_number),
            records=records,
            codes=codes,
            deck=deck,
            bills=bills,
            portal=wishes.portal,
            company_code=company.code,
            company_names=about.company_names,
            page_hosts=tuple(account.page_hosts),
            refund_asked_by=wishes.refund_asked_by,
            refund_approved_by=wishes.refund_approved_by,
            email=wishes.email or (_INBOX_OF_THE_SANDBOX if wishes.sandbox else ""),
        )
        lines = go_through(stage, wanted, clock=clock, tell=lambda line: tell(_told(line)))
        now_kept = [KeptLine.of(line) for line in lines]
        whole = merged(before, now_kept, order=[requirement.id for requirement in requirements])
        keep(wishes.into, about=about, lines=whole)
        written = write_reports(wishes.into, about=about, lines=whole, browser=browser, now=clock())
    counts = Counter(line.finding.result for line in lines)
    tell(", ".join(f"{counts[result]} {result.replace('_', ' ')}" for result in Result))
    tell("\n".join(str(path) for path in written))
    return counts


def _wanted(requirements: Sequence[Requirement], only: Sequence[str]) -> list[Requirement]:
    known = [requirement.id for requirement in requirements]
    unknown = [name for name in only if name not in known]
    if unknown:
        raise CannotRun(f"There is no line {', '.join(unknown)}. The lines are: {', '.join(known)}.")
    return [requirement for requirement in requirements if not only or requirement.id in only]


def _about(company: Company, account: GatewayAccount, wishes: Wishes, *, browser_version: str) -> About:
    return About(
        company_code=company.code,
        company_names={"ar": company.name_ar, "fr": company.name_fr, "en": company.name_en},
        legal_form=company.legal_form,
        portal=wishes.portal,
        gateway=account.base_url,
        is_rehearsal=bool(wishes.sandbox),
        version=version("bawabati"),
        browser=browser_version,
    )


def _told(line: Line) -> str:
    """One line for the terminal, in English as every command."""
    finding = line.finding
    with translation.override("en"):
        why = "" if finding.result is Result.PASSED else "".join(f"\n    {said.plain()}" for said in finding.said)
    return f"{finding.result.replace('_', ' '):12}{line.requirement.id}{why}"
