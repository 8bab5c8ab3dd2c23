"""The company's own calendar."""

from datetime import date

from bawabati.companies.models import CompanyHoliday


def put_holiday(*, company_id: int, day: date, name: str, is_off: bool) -> CompanyHoliday:
    """What the company says of that day from now on. Safe to repeat."""
    said = {"name": name, "is_off": is_off}
    return CompanyHoliday.objects.update_or_create(company_id=company_id, day=day, defaults=said)[0]


def remove_holiday(*, company_id: int, day: date) -> bool:
    """As the calendar says again; whether the company had said anything. Safe to repeat."""
    return CompanyHoliday.objects.filter(company_id=company_id, day=day).delete()[0] > 0
