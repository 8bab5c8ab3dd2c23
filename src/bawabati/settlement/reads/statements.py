"""Questions about files, their lines, and remittances."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q

from bawabati.keyset import FIRST, At, Page, page_of
from bawabati.payments.rules import FINAL, State
from bawabati.settlement.models import (
    UNREADABLE,
    Difference,
    FeeTable,
    Match,
    Remittance,
    Statement,
    StatementLine,
    StatementProfile,
)
from bawabati.settlement.rules import DifferenceKind, DifferenceState, FeeTerms, NoSuchProfile, read_tiers


def find_profile(*, company_id: int, code: str) -> StatementProfile | None:
    """The profile of that code, in use or not."""
    return StatementProfile.objects.filter(company_id=company_id, code=code).first()


def get_profile(*, company_id: int, profile_id: int) -> StatementProfile:
    """The profile of that company. Raises NoSuchProfile."""
    profile = StatementProfile.objects.filter(company_id=company_id, id=profile_id).first()
    if profile is None:
        raise NoSuchProfile
    return profile


def list_profiles(*, company_id: int, source: str = "") -> list[StatementProfile]:
    """Those in use, by code. Empty until the first import or preview has given it the default ones."""
    profiles = StatementProfile.objects.filter(company_id=company_id, is_active=True)
    return list((profiles.filter(source=source) if source else profiles).order_by("code"))


def find_statement(*, company_id: int, content_sha256: str) -> Statement | None:
    """The file with that very content."""
    return Statement.objects.filter(company_id=company_id, content_sha256=content_sha256).first()


def get_statement(*, company_id: int, statement_id: int) -> Statement | None:
    """The file of that number with its profile and who brought it; None when it is not of this company."""
    found = Statement.objects.filter(company_id=company_id, id=statement_id)
    return found.select_related("profile", "received_by").first()


def list_statements(*, company_id: int, source: str = "", day: date | None = None, at: At = FIRST) -> Page[Statement]:
    """Files received, the newest first."""
    statements = Statement.objects.filter(company_id=company_id).select_related("profile", "received_by")
    if source:
        statements = statements.filter(source=source)
    if day is not None:
        statements = statements.filter(day=day)
    return page_of(statements, order=["-id"], at=at)


def list_unmatched_statements(*, company_id: int | None = None) -> list[Statement]:
    """Files whose lines were not yet compared, oldest first: the job may have died."""
    statements = Statement.objects.filter(matched_at=None)
    if company_id is not None:
        statements = statements.filter(company_id=company_id)
    return list(statements.order_by("id"))


def list_lines(*, company_id: int, statement_id: int, only_bad: bool = False, at: At = FIRST) -> Page[StatementLine]:
    """Lines of one file in its order. `is_counted`, `repeat_of` and `reason` say what is odd about one."""
    lines = StatementLine.objects.filter(company_id=company_id, statement_id=statement_id).select_related("remittance")
    if only_bad:
        lines = lines.exclude(reason="")
    return page_of(lines, order=["line_number"], at=at)


def list_matches(*, company_id: int, line_ids: Sequence[int]) -> list[Match]:
    """What of our books these lines were found to be, with payment, refund or remittance."""
    matches = Match.objects.filter(company_id=company_id, line_id__in=line_ids)
    return list(matches.select_related("payment", "refund", "remittance").order_by("line_id", "id"))


def find_match_of_payment(*, company_id: int, payment_id: int) -> Match | None:
    """The line in which the acquirer has told us of a payment, with its file."""
    matches = Match.objects.filter(company_id=company_id, payment_id=payment_id)
    return matches.select_related("line__statement", "line__remittance").first()


def list_remittances(
    *, company_id: int, from_on: date | None = None, to_on: date | None = None, at: At = FIRST
) -> Page[Remittance]:
    """Sums that the acquirer hands to the bank, the newest first; by their day of value."""
    remittances = Remittance.objects.filter(company_id=company_id)
    if from_on is not None:
        remittances = remittances.filter(value_on__gte=from_on)
    if to_on is not None:
        remittances = remittances.filter(value_on__lte=to_on)
    return page_of(remittances, order=["-id"], at=at)


def list_fee_tables(*, company_id: int) -> list[FeeTable]:
    """Every row, with who wrote it, the latest first."""
    tables = FeeTable.objects.filter(company_id=company_id).select_related("written_by")
    return list(tables.order_by("-from_on", "way"))


def terms_of(*, company_id: int) -> list[FeeTerms]:
    """The same, as the rules reckon with them."""
    return [
        FeeTerms(
            way=table.way,
            from_on=table.from_on,
            tiers=read_tiers(table.tiers),
            vat_ppm=table.vat_ppm,
            least=table.least_centimes,
            cap=table.cap_centimes,
        )
        for table in list_fee_tables(company_id=company_id)
    ]


def find_statement_by_id(statement_id: int) -> Statement | None:
    """The file of that number, whosever it is."""
    return Statement.objects.filter(id=statement_id).first()


def has_statements(*, company_id: int) -> bool:
    """Whether a company has ever received a file."""
    return Statement.objects.filter(company_id=company_id).exists()


def list_bank_lines(*, statement_id: int) -> Iterator[StatementLine]:
    """Movements of a bank's file that no earlier file has shown, in its order, in constant memory."""
    lines = StatementLine.objects.filter(statement_id=statement_id, is_counted=True)
    return lines.exclude(kind=UNREADABLE).order_by("line_number").iterator()


