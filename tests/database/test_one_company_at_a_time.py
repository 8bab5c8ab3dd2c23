"""The second wall alone: PostgreSQL shows and takes one company's rows, whatever is asked and however."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, connections, models, transaction

from bawabati.bills.models import Bill
from bawabati.companies.models import Agency, Company
from bawabati.companies.reads import find_company
from bawabati.database.roles import role_of_every_company
from bawabati.notices.writes import write_notice
from bawabati.row_security import OF_ITS_PARENT, OF_NO_COMPANY, policies_of, secure_rows
from bawabati.scope import enter_company, every_company, keeping_scope, nobody, only_company
from people import NOON, add_bill, add_company
from staff import add_agency

pytestmark = pytest.mark.usefixtures("database")
TABLES = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'company_id')
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""
POLICIES = "SELECT policyname, cmd, roles::text[], permissive FROM pg_policies WHERE tablename = %s ORDER BY policyname"


@pytest.fixture
def two() -> tuple[Company, Company]:
    """Two companies, each with a bill and an agency."""
    oran, tafna = add_company(), add_company("tafna")
    for company in (oran, tafna):
        add_bill(company)
        add_agency(company, "here")
    return oran, tafna


def bills_seen() -> set[int]:
    return set(Bill.objects.values_list("company_id", flat=True))


def test_each_company_sees_its_own_rows_by_any_way_of_asking(two: tuple[Company, Company]) -> None:
    for company in two:
        with only_company(company.id):
            assert bills_seen() == {company.id}
            with connection.cursor() as cursor:
                cursor.execute("SELECT DISTINCT company_id FROM bills_bill")
                assert cursor.fetchall() == [(company.id,)]
                with cursor.copy("COPY (SELECT company_id FROM bills_bill) TO STDOUT") as copied:
                    assert [row[0] for row in copied.rows()] == [str(company.id)]
            assert [bill.company_id for bill in Bill.objects.iterator()] == [company.id]
    assert bills_seen() == {company.id for company in two}


def test_every_model_shows_a_company_nothing_of_another(two: tuple[Company, Company]) -> None:
    """No filter anywhere: what is left is PostgreSQL's."""
    oran, tafna = two
    seen = 0
    for model in apps.get_models():
        if not any(field.attname == "company_id" for field in model._meta.concrete_fields):
            continue
        with only_company(oran.id):
            of = set(model._default_manager.values_list("company_id", flat=True))
        assert of <= {oran.id} or model._meta.db_table == "people_staffrole"
        assert tafna.id not in of, model
        seen += bool(of)
    assert seen > 5


def test_where_nobody_has_said_whose_rows_there_are_none(two: tuple[Company, Company]) -> None:  # noqa: ARG001 - rows
    with nobody(), pytest.raises(DatabaseError):
        bills_seen()
    with nobody():
        assert find_company("oran") is not None


def test_rows_of_another_company_are_neither_written_nor_moved_nor_removed(two: tuple[Company, Company]) -> None:
    oran, tafna = two
    with only_company(oran.id):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Agency.objects.create(company=tafna, code="x", name_ar="x", name_fr="x")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Agency.objects.filter(company=oran).update(company=tafna)
        assert Agency.objects.filter(company=tafna).update(code="taken") == 0
        assert Agency.objects.filter(company=tafna).delete() == (0, {})
        assert Company.objects.filter(id=tafna.id).update(code="gone") == 0
    assert Agency.objects.filter(company=tafna, code="here").count() == 1


def test_a_setting_that_a_rollback_takes_back_is_told_again(two: tuple[Company, Company]) -> None:
    oran, tafna = two
    with only_company(oran.id):
        assert bills_seen() == {oran.id}
        with transaction.atomic():
            with only_company(tafna.id):
                assert bills_seen() == {tafna.id}
            transaction.set_rollback(True)
        assert bills_seen() == {oran.id}
        with transaction.atomic():
            with only_company(tafna.id), transaction.atomic():
                assert bills_seen() == {tafna.id}
                transaction.set_rollback(True)
            assert bills_seen() == {oran.id}
        assert bills_seen() == {oran.id}


def test_a_failure_in_another_scope_is_taken_back_like_any(two: tuple[Company, Company]) -> None:
    oran, tafna = two
    with only_company(oran.id), transaction.atomic():
        with pytest.raises(IntegrityError), transaction.atomic(), only_company(tafna.id):
            add_agency(tafna, "here")
        assert bills_seen() == {oran.id}


def test_a_commit_that_the_database_makes_a_rollback_of_is_not_believed(two: tuple[Company, Company]) -> None:
    """Whoever swallows an error inside a transaction commits nothing, and takes back the scope that was told in it."""
    oran, _tafna = two
    assert len(bills_seen()) == 2
    with only_company(oran.id):
        with transaction.atomic(), suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert bills_seen() == {oran.id}


