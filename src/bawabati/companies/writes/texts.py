"""A company's texts, in versions."""

from datetime import datetime

from bawabati.companies.models import CompanyText


def publish_text(*, company_id: int, kind: str, language: str, body: str, now: datetime) -> CompanyText:
    """The text as it holds from `now` on. Safe to repeat: the same words make no new version.

    Attempts keep the version that their payer accepted; no version is ever changed. Rule: dated-texts
    """
    latest = (
        CompanyText.objects.filter(company_id=company_id, kind=kind, language=language).order_by("-version").first()
    )
    if latest is not None and latest.body == body:
        return latest
    return CompanyText.objects.create(
        company_id=company_id,
        kind=kind,
        language=language,
        version=latest.version + 1 if latest else 1,
        body=body,
        effective_at=now,
    )