def list_unknown_credits(*, company_id: int) -> list[StatementLine]:
    """Lines of the bank whose remittance is still unknown; what one person has proposed for one is decided first.

    Also those that two people have taken for a gain or a loss: their file may come after all.
    """
    items = Difference.objects.filter(
        Q(state=DifferenceState.OPEN) | (Q(state=DifferenceState.ENDED) & ~Q(accepted_centimes=0)),
        ~Exists(Match.objects.filter(line_id=OuterRef("line_id"))),
        company_id=company_id,
        kind=DifferenceKind.CREDIT_WITHOUT_REMITTANCE,
    )
    return [item.line for item in items.select_related("line").order_by("id") if item.line is not None]


def find_remittances(*, company_id: int, numbers: Sequence[str] = (), ids: Sequence[int] = ()) -> list[Remittance]:
    """Those of these numbers or identifiers that a file has told us of."""
    return list(
        Remittance.objects.filter(
            Q(number__in=numbers) | Q(id__in=ids), company_id=company_id, line_count__gt=0
        ).order_by("id")
    )


def list_remittances_of(statement_id: int) -> list[int]:
    """The remittances that lines of a file belong to."""
    lines = StatementLine.objects.filter(statement_id=statement_id, remittance__isnull=False)
    return list(lines.order_by().values_list("remittance_id", flat=True).distinct())


def list_attempts_to_recover(*, company_id: int) -> list[int]:
    """Attempts that ended otherwise and of which a line says that the card was debited: the gateway is to be asked."""
    items = Difference.objects.filter(
        company_id=company_id,
        kind=DifferenceKind.PAID_BUT_NOT_POSTED_HERE,
        state=DifferenceState.OPEN,
        payment__state__in=sorted(FINAL - {State.PAID}),
    )
    return list(items.order_by("id").values_list("payment_id", flat=True))


def list_companies_with_open_lines() -> list[int]:
    """Companies that have lines whose item may end by itself."""
    kinds = (
        DifferenceKind.NOT_OURS,
        DifferenceKind.PAID_BUT_NOT_POSTED_HERE,
        DifferenceKind.REFUND_NOT_OURS,
        DifferenceKind.CHARGEBACK,
    )
    items = Difference.objects.filter(kind__in=kinds, state=DifferenceState.OPEN)
    return sorted(set(items.values_list("company_id", flat=True)))
