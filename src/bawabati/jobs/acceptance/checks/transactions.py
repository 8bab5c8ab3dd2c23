"""Every card of the deck, the way to the acquirer's server, and the payer who cancels. satim.md 12.7, 6.7"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bawabati.jobs.acceptance import scenes
from bawabati.jobs.acceptance.checks.reading import shows_help
from bawabati.jobs.acceptance.checks.refused import gives_reason, is_not_paid
from bawabati.jobs.acceptance.deck import Card, Scenario
from bawabati.jobs.acceptance.lines import Condition, Finding, judged, not_checked
from bawabati.jobs.acceptance.said import Said, say
from bawabati.jobs.acceptance.scenes import Outcome
from bawabati.jobs.acceptance.stage import LANGUAGES, Stage


def connectivity(stage: Stage) -> Finding:
    """Our server reached theirs: an order was opened, and their page opened for it."""
    seen = scenes.accepted(stage, LANGUAGES[0])
    return judged(
        Condition(
            bool(seen.recorded.reference),
            say(
                _("The acquirer's server opened the order %(reference)s, and its page %(host)s opened for it."),
                reference=seen.recorded.reference,
                host=seen.gateway_host,
            ),
            say(_("The acquirer's server opened no order.")),
        ),
        pictures=seen.before,
    )


def card_of(stage: Stage, card: Card) -> Finding:
    """One card of the deck."""
    return _accepted(stage, card) if card.is_accepted else _refused(stage, card)


def _accepted(stage: Stage, card: Card) -> Finding:
    seen = scenes.with_card(stage, card)
    reason = seen.recorded.message or ", ".join(sorted(seen.recorded.codes)) or "—"
    return judged(
        Condition(
            seen.is_receipt and seen.recorded.is_paid,
            say(
                _("Card %(card)s: accepted, authorisation code %(code)s; the receipt is shown."),
                card=card.masked,
                code=seen.recorded.approval_code,
            ),
            say(_("Card %(card)s was not accepted: %(why)s"), card=card.masked, why=reason),
        ),
        pictures=[*seen.before, seen.picture],
    )


def _refused(stage: Stage, card: Card) -> Finding:
    seen = scenes.with_card(stage, card)
    pictures = [*seen.before, seen.picture]
    if seen.is_receipt and seen.recorded.is_paid:
        raise not_checked(
            say(
                _("The acquirer's environment accepted card %(card)s, so that this refusal could not be seen."),
                card=card.masked,
            ),
            pictures=pictures,
        )
    if card.answers and not seen.recorded.codes & set(card.answers):
        raise not_checked(
            say(
                _("Card %(card)s was refused for another reason than this line's: %(codes)s instead of %(wanted)s."),
                card=card.masked,
                codes=", ".join(sorted(seen.recorded.codes)) or "—",
                wanted=", ".join(card.answers),
            ),
            pictures=pictures,
        )
    answered = _answered(card, seen)
    conditions = [
        Condition(True, answered, answered),
        is_not_paid(seen),
        gives_reason(seen),
        shows_help(seen.page_text),
    ]
    if card.scenario is Scenario.WRONG_PASSWORD:
        conditions.insert(
            1,
            Condition(
                seen.stayed_after_wrong_password,
                say(_("The wrong password was not taken; the payer then cancelled.")),
                say(_("The wrong password ended the payment at once.")),
            ),
        )
    return judged(*conditions, pictures=pictures)


def _answered(card: Card, seen: Outcome) -> Said:
    return say(
        _("Card %(card)s: refused with respCode %(response)s, actionCode %(action)s."),
        card=card.masked,
        response=seen.recorded.response_code or "—",
        action=seen.recorded.action_code or "—",
    )


def cancelling(stage: Stage) -> Finding:
    """The payer presses “Cancel” on the acquirer's page."""
    seen = scenes.cancelled(stage)
    return judged(
        is_not_paid(seen), gives_reason(seen), shows_help(seen.page_text), pictures=[*seen.before, seen.picture]
    )
