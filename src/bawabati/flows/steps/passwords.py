"""What a password has to be. Rule: password (failures.md 5.2, 6.2)"""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from bawabati.people.models import Staff
from bawabati.people.rules import PasswordWeak


def check_new_password(password: str, staff: Staff) -> None:
    """Raises PasswordWeak. Which rules there are stands in `settings.AUTH_PASSWORD_VALIDATORS`."""
    try:
        validate_password(password, staff)
    except ValidationError as error:
        raise PasswordWeak from error
