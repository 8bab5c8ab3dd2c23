"""Staff, what each may do, and where each has signed in."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q

from bawabati.companies.models import Agency, Company
from bawabati.people.rules import ChangeKind, ChangeState, Role


class Staff(AbstractBaseUser):
    """A person who works here, or a named system account (`is_system`) under which jobs act."""

    login = models.EmailField(unique=True, max_length=150)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="ar")
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False, help_text="A job's own account: never signs in.")
    desk_pin = models.CharField(max_length=128, blank=True, help_text="For a change of cashier; hashed, empty: none.")
    refunds_from = models.DateTimeField(
        null=True, help_text="Asks for and approves no refund before: a lost second factor was given back."
    )
    created_at = models.DateTimeField()

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    USERNAME_FIELD = "login"

    def __str__(self) -> str:
        return self.login


class StaffRole(models.Model):
    """A role that a person holds: in one agency, in one company, or nationally (no company)."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", null=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", null=True, db_constraint=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="staff_role_once", fields=["staff", "role", "company", "agency"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="staff_role_agency_needs_company", condition=Q(agency=None) | Q(company__isnull=False)
            ),
            models.CheckConstraint(name="staff_role_known", condition=Q(role__in=[role.value for role in Role])),
        )

    def __str__(self) -> str:
        return self.role


class Invitation(models.Model):
    """Leave to set a password, once and for a day. Its link is made from the number by `links.py`: no row holds it."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="Moved to the present when a newer one takes its place.")
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(name="invitation_open", fields=["staff"], condition=Q(used_at=None)),)

    def __str__(self) -> str:
        return f"invitation {self.id}"


class KnownBrowser(models.Model):
    """A browser in which a person has signed in fully: there, on that day, the desk PIN is enough."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    browser_sha256 = models.CharField(max_length=64, help_text="Digest of the browser's random mark.")
    signed_in_at = models.DateTimeField(help_text="The latest sign-in there with a second factor.")
    wrong_pins = models.PositiveSmallIntegerField(default=0, help_text="In a row since then.")

    class Meta:
        constraints = (models.UniqueConstraint(name="known_browser_once", fields=["staff", "browser_sha256"]),)
        indexes = (models.Index(name="known_browser_by_age", fields=["signed_in_at"]),)

    def __str__(self) -> str:
        return "browser"


class StaffSession(AbstractBaseSession):
    """A browser that is signed in, or about to be. Its key is a digest of what the cookie holds; its data is sealed."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+", null=True)
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="To the minute.")
    browser = models.CharField(max_length=200, blank=True, help_text="What the browser calls itself.")

    class Meta:
        indexes = (models.Index(name="session_of_staff", fields=["staff"]),)

    def __str__(self) -> str:
        return "session"


class PendingChange(models.Model):
    """A change that one person asked for and that another has to approve. What was asked is never rewritten."""

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="+", null=True, help_text="Nobody's: of somebody who works nationally."
    )
    kind = models.CharField(max_length=30, choices=[(kind.value, kind.value) for kind in ChangeKind])
    about = models.CharField(max_length=40, blank=True, help_text="Of whom or what, e.g. staff:7; empty: the company.")
    what = models.JSONField(help_text="The new values, without secrets.")
    secret_sealed = models.BinaryField(null=True, help_text="The new secret, encrypted; gone once it is decided.")
    state = models.CharField(max_length=10, default=ChangeState.ASKED)
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="change_one_waiting",
                fields=["company", "kind", "about"],
                condition=Q(state=ChangeState.ASKED),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="change_kind_known", condition=Q(kind__in=[kind.value for kind in ChangeKind])),
            models.CheckConstraint(
                name="change_two_people",
                condition=~Q(state=ChangeState.APPROVED) | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
            ),
            models.CheckConstraint(
                name="change_decided_by_somebody",
                condition=Q(state=ChangeState.ASKED, decided_by=None, decided_at=None)
                | (~Q(state=ChangeState.ASKED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="change_decided_keeps_no_secret", condition=Q(state=ChangeState.ASKED) | Q(secret_sealed=None)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
