"""What the commands of staff have in common: whose company, and a refusal said in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.core.management.base import CommandError

from bawabati.companies.models import Company
from bawabati.companies.reads import find_company
from bawabati.errors import CannotDo
from bawabati.money.amount import Money
from bawabati.money.typed import parse_amount
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff

LONGEST_DAYS = 3650
MINUTES_OF_A_DAY = 24 * 60


def company_of(code: object) -> Company:
    """The company of that code. Raises CommandError."""
    company = find_company(str(code))
    if company is None:
        raise CommandError(f"There is no company with the code {code}.")
    return company


def staff_of(login: object) -> Staff:
    """The person of that login. Raises CommandError; what he may do is the flow's question."""
    staff = find_staff(str(login))
    if staff is None:
        raise CommandError(f"Nobody with the login {login} works here.")
    return staff


def day_of(text: object) -> date:
    """A day of the calendar, e.g. 2026-11-22. Raises CommandError."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise CommandError(f"{text} is not a day: write it like 2026-11-22.") from None


def days_of(number: object, *, least: int = 1) -> int:
    """A number of days. Raises CommandError."""
    days = int(str(number))
    if not least <= days <= LONGEST_DAYS:
        raise CommandError(f"Days are a whole number from {least} to {LONGEST_DAYS}.")
    return days


def minutes_of(number: object) -> int:
    """A number of minutes, perhaps none. Raises CommandError."""
    minutes = int(str(number))
    if not 0 <= minutes <= LONGEST_DAYS * MINUTES_OF_A_DAY:
        raise CommandError(f"Minutes are a whole number from 0 to {LONGEST_DAYS * MINUTES_OF_A_DAY}.")
    return minutes


def amount_of(text: object) -> Money | None:
    """An amount as it was typed; None when none was. Raises AmountNotReadable and its kin."""
    return parse_amount(str(text)) if text else None


@contextmanager
def saying_why_not() -> Iterator[None]:
    """A refusal, or a file that cannot be opened or written, ends the command with a sentence."""
    try:
        yield
    except CannotDo as refusal:
        raise CommandError(str(refusal)) from refusal
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from error
