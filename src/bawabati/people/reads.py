"""Questions about staff."""

from collections.abc import Iterable
from datetime import datetime
from hmac import compare_digest
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db.models import F, Q

from bawabati.companies.reads import list_agencies, list_companies
from bawabati.people.models import (
    ApiCall,
    ApiKey,
    Invitation,
    KnownBrowser,
    PendingChange,
    Staff,
    StaffRole,
    StaffSession,
)
from bawabati.people.rules import (
    ALLOWED,
    FROM_ANY_AGENCY,
    Action,
    ChangeKind,
    ChangeState,
    Factor,
    Level,
    NotAllowed,
    Role,
    Where,
    is_allowed,
)
from bawabati.scope import every_company

TOTP_SECONDS: Final = 30


def find_staff(login: str) -> Staff | None:
    """The active account of that login."""
    return Staff.objects.filter(login=login.strip().lower(), is_active=True).first()


def find_staff_by_id(staff_id: int) -> Staff | None:
    """The person of that number."""
    return Staff.objects.filter(id=staff_id).first()


def find_staff_open_or_closed(login: str) -> Staff | None:
    """The account of that login, also one that was closed."""
    return Staff.objects.filter(login=login.strip().lower()).first()


def has_people() -> bool:
    """Whether anybody but the system's own account is known here."""
    return Staff.objects.filter(is_system=False).exists()


def roles_of(*, staff_id: int, company_id: int | None, agency_id: int | None = None) -> frozenset[Role]:
    """The roles that count at a place: those held there, in its whole company, and nationally.

    Without an agency, none that is held in one; without a company, national ones only.
    Rule: role-holds-where (behaviour.md I13)
    """
    here = Q(company__isnull=True) | Q(company_id=company_id, agency__isnull=True)
    if agency_id is not None:
        here |= Q(company_id=company_id, agency_id=agency_id)
    held = StaffRole.objects.filter(here, staff_id=staff_id)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def all_roles_of(staff_id: int) -> frozenset[Role]:
    """Every role that a person holds anywhere: the strictest of them says how to sign in."""
    with every_company("every role of a person, wherever he holds it"):
        held = list(StaffRole.objects.filter(staff_id=staff_id).values_list("role", flat=True))
    return frozenset(map(Role, held))


def roles_for(
    action: Action, *, staff_id: int, company_id: int | None, agency_id: int | None = None
) -> frozenset[Role]:
    """The roles that count for that act there; see `FROM_ANY_AGENCY`. Rule: role-holds-where (behaviour.md I13)"""
    roles = roles_of(staff_id=staff_id, company_id=company_id, agency_id=agency_id)
    if agency_id is None and company_id is not None and action in FROM_ANY_AGENCY:
        of_agencies = StaffRole.objects.filter(staff_id=staff_id, company_id=company_id, agency__isnull=False)
        roles |= {Role(role) for role in of_agencies.values_list("role", flat=True)}
    return roles


def get_staff_allowed(*, login: str, action: Action, company_id: int | None, agency_id: int | None = None) -> Staff:
    """The account under which an act is done there: in an agency, in the whole company, or nationally.

    Unknown accounts, the system's own, and people without the role are refused alike. Raises NotAllowed.
    """
    staff = find_staff(login)
    if staff is None or staff.is_system:
        raise NotAllowed
    if not is_allowed(action, roles_for(action, staff_id=staff.id, company_id=company_id, agency_id=agency_id)):
        raise NotAllowed
    return staff


def names_of(staff_ids: Iterable[int]) -> dict[int, str]:
    """How people are called, by number; whoever does not exist is left out."""
    return dict(Staff.objects.filter(id__in=list(staff_ids)).values_list("id", "name"))


def get_staff(staff_id: int) -> Staff:
    """The account of that number. Raises DoesNotExist."""
    return Staff.objects.get(id=staff_id)


def list_places_allowing(action: Action, *, staff_id: int, at: Level) -> list[Where]:
    """Where a person may do that, each place once: whoever may in a whole company may in each of its agencies."""
    with every_company("every place of a person, wherever it is"):
        return _places_allowing(action, staff_id=staff_id, at=at)


def _places_allowing(action: Action, *, staff_id: int, at: Level) -> list[Where]:
    held = StaffRole.objects.filter(staff_id=staff_id, role__in=ALLOWED.get(action, frozenset()))
    found: dict[Where, None] = {}
    for role in held.order_by("company__code", "agency__code"):
        if at is Level.NATION:
            found |= {} if role.company_id else {Where(): None}
        elif role.agency_id is not None:
            if at is not Level.COMPANY or action in FROM_ANY_AGENCY:
                found[Where(role.company_id, role.agency_id)] = None
        elif at is Level.AGENCY:
            found |= dict.fromkeys(_agencies_of(role.company_id))
        elif role.company_id is not None or at is Level.ANYWHERE:
            found[Where(role.company_id)] = None
        else:
            found |= dict.fromkeys(Where(company.id) for company in list_companies())
    return list(found)


def _agencies_of(company_id: int | None) -> list[Where]:
    companies = [company_id] if company_id else [company.id for company in list_companies()]
    return [Where(company, agency.id) for company in companies for agency in list_agencies(company)]


def list_places(staff_id: int) -> list[StaffRole]:
    """Each role of a person with its company and agency."""
    held = StaffRole.objects.select_related("company", "agency").filter(staff_id=staff_id)
    with every_company("every role of a person, wherever he holds it"):
        return list(held.order_by("company__code", "agency__code", "role"))


