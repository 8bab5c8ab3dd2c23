"""Profiles and fee tables."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bawabati.settlement.models import FeeTable, StatementProfile
from bawabati.settlement.rules import DEFAULT_PROFILES, FeeTerms, check_terms, layout_of, read_tiers


def give_default_profiles(*, company_id: int, changed_by_id: int, now: datetime) -> None:
    """The profiles with which a company begins, those that it does not have yet. Safe to repeat and to race."""
    StatementProfile.objects.bulk_create(
        [
            StatementProfile(
                company_id=company_id,
                code=code,
                source=layout["source"],
                layout=layout,
                changed_at=now,
                changed_by_id=changed_by_id,
            )
            for code, layout in DEFAULT_PROFILES.items()
        ],
        ignore_conflicts=True,
    )


def keep_profile(
    *, company_id: int, code: str, layout: Mapping[str, Any], is_active: bool, changed_by_id: int, now: datetime
) -> StatementProfile:
    """The profile as it is from now on. Raises ProfileNotReadable."""
    checked = layout_of(layout)
    profile, _ = StatementProfile.objects.update_or_create(
        company_id=company_id,
        code=code,
        defaults={
            "source": checked.source.value,
            "layout": dict(layout),
            "is_active": is_active,
            "changed_at": now,
            "changed_by_id": changed_by_id,
        },
    )
    return profile


def write_fee_table(
    *,
    company_id: int,
    way: str,
    from_on: date,
    tiers: Sequence[Mapping[str, Any]],
    vat_ppm: int,
    least_centimes: int,
    cap_centimes: int | None,
    because: str,
    written_by_id: int,
    now: datetime,
) -> FeeTable:
    """Terms from a day on. The database refuses a second row for that day and way. Raises FeeTableNotReadable."""
    check_terms(
        FeeTerms(
            way=way, from_on=from_on, tiers=read_tiers(tiers), vat_ppm=vat_ppm, least=least_centimes, cap=cap_centimes
        )
    )
    return FeeTable.objects.create(
        company_id=company_id,
        way=way,
        from_on=from_on,
        tiers=[dict(tier) for tier in tiers],
        vat_ppm=vat_ppm,
        least_centimes=least_centimes,
        cap_centimes=cap_centimes,
        because=because,
        written_by_id=written_by_id,
        written_at=now,
    )
