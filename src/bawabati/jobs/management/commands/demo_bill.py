"""`bawabati demo-bill --company CODE`: one bill that can be paid now, as JSON."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from bawabati.bills.models import Bill
from bawabati.bills.reads import limits_of, list_open_bills
from bawabati.companies.reads import find_company
from bawabati.companies.rules import NumberFormat, SecondValue
from bawabati.money.amount import Money
from bawabati.money.display import figures
from bawabati.payments.reads import find_hold

LOOKED_AT = 500


class Command(BaseCommand):
    """Made for the demonstration, whose first screen says what to type."""

    help = "Prints a bill that can be paid now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("--company", default="oran")

    def handle(self, **options: object) -> None:
        """Prints the payment number, the amount, and the second value where the company asks for one."""
        company = find_company(str(options["company"]))
        if company is None:
            raise CommandError(f"There is no company with the code {options['company']}.")
        limits = limits_of(company)
        for bill in list_open_bills(company_id=company.id, limits=limits, at_most=LOOKED_AT):
            if find_hold(bill.id) is None:
                number_format = NumberFormat.from_json(company.number_format)
                self.stdout.write(json.dumps(_shown(bill, number_format.second_value), ensure_ascii=False))
                return
        raise CommandError("No bill of this company can be paid now. Import some.")


def _shown(bill: Bill, second_value: SecondValue) -> dict[str, object]:
    amount = figures(Money(bill.due_centimes), "fr")
    second = {
        SecondValue.NONE: "",
        SecondValue.CUSTOMER_NUMBER: bill.customer.number,
        SecondValue.AMOUNT: amount,
    }
    return {
        "payment_number": bill.payment_number,
        "amount": amount,
        "amount_centimes": bill.due_centimes,
        "second_value": second[second_value],
        "second_value_kind": str(second_value),
    }
