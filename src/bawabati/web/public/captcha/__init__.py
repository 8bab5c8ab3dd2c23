"""The captcha: a proof of work that the browser does by itself, or six digits to read or hear.

Both are made by us, ask nobody outside and set no cookie. A challenge belongs to one company, one action and one form,
lives ten minutes and is spent once. Decision: docs/decisions/0012-captcha.md

A form shows `captcha_context(…)` with `{% include "web/captcha.html" %}`; the view that takes the form asks
`picture_asked(request.POST)` first, then `captcha_passed(request.POST, …)`.
"""

from bawabati.web.public.captcha.form import CaptchaWrong, captcha_context, captcha_passed, picture_asked
from bawabati.web.public.captcha.occasion import Occasion

__all__ = ["CaptchaWrong", "Occasion", "captcha_context", "captcha_passed", "picture_asked"]
