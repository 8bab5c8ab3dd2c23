"""The addresses of closing, under /<language>/office/closing/."""

from datetime import date
from typing import Final

from django.urls import path, register_converter

from bawabati.web.office.closing import close, days, files, journals

EARLIEST: Final = date(2000, 1, 1)
LATEST: Final = date(2999, 12, 31)


class DayConverter:
    """A day of the calendar, e.g. 2026-11-22."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Raises ValueError where there is no such day, or none that a company lives: then there is no such address."""
        day = date.fromisoformat(value)
        if not EARLIEST <= day <= LATEST:
            raise ValueError
        return day

    def to_url(self, value: date) -> str:
        """As it stands in the address."""
        return value.isoformat()


register_converter(DayConverter, "day")

closing_urls = [
    path("", days.month, name="office_closing"),
    path("days/<day:day>/", days.day, name="office_closing_day"),
    path("days/<day:day>/close/", close.close, name="office_close_day"),
    path("days/<day:day>/certificate.pdf", days.certificate, name="office_certificate"),
    path("days/<day:day>/signed.txt", days.signed, name="office_closing_signed"),
    path("keys.pem", days.keys, name="office_closing_keys"),
    path("files/", files.files, name="office_payment_files"),
    path("files/make/", files.make, name="office_make_payment_file"),
    path("files/<int:number>/<str:form>/", files.one, name="office_payment_file"),
    path("journals/", journals.journals, name="office_journals"),
    path("journals/file/", journals.file, name="office_journal_file"),
]