def find_role(*, company_id: int, held_id: int) -> StaffRole | None:
    """The role of that number that somebody holds in the company."""
    return StaffRole.objects.filter(company_id=company_id, id=held_id).first()


def list_people(company_id: int) -> list[StaffRole]:
    """Every role that somebody holds in a company, by name of the person; with the person and the agency."""
    held = StaffRole.objects.select_related("staff", "agency").filter(company_id=company_id, staff__is_system=False)
    return list(held.order_by("staff__name", "staff_id", "agency__code", "role"))


def list_who_may(action: Action, *, company_id: int) -> list[Staff]:
    """Everybody active who may do that for things of the company, by name; see `FROM_ANY_AGENCY`."""
    held = Q(company__isnull=True) | Q(company_id=company_id)
    if action not in FROM_ANY_AGENCY:
        held &= Q(agency__isnull=True)
    roles = StaffRole.objects.filter(held, role__in=ALLOWED.get(action, frozenset()))
    people = Staff.objects.filter(id__in=roles.values("staff_id"), is_active=True, is_system=False)
    return list(people.order_by("name", "id"))


def list_with_factor(staff_ids: Iterable[int]) -> frozenset[int]:
    """Who of them has a second factor that opens sessions."""
    kept = Authenticator.objects.filter(user_id__in=list(staff_ids), type__in=[Factor.TOTP, Factor.PASSKEY])
    return frozenset(kept.values_list("user_id", flat=True))


def list_waiting_changes(*, company_id: int, kind: ChangeKind) -> list[PendingChange]:
    """What waits for its second person, the oldest first."""
    waiting = PendingChange.objects.select_related("asked_by").filter(
        company_id=company_id, kind=kind, state=ChangeState.ASKED
    )
    return list(waiting.order_by("id"))


def list_factors(staff_id: int) -> list[Authenticator]:
    """A person's second factors, oldest first: `type` is a `Factor`, recovery codes among them."""
    return list(Authenticator.objects.filter(user_id=staff_id).order_by("id"))


def count_recovery_codes(staff_id: int) -> int:
    """How many of a person's recovery codes still open something."""
    kept = Authenticator.objects.filter(user_id=staff_id, type=Factor.RECOVERY_CODE).first()
    return 0 if kept is None else len(RecoveryCodes(kept).get_unused_codes())


def has_factor(staff_id: int) -> bool:
    """Whether a second factor is set up that opens sessions by itself."""
    return bool(Authenticator.objects.filter(user_id=staff_id, type__in=[Factor.TOTP, Factor.PASSKEY]).exists())


def is_totp_code(*, staff_id: int, code: str, now: datetime) -> bool:
    """Whether the person's device shows that code about now. Whether it was used before, only the guard knows."""
    kept = Authenticator.objects.filter(user_id=staff_id, type=Factor.TOTP).first()
    return kept is not None and is_code_of(str(decrypt(kept.data["secret"])), code, now=now)


def is_code_of(secret: str, code: str, *, now: datetime) -> bool:
    """Whether a device with that secret shows that code now, a step of 30 seconds before, or after."""
    step = int(now.timestamp()) // TOTP_SECONDS
    shown = (str(format_hotp_value(hotp_value(secret, step + drift))) for drift in (-1, 0, 1))
    return any(compare_digest(each.encode(), code.encode()) for each in shown)


def get_invitation(invitation_id: int) -> Invitation:
    """The invitation, with whom it is for. Raises DoesNotExist."""
    return Invitation.objects.select_related("staff").get(id=invitation_id)


def find_invitation(invitation_id: int) -> Invitation | None:
    """The invitation, with whom it is for."""
    return Invitation.objects.select_related("staff").filter(id=invitation_id).first()


def has_anybody_signed_in() -> bool:
    """Whether anybody has a password yet."""
    return Staff.objects.filter(is_system=False).exclude(password__startswith="!").exists()  # noqa: S106 - no password is hashed to that


def list_sessions(staff_id: int, *, now: datetime) -> list[StaffSession]:
    """Where a person is signed in, the newest first."""
    return list(StaffSession.objects.filter(staff_id=staff_id, expire_date__gt=now).order_by("-signed_in_at"))


def list_known_here(browser_sha256: str, *, since: datetime) -> list[Staff]:
    """Who has a desk PIN and has signed in fully in that browser since then."""
    known = KnownBrowser.objects.select_related("staff").filter(browser_sha256=browser_sha256, signed_in_at__gte=since)
    return [row.staff for row in known.order_by("staff__name") if row.staff.desk_pin and row.staff.is_active]


def find_change(change_id: int) -> PendingChange | None:
    """A change that was asked for, with the people who asked and decided."""
    return PendingChange.objects.select_related("company", "asked_by", "decided_by").filter(id=change_id).first()


def find_key(key_id: int) -> ApiKey | None:
    """The key of that number which opens something still, with its company and its account."""
    return ApiKey.objects.select_related("company", "staff").filter(id=key_id, ended_at=None).first()


def list_keys(company_id: int) -> list[ApiKey]:
    """Every key that a company ever made, those that open something first, then the newest."""
    keys = ApiKey.objects.select_related("made_by", "ended_by").filter(company_id=company_id)
    return list(keys.order_by(F("ended_at").desc(nulls_first=True), "-id"))


def find_call(*, key_id: int, idempotency_key: str) -> ApiCall | None:
    """What was answered to that call of a machine, or that somebody works on it."""
    return ApiCall.objects.filter(key_id=key_id, idempotency_key=idempotency_key).first()
