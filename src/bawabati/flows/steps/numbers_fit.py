"""Whether a company's number format still fits what is printed on its open bills."""

from bawabati.bills.reads import iterate_open_numbers
from bawabati.companies.models import Company
from bawabati.companies.rules import NumberFormat, check_number
from bawabati.errors import CannotDo


def numbers_fit(company: Company, number_format: NumberFormat) -> bool:
    """Whether every open bill could still be found. Reads all their numbers, when the format changes only."""
    if company.number_format == number_format.to_json():
        return True
    try:
        for number in iterate_open_numbers(company.id):
            check_number(number, number_format=number_format)
    except CannotDo:
        return False
    return True
