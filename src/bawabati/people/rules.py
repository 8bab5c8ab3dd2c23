"""Who may do what, what takes two people, and what a sign-in has to prove."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from bawabati.errors import CannotDo
from bawabati.money.dates import display_moment


class Role(StrEnum):
    """What a person is in a company, an agency, or nationally."""

    CASHIER = "cashier"
    AGENCY_HEAD = "agency_head"
    FINANCE = "finance"
    DIRECTOR = "director"
    COMMUNICATION = "communication"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    COORDINATOR = "coordinator"


class Action(StrEnum):
    """What a person may be allowed to do. An action that is not in `ALLOWED` is allowed to nobody."""

    IMPORT_BILLS = "import_bills"
    CHECK_BOOKS = "check_books"
    SEE_PAYMENTS = "see_payments"
    ASK_REFUND = "ask_refund"
    APPROVE_REFUND = "approve_refund"
    OWN_CASE = "own_case"
    CHANGE_COMPANY = "change_company"
    CHANGE_TEXTS = "change_texts"
    CHANGE_STAFF = "change_staff"
    ASK_FACTOR_RESET = "ask_factor_reset"
    APPROVE_FACTOR_RESET = "approve_factor_reset"
    ASK_GATEWAY_CHANGE = "ask_gateway_change"
    APPROVE_GATEWAY_CHANGE = "approve_gateway_change"
    PRINT_RECEIPT = "print_receipt"
    APPLY_CREDIT = "apply_credit"
    RELEASE_HOLD = "release_hold"
    TAKE_PAYMENT = "take_payment"
    """At a desk: open a session, take money, close the session."""
    SEE_AGENCY = "see_agency"
    RESOLVE_SALE = "resolve_sale"
    CONFIRM_SALE = "confirm_sale"
    REVERSE_SALE = "reverse_sale"
    SIGN_CLOSING = "sign_closing"
    MANAGE_READERS = "manage_readers"


ALLOWED: dict[Action, frozenset[Role]] = {
    Action.IMPORT_BILLS: frozenset({Role.OPERATOR, Role.FINANCE}),
    Action.CHECK_BOOKS: frozenset({Role.OPERATOR, Role.FINANCE, Role.AUDITOR}),
    Action.SEE_PAYMENTS: frozenset({Role.FINANCE, Role.AUDITOR, Role.AGENCY_HEAD, Role.OPERATOR}),
    Action.ASK_REFUND: frozenset({Role.FINANCE, Role.AGENCY_HEAD}),
    Action.APPROVE_REFUND: frozenset({Role.FINANCE, Role.DIRECTOR}),
    Action.OWN_CASE: frozenset({Role.FINANCE, Role.AGENCY_HEAD}),
    Action.CHANGE_COMPANY: frozenset({Role.ADMINISTRATOR, Role.OPERATOR}),
    Action.CHANGE_TEXTS: frozenset({Role.COMMUNICATION, Role.ADMINISTRATOR}),
    Action.CHANGE_STAFF: frozenset({Role.ADMINISTRATOR}),
    Action.ASK_FACTOR_RESET: frozenset({Role.ADMINISTRATOR}),
    Action.APPROVE_FACTOR_RESET: frozenset({Role.ADMINISTRATOR}),
    Action.ASK_GATEWAY_CHANGE: frozenset({Role.ADMINISTRATOR, Role.FINANCE}),
    Action.APPROVE_GATEWAY_CHANGE: frozenset({Role.ADMINISTRATOR, Role.FINANCE, Role.DIRECTOR}),
    Action.PRINT_RECEIPT: frozenset({Role.CASHIER, Role.AGENCY_HEAD, Role.FINANCE}),
    Action.APPLY_CREDIT: frozenset({Role.FINANCE}),
    Action.RELEASE_HOLD: frozenset({Role.FINANCE, Role.AGENCY_HEAD}),
    Action.TAKE_PAYMENT: frozenset({Role.CASHIER, Role.AGENCY_HEAD}),
    Action.SEE_AGENCY: frozenset({Role.AGENCY_HEAD, Role.FINANCE, Role.OPERATOR, Role.AUDITOR, Role.DIRECTOR}),
    Action.RESOLVE_SALE: frozenset({Role.CASHIER, Role.AGENCY_HEAD, Role.FINANCE}),
    Action.CONFIRM_SALE: frozenset({Role.AGENCY_HEAD, Role.FINANCE}),
    Action.REVERSE_SALE: frozenset({Role.AGENCY_HEAD, Role.FINANCE}),
    Action.SIGN_CLOSING: frozenset({Role.AGENCY_HEAD}),
    Action.MANAGE_READERS: frozenset({Role.OPERATOR, Role.ADMINISTRATOR}),
}

FROM_ANY_AGENCY: frozenset[Action] = frozenset(
    {Action.SEE_PAYMENTS, Action.ASK_REFUND, Action.OWN_CASE, Action.PRINT_RECEIPT, Action.RELEASE_HOLD}
)
"""What a role held in an agency allows for things of the company that belong to no agency, such as a web payment: the
customer who asks about it stands in some agency. Rule: role-holds-where (behaviour.md I13)"""

TWO_PEOPLE: dict[Action, Action] = {
    Action.ASK_REFUND: Action.APPROVE_REFUND,
    Action.ASK_GATEWAY_CHANGE: Action.APPROVE_GATEWAY_CHANGE,
    Action.RESOLVE_SALE: Action.CONFIRM_SALE,
    Action.ASK_FACTOR_RESET: Action.APPROVE_FACTOR_RESET,
}
"""The action that asks → the action of another person that completes it."""


class ChangeKind(StrEnum):
    """What may be asked by one person and has to be approved by another."""

    GATEWAY_ACCOUNT = "gateway_account"
    LOST_FACTOR = "lost_factor"


ASKED_WITH: dict[ChangeKind, Action] = {
    ChangeKind.GATEWAY_ACCOUNT: Action.ASK_GATEWAY_CHANGE,
    ChangeKind.LOST_FACTOR: Action.ASK_FACTOR_RESET,
}
"""The action that asks for a change of that kind; `TWO_PEOPLE` names the one that approves it."""


class ChangeState(StrEnum):
    """How far a change has come. A decision is final."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