def test_a_cursor_that_is_kept_follows_the_scope(two: tuple[Company, Company]) -> None:
    with connection.cursor() as cursor:
        for company in two:
            with only_company(company.id):
                cursor.execute("SELECT company_id FROM bills_bill")
                assert cursor.fetchall() == [(company.id,)]


def test_what_is_prepared_for_one_company_answers_the_next(two: tuple[Company, Company]) -> None:
    """More often than psycopg needs to prepare a statement, and PostgreSQL to settle on one plan for it."""
    for _ in range(8):
        for company in two:
            with only_company(company.id):
                assert bills_seen() == {company.id}
        assert bills_seen() == {company.id for company in two}


def test_a_connection_of_the_pool_brings_nothing_of_whom_it_served_before(two: tuple[Company, Company]) -> None:
    oran, _tafna = two
    with only_company(oran.id):
        assert bills_seen() == {oran.id}
    connections.close_all()
    with nobody(), pytest.raises(DatabaseError):
        bills_seen()


def test_a_question_at_one_instant_may_begin_in_another_scope(two: tuple[Company, Company]) -> None:
    """Telling the scope takes no snapshot: the transaction may still say how it wants to read."""
    oran, _tafna = two
    with only_company(oran.id), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        assert bills_seen() == {oran.id}


def test_an_answer_that_is_still_being_written_keeps_its_company(two: tuple[Company, Company]) -> None:
    oran, _tafna = two

    def pieces() -> Iterator[set[int]]:
        yield bills_seen()
        yield bills_seen()

    with nobody():
        enter_company(oran.id)
        answer = keeping_scope(pieces())
    with nobody():
        assert next(answer) == {oran.id}
        with pytest.raises(DatabaseError):
            bills_seen()
        assert next(answer) == {oran.id}


def test_every_table_is_a_companys_or_has_a_reason_not_to_be(behind_the_scenes: psycopg.Connection[Any]) -> None:
    """A new table needs a column `company_id`; one without is named in row_security.py, with its reason."""
    application, owner = (str(connections[alias].settings_dict["USER"]) for alias in ("default", "owner"))
    wrong, without = [], set()
    for table, is_secured, has_company in behind_the_scenes.execute(TABLES).fetchall():
        wanted = policies_of(table, has_company=has_company, application=application, owner=owner)
        there = behind_the_scenes.execute(POLICIES, [table]).fetchall()
        expected = [
            (policy.name, "SELECT" if policy.only_reading else "ALL", [policy.role], "PERMISSIVE") for policy in wanted
        ]
        if is_secured != bool(wanted) or there != expected:
            wrong.append((table, there))
        if not wanted:
            without.add(table)
    assert wrong == []
    assert without == set(OF_NO_COMPANY)


def test_securing_rows_again_touches_nothing(behind_the_scenes: psycopg.Connection[Any]) -> None:
    application, owner = (str(connections[alias].settings_dict["USER"]) for alias in ("default", "owner"))
    with behind_the_scenes.cursor() as cursor:
        assert secure_rows(cursor, application=application, owner=owner) == []


def test_the_application_has_the_wide_role_only_when_it_takes_it_on(
    behind_the_scenes: psycopg.Connection[Any],
) -> None:
    application = str(connections["default"].settings_dict["USER"])
    wide = role_of_every_company(application)
    held = "SELECT pg_has_role(%s, %s, 'MEMBER'), pg_has_role(%s, %s, 'USAGE')"
    assert behind_the_scenes.execute(held, [application, wide] * 2).fetchone() == (True, False)


def test_no_view_and_no_function_goes_around_the_policies(behind_the_scenes: psycopg.Connection[Any]) -> None:
    """Either would ask as its owner, to whom every row is shown."""
    views = "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
    functions = "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    assert behind_the_scenes.execute(views).fetchall() == []
    assert behind_the_scenes.execute(functions).fetchall() == []


def test_a_row_without_a_company_of_its_own_follows_the_row_it_points_to(two: tuple[Company, Company]) -> None:
    oran, tafna = two
    by_table: dict[str, type[models.Model]] = {model._meta.db_table: model for model in apps.get_models()}
    address, notice = by_table["notices_noticeaddress"], by_table["notices_notice"]
    for company in two:
        address_of = f"{company.code}@x.dz"
        write_notice(company_id=company.id, kind="receipt", reference="r", language="fr", address=address_of, now=NOON)
    assert set(OF_ITS_PARENT) <= by_table.keys()
    with only_company(oran.id):
        assert [row.address for row in address.objects.all()] == ["oran@x.dz"]
        assert notice.objects.count() == 1
    with only_company(tafna.id), every_company("to look behind"):
        assert address.objects.count() == 2
