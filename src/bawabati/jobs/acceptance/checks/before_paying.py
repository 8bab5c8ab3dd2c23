"""The page that holds the pay button, and the way from there. satim.md 12.2, 12.6"""

from __future__ import annotations

import re
import socket
import ssl
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _

from bawabati.jobs.acceptance import scenes
from bawabati.jobs.acceptance.checks.reading import has_currency, is_amount, shows_help
from bawabati.jobs.acceptance.lines import Condition, Finding, Result, failed, judged, not_checked
from bawabati.jobs.acceptance.said import Said, say
from bawabati.jobs.acceptance.stage import LANGUAGES, Stage
from bawabati.jobs.acceptance.tongue import tongue_of
from bawabati.jobs.acceptance.visit import Glimpse, plain
from bawabati.money.dates import display_day

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_TLS_SECONDS: Final = 15
_FEWEST_LETTERS_OF_TERMS: Final = 15
_MOST_QUOTED: Final = 3
_LONGEST_QUOTE: Final = 160


def tls(stage: Stage) -> Finding:
    """Whether a browser would trust the portal's certificate."""
    return trusted(stage.portal)


def trusted(portal: str) -> Finding:
    """The same of any address. Raises Stopped where it is not, or where nobody can tell."""
    parts = urlsplit(portal)
    host = parts.hostname or ""
    if parts.scheme != "https" and host in _LOOPBACK:
        raise not_checked(
            say(_("Not checked here: the portal runs without TLS on this machine. Repeat it on the real address."))
        )
    if parts.scheme != "https":
        raise failed(say(_("The portal is not served over TLS: its address begins with http.")))
    try:
        certificate, version = _certificate(host, parts.port or 443)
    except ssl.SSLCertVerificationError as error:
        raise failed(say(_("The certificate does not hold: %(why)s"), why=error.verify_message)) from error
    except OSError as error:
        raise failed(say(_("No TLS connection could be made: %(why)s"), why=str(error))) from error
    issuer = dict(pair for group in certificate["issuer"] for pair in group)
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), tz=UTC)
    said = say(
        _("The certificate of %(host)s, issued by %(issuer)s, is trusted and holds until %(day)s; %(version)s."),
        host=host,
        issuer=issuer.get("organizationName") or issuer.get("commonName") or "?",
        day=display_day(ends.date()),
        version=version,
    )
    return Finding(result=Result.PASSED, said=(said,))


def _certificate(host: str, port: int) -> tuple[dict[str, Any], str]:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=_TLS_SECONDS) as connection,
        context.wrap_socket(connection, server_hostname=host) as secured,
    ):
        return dict(secured.getpeercert() or {}), secured.version() or ""


def amount(stage: Stage) -> Finding:
    """Whether the final amount stands out, with its currency."""
    seen = scenes.review(stage)
    words, left = plain(seen.sum["words"]), seen.bill.left
    return judged(
        Condition(
            is_amount(words, left),
            say(_("The amount is shown: %(words)s"), words=words),
            say(_("The page shows %(words)s, but %(amount)s are to be paid."), words=words or "—", amount=left),
        ),
        Condition(
            has_currency(words),
            say(_("Its currency stands with it.")),
            say(_("The amount stands without its currency: %(words)s"), words=words or "—"),
        ),
        Condition(
            seen.sum["isBold"] or seen.sum["isLarger"],
            say(_("It is bold or larger than the text around it.")),
            say(_("The amount is neither bold nor larger than the text around it.")),
        ),
        pictures=[seen.picture],
    )


def terms(stage: Stage) -> Finding:
    """Whether both kinds of terms are there, and accepted by hand right before paying."""
    seen = scenes.review(stage)
    written = [one for one in seen.form["terms"] if one["letters"] >= _FEWEST_LETTERS_OF_TERMS]
    titles = ", ".join(plain(one["title"]) for one in written)
    return judged(
        Condition(
            len(written) >= 2,  # noqa: PLR2004 - of paying, and of selling
            say(_("The terms open on the page: %(titles)s"), titles=titles),
            say(_("The page lacks the payment terms or the sale terms; it has: %(titles)s"), titles=titles or "—"),
        ),
        Condition(
            seen.form["isUnticked"] and seen.form["isBeforeTheButton"],
            say(_("The box that accepts them comes empty and stands right before the button.")),
            say(_("No empty box that accepts the terms stands before the button.")),
        ),
        Condition(
            not seen.starts_without_terms,
            say(_("Without the box, pressing the button starts no payment.")),
            say(_("A payment starts although the terms were not accepted.")),
        ),
        pictures=[seen.picture, seen.refused_picture],
    )


