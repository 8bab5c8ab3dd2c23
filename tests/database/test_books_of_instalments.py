"""Whatever breaks between an agreement and its bills is named by the nightly look through the books."""

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from bawabati.bills.models import Agreement
from bawabati.bills.reads import list_tranches
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.flows.steps.book_checks.of_agreements import OF_AGREEMENTS
from debtors import agree, offer_instalments_at
from people import NOON, add_arrears, add_company

pytestmark = pytest.mark.usefixtures("database")

PLANTED = {
    "tranches_do_not_come_to_their_bills": "UPDATE bills_bill SET due_centimes = due_centimes + 1 "
    "WHERE tranche_place = 2",
    "bill_in_agreement_that_is_over": "UPDATE bills_agreement SET state = 'ended', ended_at = now(), event_count = 3; "
    "INSERT INTO bills_agreementevent (company_id, agreement_id, sequence, event, from_state, to_state, details, at) "
    "SELECT company_id, id, 3, 'ended', 'agreed', 'ended', '{{}}', now() FROM bills_agreement",
    "tranche_paid_as_a_bill": "INSERT INTO payments_paymentline (company_id, payment_id, bill_id, bill_version, "
    "amount_centimes) SELECT company_id, 999, id, 1, 1 FROM bills_bill WHERE tranche_place = 1",
    "agreement_without_its_event": "UPDATE bills_agreement SET state = 'late'",
}


@pytest.fixture
def company() -> Company:
    company = add_company()
    offer_instalments_at(company)
    return company


@pytest.fixture
def agreement(company: Company) -> Agreement:
    return agree(company, add_arrears(company, 1_000_00, 2_000_00))


@pytest.mark.parametrize("check", sorted(PLANTED))
def test_what_is_planted_is_named(check: str, agreement: Agreement, behind_the_scenes: psycopg.Connection[Any]) -> None:
    assert check_books(now=NOON) == []
    with behind_the_scenes.transaction():
        behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
        behind_the_scenes.execute(PLANTED[check].replace("{{}}", "{}").encode())
    assert check in {difference.check for difference in check_books(now=NOON)}
    assert agreement.id


def test_every_check_is_planted() -> None:
    assert set(PLANTED) == {check.name for check in OF_AGREEMENTS}


def test_the_database_refuses_tranches_that_do_not_come_to_their_bills(agreement: Agreement) -> None:
    second = list_tranches(agreement.id)[1]
    with pytest.raises(DatabaseError, match="of its bills"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE bills_bill SET due_centimes = due_centimes + 1 WHERE id = %s", [second.id])


def test_the_database_refuses_to_settle_a_bill_behind_the_back_of_its_tranches(agreement: Agreement) -> None:
    with pytest.raises(DatabaseError, match="of its bills"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE bills_bill SET settled_centimes = 1 WHERE in_agreement_id = %s", [agreement.id])


def test_the_database_keeps_one_open_agreement_for_each_customer(agreement: Agreement) -> None:
    again = Agreement.objects.get(id=agreement.id)
    again.pk, again.state = None, "asked"
    with pytest.raises(DatabaseError, match="agreement_open_once"), transaction.atomic():
        again.save()
