"""Whether letters could reach an address."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bawabati.companies.rules import SettingWrong


class NotAnEmail(SettingWrong):
    """Nobody could write there."""

    code: ClassVar[str] = "not_an_email"
    sentence: ClassVar[str] = "This is not an e-mail address."


def check_email(column: str, address: str) -> None:
    """Raises NotAnEmail."""
    try:
        validate_email(address)
    except ValidationError:
        raise NotAnEmail(column) from None