CHANGE_STEPS: dict[str, list[str]] = {ChangeState.ASKED: [ChangeState.APPROVED, ChangeState.REFUSED]}
"""State → states that may follow; the database holds the same table."""


class NotAllowed(CannotDo):
    """The person's roles do not allow this here."""

    code = "not_allowed"
    sentence = "You are not allowed to do this here."


class SamePerson(CannotDo):
    """What one person asks for, another has to approve. Rule: two-people (behaviour.md 4)."""

    code = "same_person"
    sentence = "Another person has to approve this."


class NoSuchPerson(CannotDo):
    """No active account has that login."""

    code = "no_such_person"
    sentence = "Nobody here has this e-mail address."


class NoSuchChange(CannotDo):
    """No change of that number has been asked for."""

    code = "no_such_change"
    sentence = "No change with this number has been asked for."


class ChangeDecided(CannotDo):
    """The change was approved or refused before."""

    code = "change_decided"
    sentence = "This change has been decided already."


class ChangeWaiting(CannotDo):
    """Another change of the same kind waits for its second person: decided first, so that nobody approves blindly."""

    code = "change_waiting"
    sentence = "Change %(change)s is still waiting. Approve or refuse it first."


class AskingPersonNeeded(CannotDo):
    """Only the very first account of an installation is made without somebody who asks for it."""

    code = "asking_person_needed"
    sentence = "There are accounts already: name the person who asks for this one."


class SignInWrong(CannotDo):
    """Unknown login, wrong password, or an account that is closed: one answer. Rule: same-answer (failures.md 5.5)"""

    code = "sign_in_wrong"
    sentence = "This e-mail address and this password do not belong together."


class CodeWrong(CannotDo):
    """A second factor that is not right, or was used before."""

    code = "code_wrong"
    sentence = "This code is not right, or has been used already. Wait for the next one and type it again."


class PasskeyWrong(CannotDo):
    """A passkey that is not known here, not of this person, or did not verify its user."""

    code = "passkey_wrong"
    sentence = "This passkey does not open this account. Try again, or use a code."


class PinWrong(CannotDo):
    """Unknown login, wrong PIN, none set, or another browser: one answer."""

    code = "pin_wrong"
    sentence = "This cannot be opened with a PIN here. Check what you typed, or sign in fully."


