"""The page that a refused payment ends on. satim.md 12.5, 12.6, 6.8"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bawabati.jobs.acceptance import scenes
from bawabati.jobs.acceptance.checks.reading import has_currency, is_amount, shows_help
from bawabati.jobs.acceptance.lines import Condition, Finding, judged, not_checked
from bawabati.jobs.acceptance.said import Said, say
from bawabati.jobs.acceptance.scenes import Outcome
from bawabati.jobs.acceptance.stage import Stage
from bawabati.jobs.acceptance.visit import plain


def refusal(stage: Stage, *, by_issuer: bool = True) -> Outcome:
    """A refused payment: one for which the issuer gave its own words, or one without them."""
    for card in stage.cards(accepted=False):
        if any(len(code) == 2 for code in card.answers) is by_issuer:  # noqa: PLR2004 - respCode has two characters
            seen = scenes.with_card(stage, card)
            if not seen.is_receipt and bool(seen.recorded.response_code) is by_issuer:
                return seen
    raise not_checked(say(_("No card of the deck brought such a refusal.")))


def reason(stage: Stage) -> Finding:
    """What the issuer said."""
    seen = refusal(stage)
    return judged(
        gives_reason(seen),
        Condition(
            bool(seen.recorded.message) and plain(seen.recorded.message) in seen.text,
            say(_("The issuer's own words stand beside it: %(words)s"), words=seen.recorded.message),
            say(_("The issuer's own words are not on the page: %(words)s"), words=seen.recorded.message or "—"),
        ),
        pictures=[seen.picture],
    )


def fallback(stage: Stage) -> Finding:
    """What is said where the issuer said nothing: the gateway speaks English alone there."""
    seen = refusal(stage, by_issuer=False)
    words = plain(seen.recorded.message)
    if words and words in seen.text:
        own = say(_("The page shows actionCodeDescription: %(words)s"), words=words)
    else:
        own = say(
            _("The page says it in its own language, from action code %(code)s; the gateway's words: %(words)s"),
            code=seen.recorded.action_code or "—",
            words=words or "—",
        )
    return judged(gives_reason(seen), Condition(bool(seen.recorded.action_code), own, own), pictures=[seen.picture])


def amount(stage: Stage) -> Finding:
    """What was not paid."""
    seen = refusal(stage)
    return judged(
        Condition(
            is_amount(seen.text, seen.recorded.amount) and has_currency(seen.text),
            say(_("Seen: %(value)s"), value=seen.recorded.amount),
            say(_("The amount is not on the page: %(value)s"), value=seen.recorded.amount),
        ),
        pictures=[seen.picture],
    )


def help_number(stage: Stage) -> Finding:
    """Whom to call."""
    seen = refusal(stage)
    return judged(shows_help(seen.page_text), pictures=[seen.picture])


def no_identifiers(stage: Stage) -> Finding:
    """Neither order number nor transaction identifier, as SATIM asked in 2026."""
    seen = refusal(stage)
    shown = [value for value in (seen.recorded.order_number, seen.recorded.reference) if value in seen.page_text]
    return judged(
        Condition(
            not shown,
            say(_("Neither the order number nor the transaction identifier is on the page.")),
            say(_("The page shows what it must not: %(values)s"), values=", ".join(shown)),
        ),
        pictures=[seen.picture],
    )


def not_paid(stage: Stage) -> Finding:
    """A refused payment is never shown or kept as paid, and the bill can be paid again."""
    seen = refusal(stage)
    return judged(is_not_paid(seen), pictures=[seen.picture])


def gives_reason(seen: Outcome) -> Condition:
    """The page says why, in a sentence."""
    words = plain(" ".join(seen.visit.page.locator("main .lead").all_inner_texts()))
    return Condition(
        bool(words),
        say(_("The page gives the reason: %(words)s"), words=words),
        say(_("The page gives no reason for the refusal.")),
    )


def is_not_paid(seen: Outcome) -> Condition:
    """Neither the page nor the rows call it paid."""
    codes: Said = say(_("The payment is not marked as paid, on the page or in the books."))
    return Condition(
        not seen.is_receipt and not seen.recorded.is_paid,
        codes,
        say(_("A payment that should have been refused is shown or kept as paid.")),
    )
