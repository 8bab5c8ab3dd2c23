"""Optional columns of a bill file say where a customer may be written to, and touch nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bawabati.bills.models import BillVersion, CustomerContact
from bawabati.bills.reads import list_contacts
from bawabati.bills.rules.contacts import Source
from bawabati.bills.writes import confirm_contact, erase_contacts, erase_old_contacts, write_wish
from bawabati.companies.models import Company
from bawabati.flows.import_bills import ImportReport, import_bills
from bawabati.notices.rules import Means
from bawabati.people.models import Staff
from bill_files import HEAD, bill_file, bill_line
from people import NOON, OMAR, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database")
WITH_CONTACTS = f"{HEAD};téléphone;e-mail;langue"


@pytest.fixture
def utility(database: None) -> Company:  # noqa: ARG001 - emptied after the test
    return add_company()


def bring(utility: Company, folder: Path, *contacts: str) -> ImportReport:
    """A file with a bill for each, by customers of their own."""
    path = folder / "bills.csv"
    lines = [f"{bill_line(seed)};{said}" for seed, said in enumerate(contacts, start=1)]
    path.write_bytes(bill_file(*lines, head=WITH_CONTACTS))
    return import_bills(
        company=utility, path=path, reader_name="csv", received_by=Staff.objects.get(login=OMAR), now=NOON
    )


def known() -> list[tuple[str, str, str, str]]:
    rows = CustomerContact.objects.order_by("customer__number", "means")
    return list(rows.values_list("customer__number", "means", "address", "language"))


def test_a_file_brings_telephones_and_addresses(utility: Company, tmp_path: Path) -> None:
    report = bring(utility, tmp_path, "0551 23 45 67;Amina@Example.com;FR", ";karim@example.com;", ";;")
    assert report.batch.bad_count == 0
    assert [(means, address, language) for _, means, address, language in known()] == [
        ("email", "amina@example.com", "fr"),
        ("sms", "+213551234567", "fr"),
        ("email", "karim@example.com", "ar"),
    ]
    assert report.ignored_columns == ()


@pytest.mark.parametrize("said", ["041 00 00 00;nobody;de", "6280581110007215;;", ";a@b\tc@d.dz;", "٠٥٥;@;"])
def test_what_cannot_be_written_to_is_left_out_and_the_bill_is_good(
    utility: Company, tmp_path: Path, said: str
) -> None:
    assert bring(utility, tmp_path, said).batch.created_count == 1
    assert known() == []


def test_another_telephone_makes_no_other_version_of_a_bill(utility: Company, tmp_path: Path) -> None:
    bring(utility, tmp_path, "0551234567;;")
    report = bring(utility, tmp_path, "0661234567;;")
    assert (report.batch.unchanged_count, report.batch.changed_count) == (1, 0)
    assert BillVersion.objects.count() == 1
    assert [address for _, _, address, _ in known()] == ["+213661234567"]


def test_where_a_file_says_nothing_what_was_known_stays(utility: Company, tmp_path: Path) -> None:
    bring(utility, tmp_path, "0551234567;;fr")
    bring(utility, tmp_path, ";amina@example.com;")
    assert [(means, address) for _, means, address, _ in known()] == [
        ("email", "amina@example.com"),
        ("sms", "+213551234567"),
    ]


def test_a_wish_stands_beside_what_the_file_says_and_is_erased_alone(utility: Company, tmp_path: Path) -> None:
    bring(utility, tmp_path, "0551234567;;")
    customer = CustomerContact.objects.get().customer
    wish = write_wish(
        company_id=utility.id,
        customer_id=customer.id,
        means=Means.SMS,
        address="+213551234567",
        language="ar",
        now=NOON,
    )
    assert confirm_contact(wish.id, now=NOON)
    assert {contact.source for contact in list_contacts(customer.id)} == {"file", "payer"}
    assert erase_contacts(company_id=utility.id, address="+213551234567", source=Source.PAYER) == 1
    assert erase_contacts(company_id=utility.id, address="+213551234567") == 1


def test_wishes_end_unconfirmed_after_a_week_and_confirmed_after_four_hundred_days(utility: Company) -> None:
    customer = add_bill(utility).customer
    wishes = [
        write_wish(
            company_id=utility.id,
            customer_id=customer.id,
            means=Means.EMAIL,
            address=address,
            language="ar",
            now=NOON,
        )
        for address in ("a@example.com", "b@example.com")
    ]
    confirm_contact(wishes[0].id, now=NOON)
    assert erase_old_contacts(now=NOON + timedelta(days=7)) == 0
    assert erase_old_contacts(now=NOON + timedelta(days=8)) == 1
    assert erase_old_contacts(now=NOON + timedelta(days=400)) == 0
    assert erase_old_contacts(now=NOON + timedelta(days=401)) == 1
