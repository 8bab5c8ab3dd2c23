"""What a person is, what each role may do, and where."""

from dataclasses import dataclass
from enum import StrEnum

from bawabati.errors import CannotDo


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
    CREW = "crew"
    """Goes to a customer's door to cut the water off."""


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
    SEE_CASES = "see_cases"
    SEE_BILLS = "see_bills"
    """Files of bills received, and what became of each line."""
    SEE_TEXTS = "see_texts"
    SEE_STAFF = "see_staff"
    SEE_SETTLEMENT = "see_settlement"
    """What the bank credited, beside the gateway's and our own books."""
    IMPORT_STATEMENTS = "import_statements"
    SETTLE_DIFFERENCE = "settle_difference"
    CONFIRM_DIFFERENCE = "confirm_difference"
    """What changes the books because of a difference: another person's word."""
    SEE_CLOSINGS = "see_closings"
    CLOSE_DAY = "close_day"
    EXPORT_JOURNALS = "export_journals"
    EXPORT_PAYMENTS = "export_payments"
    SEE_AUDIT = "see_audit"
    SEE_HEALTH = "see_health"
    ADD_COMPANY = "add_company"
    SEE_COMPANY = "see_company"
    """What the company sets for itself: identity, limits, agencies, merchant account without its password."""
    LEAVE_QUARANTINE = "leave_quarantine"
    """Open a restored installation to payers again."""
    NOTE_PAPERS = "note_papers"
    """Say until when contracts, authorisations and declarations hold."""
    REPEAT_JOB = "repeat_job"
    SEE_BOARD = "see_board"
    """How many pay, how much, where and how: sums, never persons."""
    HAVE_MORNING_PAGE = "have_morning_page"
    """The board's page of the day, by e-mail."""
    KEEP_TARGETS = "keep_targets"
    SEE_CAMPAIGNS = "see_campaigns"
    KEEP_CAMPAIGNS = "keep_campaigns"
    SEE_KEYS = "see_keys"
    """The keys of machines that come in through the API, without their secrets, and what webhooks delivered."""
    KEEP_KEYS = "keep_keys"
    SEE_INSTALMENTS = "see_instalments"
    DECIDE_INSTALMENTS = "decide_instalments"
    SEE_REMINDERS = "see_reminders"
    KEEP_REMINDERS = "keep_reminders"
    CHECK_CUSTOMER = "check_customer"
    """At a customer's door: whether he has paid."""
    KEEP_ROUNDS = "keep_rounds"
    """Say to which customers a crew goes on a day."""
    STOP_REMINDERS = "stop_reminders"
    """At a desk, for a customer who wants none."""
    SEE_NATION = "see_nation"
    """Sums of every company, never persons."""


