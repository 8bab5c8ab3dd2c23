"""Questions about targets and about who reads the morning page."""

from datetime import date

from django.db.models import Q

from bawabati.reports.models import MorningReader, Target


def list_targets(*, company_id: int, since: date | None = None) -> list[Target]:
    """What the company wants now: of each measure and period the newest word, unless withdrawn; the latest end first.

    `since`: only what ends on that day or later.
    """
    newest = Target.objects.filter(Q(last_day__gte=since) if since else Q(), company_id=company_id)
    newest = newest.order_by("measure", "first_day", "last_day", "-id").distinct("measure", "first_day", "last_day")
    wanted = [target for target in newest.select_related("set_by") if target.wanted]
    return sorted(wanted, key=lambda target: (target.last_day, target.first_day, target.measure), reverse=True)


def list_words_about_targets(*, company_id: int, at_most: int) -> list[Target]:
    """Everything that was set or withdrawn, with who did, the latest first."""
    return list(Target.objects.select_related("set_by").filter(company_id=company_id).order_by("-id")[:at_most])


def find_target(*, company_id: int, target_id: int) -> Target | None:
    """The company's target of that number, when it is what counts now."""
    return next((each for each in list_targets(company_id=company_id) if each.id == target_id), None)


def reads_morning_page(*, company_id: int, staff_id: int) -> bool:
    """Whether that person has chosen to have it by e-mail."""
    return MorningReader.objects.filter(company_id=company_id, staff_id=staff_id).exists()


def list_morning_readers(company_id: int) -> list[MorningReader]:
    """Who has chosen to have it, with their accounts."""
    return list(MorningReader.objects.filter(company_id=company_id).select_related("staff").order_by("staff_id"))