class InvitationOver(CannotDo):
    """It was used, a newer one took its place, or a day has passed. Rule: invitation (failures.md 5.2, 6.4)"""

    code = "invitation_over"
    sentence = "This invitation is over. Ask an administrator of your company for a new one."


class PasswordWeak(CannotDo):
    """Too short, too common, or like the person. Rule: password (failures.md 5.2, 6.2)"""

    code = "password_weak"
    sentence = (
        "Choose another password: at least 12 characters, none that many people use, and not like your name or address."
    )


class PasswordsDiffer(CannotDo):
    """Typed twice, and not the same."""

    code = "passwords_differ"
    sentence = "You typed two different passwords."


class PinNotPossible(CannotDo):
    """Too short, too simple, or for somebody whose role asks for a passkey."""

    code = "pin_not_possible"
    sentence = (
        "A desk PIN has 6 to 12 digits, not all the same and not in a row. Roles that ask for a passkey have none."
    )


class RefundsWait(CannotDo):
    """A second factor was given back to this person a short while ago. Rule: lost-factor (failures.md 5.8)"""

    code = "refunds_wait"
    sentence = "Your second factor was replaced a short while ago: no refunds before %(moment)s."


INVITATION_LIFE = timedelta(hours=24)
REFUNDS_WAIT = timedelta(hours=24)
"""After a lost factor. Rule: lost-factor (failures.md 5.8)"""
WRONG_PINS_AT_MOST = 5
BROWSER_KNOWN_FOR = timedelta(days=90)
"""A sign-in elsewhere is told to its owner."""
PIN_LENGTH = (6, 12)


class Factor(StrEnum):
    """What a session was opened with beside the password."""

    TOTP = "totp"
    PASSKEY = "webauthn"
    RECOVERY_CODE = "recovery_codes"
    DESK_PIN = "desk_pin"


PASSKEY_ROLES: frozenset[Role] = frozenset({Role.FINANCE, Role.DIRECTOR, Role.ADMINISTRATOR})
"""Who needs a passkey. Rule: second-factor (failures.md 5.8)"""


def factor_suffices(factor: Factor | None, roles: Iterable[Role], *, passkeys_required: bool) -> bool:
    """Whether a session that was opened with `factor` may work in `roles`. Rule: second-factor (failures.md 5.8)"""
    if factor is None:
        return False
    if PASSKEY_ROLES.isdisjoint(roles):
        return True
    return factor is Factor.PASSKEY or (not passkeys_required and factor is not Factor.DESK_PIN)


def is_pin(text: str) -> bool:
    """Whether it can be a desk PIN: 6 to 12 digits, neither all the same nor in a row. Rule: desk-pin (ours)"""
    shortest, longest = PIN_LENGTH
    if not (text.isascii() and text.isdecimal() and shortest <= len(text) <= longest):
        return False
    return len({int(after) - int(before) for before, after in pairwise(text)}) > 1


def session_is_over(
    *, signed_in_at: datetime, seen_at: datetime, idle: timedelta, shift: timedelta, now: datetime
) -> bool:
    """Whether nobody has been there for too long, or the shift is over. Rule: session-life (failures.md 5.2, 7.3)"""
    return now - seen_at >= idle or now - signed_in_at >= shift


def check_may_refund(refunds_from: datetime | None, *, now: datetime) -> None:
    """Raises RefundsWait. Rule: lost-factor (failures.md 5.8)"""
    if refunds_from is not None and now < refunds_from:
        raise RefundsWait(moment=display_moment(refunds_from))


class Level(StrEnum):
    """How much of a company a page is about."""

    AGENCY = "agency"
    COMPANY = "company"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class Where:
    """A place by its numbers: an agency of a company, a company, or everywhere."""

    company_id: int | None = None
    agency_id: int | None = None


def is_allowed(action: Action, roles: frozenset[Role]) -> bool:
    """Whether one of `roles`, held where the action happens, allows it."""
    return bool(ALLOWED.get(action, frozenset()) & roles)


def check_two_people(*, asked_by: int, approved_by: int) -> None:
    """Two different people. Raises SamePerson. Rule: two-people (behaviour.md 4)."""
    if asked_by == approved_by:
        raise SamePerson
