"""E-mail addresses as people type them."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bawabati.errors import CannotDo
from bawabati.web.public.typed import LONGEST


class EmailWrong(CannotDo):
    """Nothing could be delivered there."""

    code: ClassVar[str] = "email_wrong"
    sentence: ClassVar[str] = "This e-mail address is not complete. Please correct it."


def is_email(text: str) -> bool:
    """Whether a message could go there."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST
