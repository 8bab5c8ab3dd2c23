"""The page that an accepted payment ends on: the receipt. satim.md 12.3, 12.4, 12.6"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_noop as _
from playwright.sync_api import TimeoutError as TookTooLong

from bawabati.jobs.acceptance import scenes
from bawabati.jobs.acceptance.checks.reading import has_currency, is_amount, shows, shows_help
from bawabati.jobs.acceptance.lines import Condition, Finding, Picture, failed, judged, not_checked
from bawabati.jobs.acceptance.said import say
from bawabati.jobs.acceptance.scenes import Outcome
from bawabati.jobs.acceptance.stage import LANGUAGES, Stage
from bawabati.jobs.acceptance.visit import plain
from bawabati.workdays import ALGIERS

_MOMENT: Final = re.compile(r"\b(\d\d)/(\d\d)/(\d{4}) (\d\d):(\d\d)\b")
_METHOD: Final = re.compile(r"CIB\s*/\s*Edahabia", re.IGNORECASE)
_ACQUIRER: Final = re.compile(r"SATIM|ساتيم", re.IGNORECASE)
_MOST_MINUTES_AGO: Final = 30
_MAIL_SECONDS: Final = 60


def receipt(stage: Stage) -> Outcome:
    """The accepted payment at whose receipt these lines look, in French."""
    seen = scenes.accepted(stage, LANGUAGES[0])
    if not seen.is_receipt:
        raise not_checked(
            say(_("The card that is to be accepted was not: there is no receipt to look at.")), pictures=[seen.picture]
        )
    return seen


def _line(condition: Callable[[Outcome], Condition]) -> Callable[[Stage], Finding]:
    """A line that one look at the receipt decides."""

    def check(stage: Stage) -> Finding:
        seen = receipt(stage)
        return judged(condition(seen), pictures=[seen.picture])

    return check


message = _line(lambda seen: shows(seen.text, plain(seen.recorded.message), name="respCode_desc"))
transaction = _line(lambda seen: shows(seen.text, seen.recorded.reference, name="orderId"))
order_number = _line(lambda seen: shows(seen.text, seen.recorded.order_number, name="orderNumber"))
approval_code = _line(lambda seen: shows(seen.text, seen.recorded.approval_code, name="approvalCode"))
help_number = _line(lambda seen: shows_help(seen.page_text))


@_line
def moment(seen: Outcome) -> Condition:
    """Date and time of the transaction, on Algerian clocks."""
    found = _MOMENT.search(seen.visit.page.locator(".receipt").inner_text())
    shown = found[0] if found else ""
    is_right = False
    if found and seen.recorded.confirmed_at:
        day, month, year, hour, minute = map(int, found.groups())
        with suppress(ValueError):
            said_at = datetime(year, month, day, hour, minute, tzinfo=ALGIERS)
            is_right = abs(said_at - seen.recorded.confirmed_at) < timedelta(minutes=_MOST_MINUTES_AGO)
    return Condition(
        is_right,
        say(_("Seen: %(value)s"), value=shown),
        say(_("The page does not show the moment of the transaction; it shows: %(value)s"), value=shown or "-"),
    )


@_line
def amount(seen: Outcome) -> Condition:
    """The amount with its centimes and the currency."""
    words = plain(" ".join(seen.visit.page.locator(".receipt .sum strong").all_inner_texts()))
    return Condition(
        is_amount(words, seen.recorded.amount) and has_currency(words),
        say(_("Seen: %(value)s"), value=words),
        say(
            _("The page shows %(words)s; paid were %(amount)s, to be shown with centimes and currency."),
            words=words or "-",
            amount=seen.recorded.amount,
        ),
    )


@_line
def method(seen: Outcome) -> Condition:
    """How it was paid."""
    found = _METHOD.search(seen.text)
    return Condition(
        found is not None,
        say(_("Seen: %(value)s"), value=found[0] if found else ""),
        say(_("Not on the page: %(value)s"), value="CIB / Edahabia"),
    )


@_line
def label(seen: Outcome) -> Condition:
    """No label names the acquirer."""
    naming = [words for words in seen.labels if _ACQUIRER.search(words)]
    return Condition(
        bool(seen.labels) and not naming,
        say(_("The labels of the receipt are: %(labels)s"), labels=", ".join(seen.labels[:7])),
        say(_("A label names the acquirer, or there are no labels: %(labels)s"), labels=", ".join(naming) or "-"),
    )


def merchant(stage: Stage) -> Finding:
    """Whose receipt it is."""
    seen = receipt(stage)
    named = plain(" ".join(seen.visit.page.locator(".receipt header").all_inner_texts()))
    return judged(
        Condition(
            plain(stage.company_names[seen.visit.language]) in named,
            say(_("Seen: %(value)s"), value=named),
            say(_("The receipt does not name the merchant; its head says: %(value)s"), value=named or "-"),
        ),
        pictures=[seen.picture],
    )


@_line
def status(seen: Outcome) -> Condition:
    """Whether the receipt says that the payment was accepted."""
    words = plain(" ".join(seen.visit.page.locator(".receipt .status").all_inner_texts()))
    return Condition(
        bool(words),
        say(_("Seen: %(value)s"), value=words),
        say(_("The receipt does not state the status of the transaction.")),
    )


def printing(stage: Stage) -> Finding:
    """A page of the receipt alone, which opens the print dialog."""
    seen = receipt(stage)
    with seen.visit.context.expect_page() as opened:
        seen.visit.page.locator("a[href*='/print/']").first.click()
    sheet = opened.value
    sheet.wait_for_load_state()
    with suppress(TookTooLong):
        sheet.wait_for_function("() => window.timesPrinted > 0", timeout=5_000)
    picture = seen.visit.camera.take(sheet, say(_("The page that prints")))
    words = plain(sheet.locator("body").inner_text())
    is_printing = bool(sheet.evaluate("() => window.timesPrinted > 0"))
    sheet.close()
    return judged(
        Condition(
            is_printing,
            say(_("“Print” opens the receipt alone and the browser's print dialog.")),
            say(_("“Print” opened no print dialog.")),
        ),
        _same_receipt(words, seen),
        shows_help(words),
        pictures=[picture],
    )


def pdf(stage: Stage) -> Finding:
    """A PDF that the payer keeps."""
    seen = receipt(stage)
    content, name = _download(seen, "receipt.pdf")
    is_pdf = content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]
    pictures = []
    if seen.visit.page.locator("a[href$='receipt.png']").count():
        as_picture, _name = _download(seen, "receipt.png")
        pictures.append(seen.visit.camera.keep(as_picture, say(_("The downloaded receipt, as the portal draws it"))))
    return judged(
        Condition(
            is_pdf,
            say(
                _("The file %(name)s was downloaded: a PDF of %(size)s KB."), name=name, size=str(len(content) // 1024)
            ),
            say(_("What was downloaded is no PDF: %(name)s"), name=name),
        ),
        pictures=pictures or [seen.picture],
    )


def email(stage: Stage) -> Finding:
    """The PDF sent to an address that the payer chooses."""
    seen = receipt(stage)
    page = seen.visit.page
    if not stage.email:
        raise not_checked(
            say(
                _("The form is on the page; nothing was sent, because no address was named with %(option)s."),
                option="--email",
            ),
            pictures=[seen.picture],
        )
    page.locator("#address").fill(stage.email)
    seen.visit.solve_captcha()
    page.locator("#email button.quiet").click()
    with suppress(TookTooLong):
        page.locator("#email [role=status]").wait_for()
    if page.locator("#email .error").count():
        words = plain(page.locator("#email .error").first.inner_text())
        raise failed(say(_("The portal did not send it: %(words)s"), words=words), pictures=[_shot(seen)])
    has_left = False
    for _second in range(_MAIL_SECONDS):
        has_left = stage.records.receipt_has_left(seen.recorded.payment_id)
        if has_left:
            break
        page.wait_for_timeout(1_000)
    has_arrived = stage.codes.mails_with_pdf(stage.email) if has_left else None
    page.reload()
    arrived = say(_("The mail server took the message with the PDF for %(address)s."), address=stage.email)
    missing = say(_("The message arrived without a PDF, or not at all."))
    if has_arrived:
        arrived = say(_("The message with the PDF arrived at %(address)s."), address=stage.email)
    return judged(
        Condition(
            has_left,
            arrived,
            say(_("No message left within a minute: does the worker run, and is the mail server set?")),
        ),
        *([Condition(False, arrived, missing)] if has_arrived is False else []),
        pictures=[_shot(seen)],
    )


def _shot(seen: Outcome) -> Picture:
    return seen.visit.take(_("The receipt's page after “Send the receipt”"))


def _same_receipt(words: str, seen: Outcome) -> Condition:
    facts = (seen.recorded.reference, seen.recorded.order_number, seen.recorded.approval_code)
    missing = [fact for fact in facts if fact not in words]
    return Condition(
        not missing,
        say(_("It shows the same identifiers as the page.")),
        say(_("It lacks what the page shows: %(values)s"), values=", ".join(missing)),
    )


def _download(seen: Outcome, name: str) -> tuple[bytes, str]:
    with seen.visit.page.expect_download() as download:
        seen.visit.page.locator(f"a[href$='{name}']").first.click()
    return Path(download.value.path()).read_bytes(), download.value.suggested_filename