ALLOWED: dict[Action, frozenset[Role]] = {
    Action.IMPORT_BILLS: frozenset({Role.OPERATOR, Role.FINANCE}),
    Action.CHECK_BOOKS: frozenset({Role.OPERATOR, Role.FINANCE, Role.AUDITOR}),
    Action.SEE_PAYMENTS: frozenset({Role.FINANCE, Role.DIRECTOR, Role.AUDITOR, Role.AGENCY_HEAD, Role.OPERATOR}),
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
    Action.SEE_CASES: frozenset({Role.FINANCE, Role.AGENCY_HEAD, Role.DIRECTOR, Role.AUDITOR}),
    Action.SEE_BILLS: frozenset({Role.OPERATOR, Role.FINANCE, Role.AUDITOR}),
    Action.SEE_TEXTS: frozenset({Role.COMMUNICATION, Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.SEE_STAFF: frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.SEE_SETTLEMENT: frozenset({Role.FINANCE, Role.DIRECTOR, Role.AUDITOR}),
    Action.IMPORT_STATEMENTS: frozenset({Role.FINANCE}),
    Action.SETTLE_DIFFERENCE: frozenset({Role.FINANCE}),
    Action.CONFIRM_DIFFERENCE: frozenset({Role.FINANCE, Role.DIRECTOR}),
    Action.SEE_CLOSINGS: frozenset({Role.FINANCE, Role.DIRECTOR, Role.AUDITOR}),
    Action.CLOSE_DAY: frozenset({Role.FINANCE}),
    Action.EXPORT_JOURNALS: frozenset({Role.FINANCE, Role.AUDITOR}),
    Action.EXPORT_PAYMENTS: frozenset({Role.FINANCE, Role.OPERATOR}),
    Action.SEE_AUDIT: frozenset({Role.AUDITOR, Role.ADMINISTRATOR}),
    Action.SEE_HEALTH: frozenset({Role.OPERATOR, Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.ADD_COMPANY: frozenset({Role.OPERATOR, Role.ADMINISTRATOR}),
    Action.SEE_COMPANY: frozenset({Role.OPERATOR, Role.ADMINISTRATOR, Role.FINANCE, Role.DIRECTOR, Role.AUDITOR}),
    Action.LEAVE_QUARANTINE: frozenset({Role.OPERATOR, Role.ADMINISTRATOR}),
    Action.NOTE_PAPERS: frozenset({Role.OPERATOR, Role.ADMINISTRATOR}),
    Action.REPEAT_JOB: frozenset({Role.OPERATOR, Role.ADMINISTRATOR}),
    Action.SEE_BOARD: frozenset({Role.DIRECTOR, Role.FINANCE, Role.COMMUNICATION, Role.AUDITOR}),
    Action.HAVE_MORNING_PAGE: frozenset({Role.DIRECTOR, Role.FINANCE, Role.COMMUNICATION}),
    Action.KEEP_TARGETS: frozenset({Role.DIRECTOR}),
    Action.SEE_CAMPAIGNS: frozenset({Role.COMMUNICATION, Role.DIRECTOR, Role.AUDITOR}),
    Action.KEEP_CAMPAIGNS: frozenset({Role.COMMUNICATION}),
    Action.SEE_KEYS: frozenset({Role.OPERATOR, Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.KEEP_KEYS: frozenset({Role.OPERATOR, Role.ADMINISTRATOR}),
    Action.SEE_INSTALMENTS: frozenset({Role.FINANCE, Role.AGENCY_HEAD, Role.DIRECTOR, Role.AUDITOR}),
    Action.DECIDE_INSTALMENTS: frozenset({Role.FINANCE, Role.AGENCY_HEAD}),
    Action.SEE_REMINDERS: frozenset({Role.COMMUNICATION, Role.FINANCE, Role.DIRECTOR, Role.AUDITOR}),
    Action.KEEP_REMINDERS: frozenset({Role.COMMUNICATION}),
    Action.CHECK_CUSTOMER: frozenset({Role.CREW, Role.AGENCY_HEAD, Role.FINANCE}),
    Action.KEEP_ROUNDS: frozenset({Role.AGENCY_HEAD, Role.FINANCE}),
    Action.STOP_REMINDERS: frozenset({Role.CASHIER, Role.AGENCY_HEAD, Role.FINANCE, Role.COMMUNICATION}),
    Action.SEE_NATION: frozenset({Role.COORDINATOR}),
}
FROM_ANY_AGENCY: frozenset[Action] = frozenset(
    {
        *(Action.SEE_PAYMENTS, Action.ASK_REFUND, Action.SEE_CASES, Action.OWN_CASE),
        *(Action.PRINT_RECEIPT, Action.RELEASE_HOLD),
        *(Action.CHECK_CUSTOMER, Action.KEEP_ROUNDS, Action.STOP_REMINDERS),
        *(Action.SEE_INSTALMENTS, Action.DECIDE_INSTALMENTS),
    }
)
"""What a role held in an agency allows for things of the company that belong to no agency, such as a web payment: the
customer who asks about it stands in some agency. Rule: role-holds-where (behaviour.md I13)"""


class NotAllowed(CannotDo):
    """The person's roles do not allow this here."""

    code = "not_allowed"
    sentence = "You are not allowed to do this here."


class Level(StrEnum):
    """How much of a company a page is about."""

    AGENCY = "agency"
    COMPANY = "company"
    ANYWHERE = "anywhere"
    """Somewhere: whoever may do that at any place. For pages about the person, or that ask for a place."""
    NATION = "nation"
    """All companies at once: only a role that is held nationally counts."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place by its numbers: an agency of a company, a company, or everywhere."""

    company_id: int | None = None
    agency_id: int | None = None


def is_allowed(action: Action, roles: frozenset[Role]) -> bool:
    """Whether one of `roles`, held where the action happens, allows it."""
    return bool(ALLOWED.get(action, frozenset()) & roles)
