"""Questions about files, their lines, and remittances."""

from collections.abc import Sequence
from datetime import date

from bawabati.keyset import FIRST, At, Page, page_of
from bawabati.settlement.models import FeeTable, Match, Remittance, Statement, StatementLine, StatementProfile
from bawabati.settlement.rules import FeeTerms, NoSuchProfile, read_tiers


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
