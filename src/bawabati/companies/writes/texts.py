"""A company's texts, in versions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bawabati.companies.models import Company, CompanyText
from bawabati.companies.reads import find_text_row


def lock_texts(company_id: int) -> None:
    """Until the transaction ends, nobody else publishes a text of this company."""
    list(Company.objects.select_for_update(no_key=True).filter(id=company_id).values_list("id"))


def publish_text(
    *,
    company_id: int,
    kind: str,
    language: str,
    body: str,
    now: datetime,
    effective_at: datetime | None = None,
    ends_at: datetime | None = None,
    written_by_id: int | None = None,
    even_if_same: bool = False,
) -> CompanyText:
    """The text as it holds from `effective_at` on, from `now` on by default.

    Safe to repeat: what would say the same at that moment makes no new version, unless `even_if_same`. Attempts keep
    the version that their payer accepted; no version is ever changed. Call `lock_texts` first. Rule: dated-texts
    """
    begins = effective_at or now
    holding = find_text_row(company_id=company_id, kind=kind, language=language, at=begins)
    if holding is not None and (holding.body, holding.ends_at) == (body, ends_at) and not even_if_same:
        return holding
    versions = CompanyText.objects.filter(company_id=company_id, kind=kind, language=language)
    return CompanyText.objects.create(
        company_id=company_id,
        kind=kind,
        language=language,
        version=_last(versions.values_list("version", flat=True)) + 1,
        body=body,
        effective_at=begins,
        ends_at=ends_at,
        written_at=now,
        written_by_id=written_by_id,
    )


def _last(versions: Iterable[int]) -> int:
    return max(versions, default=0)
