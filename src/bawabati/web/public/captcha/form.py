"""The captcha in a form: what it shows, and whether what came back passes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from bawabati.errors import CannotDo
from bawabati.flows.spend_captcha import may_try_digits, spend_captcha
from bawabati.web.public.captcha.digits import new_ticket, read_ticket
from bawabati.web.public.captcha.occasion import LIFE, Occasion
from bawabati.web.public.captcha.picture import HEIGHT, WIDTH, picture_of
from bawabati.web.public.captcha.work import new_challenge, solved_challenge

PICTURE = "picture"


class CaptchaWrong(CannotDo):
    """The captcha was not passed: not done, wrong, too late, or done before."""

    code: ClassVar[str] = "captcha_wrong"
    sentence: ClassVar[str] = "The check that you are not a robot did not succeed. Please do it once more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Digits to read or to hear."""

    image: str
    width: int
    height: int
    ticket: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Captcha:
    """What `web/captcha.html` shows as `captcha`: work for the browser, or a picture for whoever asked for it."""

    challenge: str = ""
    picture: Picture | None = None


def captcha_context(
    *, occasion: Occasion, cost: int, language: str, post: Mapping[str, str] | None = None, now: datetime
) -> dict[str, Captcha]:
    """The captcha for a form, to be merged into its template's context. `cost` is the company's `captcha_cost`.

    `post` is the form when it is shown again: whoever chose the picture keeps getting pictures.
    """
    if post is not None and ("captcha_way" in post or "captcha_ticket" in post):
        ticket = new_ticket(occasion=occasion, now=now)
        image = picture_of(ticket.digits)
        picture = Picture(image=image, width=WIDTH, height=HEIGHT, ticket=ticket.text, language=language)
        return {"captcha": Captcha(picture=picture)}
    return {"captcha": Captcha(challenge=new_challenge(occasion=occasion, cost=cost, now=now))}


def picture_asked(post: Mapping[str, str]) -> bool:
    """Whether the button was pressed that asks for a picture: show the form again, and judge nothing of it."""
    return post.get("captcha_way") == PICTURE


def captcha_passed(post: Mapping[str, str], *, occasion: Occasion, now: datetime) -> bool:
    """Whether the form's captcha is solved, by work or by digits. True once for each challenge.

    Call it outside a transaction, when all else in the form is right, and not for a form that has already started
    what it asks for: pressing twice must not look like cheating.
    """
    if payload := post.get("captcha_work"):
        digest = solved_challenge(payload, occasion=occasion, now=now)
    else:
        digest = _answered_ticket(post, occasion, now)
    return digest is not None and spend_captcha(digest=digest, now=now, life=LIFE)


def _answered_ticket(post: Mapping[str, str], occasion: Occasion, now: datetime) -> str | None:
    ticket = read_ticket(post.get("captcha_ticket", ""), now=now)
    if ticket is None or not ticket.is_for(occasion):
        return None
    made_at = datetime.fromtimestamp(ticket.ends_at, tz=UTC) - LIFE
    may_try = may_try_digits(digest=ticket.digest, made_at=made_at)
    if not may_try or not ticket.is_answered_by(post.get("captcha_code", "")):
        return None
    return ticket.digest