def captcha(stage: Stage) -> Finding:
    """Whether a machine is kept from the button."""
    seen = scenes.review(stage)
    return judged(
        Condition(
            seen.form["hasCaptcha"],
            say(_("The captcha stands in the form of the button that pays.")),
            say(_("There is no captcha on the page with the button that pays.")),
        ),
        Condition(
            not seen.starts_without_captcha,
            say(_("Without solving it, pressing the button starts no payment.")),
            say(_("A payment starts although the captcha was not solved.")),
        ),
        pictures=[seen.picture],
    )


def mark(stage: Stage) -> Finding:
    """Whether the licensed mark is on the button."""
    seen = scenes.review(stage)
    return judged(
        Condition(
            seen.button["hasMark"],
            say(_("The mark is on the button; its text for the blind: %(words)s"), words=seen.button["markSays"]),
            say(
                _(
                    "The button shows neutral text in place of the mark. Obtain the file and the leave to use it from "
                    "your bank, then: %(command)s"
                ),
                command="bawabati upload-mark",
            ),
        ),
        pictures=[seen.picture],
    )


def button(stage: Stage) -> Finding:
    """Whether the button says what it does."""
    seen = scenes.review(stage)
    words = plain(seen.button["words"])
    return judged(
        Condition(
            is_amount(words, seen.bill.left) and bool(re.search(r"[^\W\d_]{3,}", words.replace("Edahabia", ""))),
            say(_("The button says: %(words)s"), words=words),
            say(_("The button does not say what is paid; it says: %(words)s"), words=words),
        ),
        pictures=[seen.picture],
    )


def window(stage: Stage) -> Finding:
    """Whether the acquirer's page stands alone in the window, on the acquirer's own host."""
    seen = scenes.accepted(stage, LANGUAGES[0])
    review = scenes.review(stage)
    framing = review.headers.get("content-security-policy", "") + review.headers.get("x-frame-options", "").lower()
    return judged(
        Condition(
            seen.gateway_is_top and seen.gateway_frames == 0 and review.window["frames"] == 0,
            say(_("The acquirer's page %(host)s stands alone in the window, without a frame."), host=seen.gateway_host),
            say(_("The acquirer's page stands in a frame, or holds one.")),
        ),
        Condition(
            seen.gateway_host in stage.page_hosts,
            say(_("It is one of the hosts that the merchant account allows.")),
            say(_("%(host)s is none of the hosts that the merchant account allows."), host=seen.gateway_host),
        ),
        Condition(
            "frame-ancestors 'none'" in framing or "deny" in framing,
            say(_("The portal forbids other sites to put it into a frame.")),
            say(_("The portal lets other sites put it into a frame.")),
        ),
        pictures=seen.before,
    )


def help_number(stage: Stage) -> Finding:
    """Whether the card holders' number is there before paying."""
    seen = scenes.review(stage)
    return judged(shows_help(seen.page_text), pictures=[seen.picture])


def one_language(stage: Stage, language: str) -> Finding:
    """Whether every page from the number to the result speaks `language`, with a payment and with a refusal."""
    visits = [scenes.accepted(stage, language)]
    refused = [card for card in stage.cards(accepted=False) if stage.language_of(card) == language]
    visits += [scenes.with_card(stage, card) for card in refused[:1]]
    glimpses = [glimpse for visit in visits for glimpse in visit.visit.glimpses]
    foreign = [fault for glimpse in glimpses for fault in _faults(glimpse, language)]
    pictures = [picture for visit in visits for picture in (*visit.before, visit.picture)]
    if foreign:
        return Finding(result=Result.FAILED, said=tuple(foreign[:_MOST_QUOTED]), pictures=tuple(pictures))
    said = say(
        _("%(count)s pages were read block by block, from the payment number to the result: all in this language."),
        count=str(len(glimpses)),
    )
    return Finding(result=Result.PASSED, said=(said,), pictures=tuple(pictures))


def _faults(glimpse: Glimpse, language: str) -> list[Said]:
    direction = "rtl" if language == "ar" else "ltr"
    faults = []
    if (glimpse.language, glimpse.direction) != (language, direction):
        faults.append(
            say(
                _("The page “%(page)s” declares the language %(lang)s and the direction %(direction)s."),
                page=glimpse.name,
                lang=glimpse.language or "—",
                direction=glimpse.direction or "—",
            )
        )
    foreign = (block for block in glimpse.blocks if tongue_of(block) not in {language, None})
    sentence = _("The page “%(page)s” speaks another language: %(words)s")
    return faults + [say(sentence, page=glimpse.name, words=block[:_LONGEST_QUOTE]) for block in foreign]
