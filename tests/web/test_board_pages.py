"""The director's board: every number of the page is the ledger's, whatever is asked for."""

from __future__ import annotations

import pytest
from django.test import Client

from bawabati.companies.models import Company
from bawabati.people.rules import Role
from people import NADIA
from staff import add_person, signed_in

pytestmark = pytest.mark.usefixtures("collected")


@pytest.fixture
def nadia(company: Company) -> Client:
    return signed_in(add_person(NADIA, Role.DIRECTOR, company=company))


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_before_the_first_payment_the_board_says_so(nadia: Client, language: str) -> None:
    page = nadia.get(f"/{language}/office/board/")
    assert page.status_code == 200
