"""Staff and what each may do."""

from django.contrib.auth.base_user import AbstractBaseUser
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
    created_at = models.DateTimeField()

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


class PendingChange(models.Model):
    """A change that one person asked for and that another has to approve. What was asked is never rewritten."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, choices=[(kind.value, kind.value) for kind in ChangeKind])
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
                name="change_one_waiting", fields=["company", "kind"], condition=Q(state=ChangeState.ASKED)
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
