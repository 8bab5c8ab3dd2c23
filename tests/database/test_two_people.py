"""A merchant account is changed by two people, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from bawabati.audit.models import AuditEntry
from bawabati.companies.models import Company, GatewayAccount
from bawabati.companies.reads import get_active_gateway_account, merchant_account
from bawabati.flows.approve_change import ChangeOutdated, approve_change, refuse_change
from bawabati.flows.ask_change import GatewayChange, NewPasswordNeeded, NothingChanges, ask_gateway_change
from bawabati.flows.steps.merchant_account import MerchantAccountWrong
from bawabati.people.models import PendingChange, Staff
from bawabati.people.rules import ChangeDecided, ChangeWaiting, NoSuchChange, NotAllowed, Role, SamePerson
from bawabati.people.writes import add_staff, give_role
from people import NOON, OMAR, SALIMA, add_company

LEILA = "leila@oran.example"
TAREK = "tarek@tafna.example"
NEW_URL = "https://gateway.example/payment/rest"


@pytest.fixture
def company(database: None) -> Company:  # noqa: ARG001 - emptied after the test
    """Salima, of finance, may ask and approve; so may Leila, the director, who only approves; Omar may neither."""
    company = add_company(gateway_url="https://old.example")
    give_role(staff=add_staff(login=LEILA, name="Leila", language="ar", now=NOON), role=Role.DIRECTOR, company=company)
    return company


def ask(company: Company, *, login: str = SALIMA, **changes: Any) -> PendingChange:  # noqa: ANN401 - whatever a change may be made of
    return ask_gateway_change(company=company, change=GatewayChange(**changes), login=login, now=NOON)


def approve(change: PendingChange, *, login: str = LEILA) -> PendingChange:
    return approve_change(change_id=change.id, login=login, now=NOON)


def test_nothing_changes_before_another_person_approves(company: Company) -> None:
    change = ask(company, base_url=NEW_URL, page_hosts=["gateway.example"], password="new")
    before = merchant_account(get_active_gateway_account(company.id))
    assert (before.base_url, before.password) == ("https://old.example/payment/rest", "sandbox-oran-1")
    approve(change)
    after = merchant_account(get_active_gateway_account(company.id))
    assert (after.base_url, after.page_hosts, after.password) == (NEW_URL, ("gateway.example",), "new")
    assert after.user_name == before.user_name


def test_the_password_stands_in_clear_nowhere_and_goes_with_the_decision(company: Company) -> None:
    change = ask(company, password="a secret password")
    change.refresh_from_db()
    assert b"a secret password" not in bytes(change.secret_sealed or b"")
    assert "a secret password" not in str(change.what) + str(list(AuditEntry.objects.values_list("details")))
    approve(change)
    change.refresh_from_db()
    assert change.secret_sealed is None
    assert merchant_account(get_active_gateway_account(company.id)).password == "a secret password"


def test_another_user_is_another_row_that_keeps_what_its_gateway_understands(company: Company) -> None:
    GatewayAccount.objects.update(options={"wire": "older"}, page_life_seconds=600)
    with pytest.raises(NewPasswordNeeded):
        ask(company, user_name="SAT2")
    approve(ask(company, user_name="SAT2", password="two"))
    old, new = GatewayAccount.objects.order_by("id")
    assert (old.is_active, new.is_active) == (False, True)
    assert (new.user_name, new.options, new.page_life_seconds) == ("SAT2", {"wire": "older"}, 600)


def test_nobody_approves_alone(company: Company) -> None:
    change = ask(company, base_url=NEW_URL)
    with pytest.raises(SamePerson):
        approve(change, login=SALIMA)
    asked_by = Staff.objects.get(login=SALIMA)
    row = PendingChange.objects.filter(id=change.id)
    with pytest.raises(DatabaseError, match="change_two_people"), transaction.atomic():
        row.update(state="approved", decided_by=asked_by, decided_at=NOON, secret_sealed=None)


@pytest.mark.parametrize(
    "rewritten", [{"what": {}}, {"asked_by_id": 0}, {"secret_sealed": b"another"}, {"kind": "x"}, {"asked_at": None}]
)
def test_the_database_lets_nobody_rewrite_what_was_asked(company: Company, rewritten: dict[str, object]) -> None:
    row = PendingChange.objects.filter(id=ask(company, password="new").id)
    with pytest.raises(DatabaseError, match="not rewritten"), transaction.atomic():
        row.update(**rewritten)
    with pytest.raises(DatabaseError, match="not rewritten"), transaction.atomic():
        row.delete()


def test_a_decision_is_final(company: Company) -> None:
    change = ask(company, base_url=NEW_URL)
    refuse_change(change_id=change.id, login=LEILA, now=NOON)
    for decide in (approve_change, refuse_change):
        with pytest.raises(ChangeDecided):
            decide(change_id=change.id, login=LEILA, now=NOON)
    with pytest.raises(DatabaseError, match="does not go from refused"), transaction.atomic():
        PendingChange.objects.filter(id=change.id).update(state="approved")
    assert get_active_gateway_account(company.id).base_url == "https://old.example/payment/rest"


def test_only_who_may_asks_and_approves_and_only_in_the_own_company(company: Company) -> None:
    tafna = add_company("tafna")
    give_role(staff=add_staff(login=TAREK, name="Tarek", language="ar", now=NOON), role=Role.DIRECTOR, company=tafna)
    for login in (OMAR, LEILA, TAREK, "nobody@oran.example"):
        with pytest.raises(NotAllowed):
            ask(company, login=login, base_url=NEW_URL)
    change = ask(company, base_url=NEW_URL)
    for login in (OMAR, TAREK, ""):
        for decide in (approve_change, refuse_change):
            with pytest.raises(NotAllowed):
                decide(change_id=change.id, login=login, now=NOON)
    with pytest.raises(NoSuchChange):
        approve_change(change_id=0, login=LEILA, now=NOON)


def test_who_asked_may_take_it_back(company: Company) -> None:
    change = refuse_change(change_id=ask(company, base_url=NEW_URL).id, login=SALIMA, now=NOON)
    assert change.state == "refused"


def test_one_change_waits_at_a_time(company: Company) -> None:
    first = ask(company, base_url=NEW_URL)
    with pytest.raises(ChangeWaiting, match=str(first.id)):
        ask(company, password="new")
    approve(first)
    ask(company, password="new")


def test_nobody_approves_what_has_become_something_else(company: Company) -> None:
    change = ask(company, base_url=NEW_URL)
    GatewayAccount.objects.update(base_url="https://third.example/payment/rest")
    with pytest.raises(ChangeOutdated):
        approve(change)
    assert get_active_gateway_account(company.id).base_url == "https://third.example/payment/rest"


def test_what_makes_no_sense_is_not_even_asked(company: Company) -> None:
    for nothing in ({}, {"base_url": "https://old.example/payment/rest"}):
        with pytest.raises(NothingChanges):
            ask(company, **nothing)
    for address in ("http://outside.example/payment/rest", "nowhere"):
        with pytest.raises(MerchantAccountWrong):
            ask(company, base_url=address)
    with pytest.raises(MerchantAccountWrong):
        ask(company, page_hosts=[])
    assert not PendingChange.objects.exists()


def test_approved_by_two_at_once_it_happens_once(company: Company, together: Callable[..., list[Any]]) -> None:
    change = ask(company, base_url=NEW_URL)
    answers = together(*[lambda: approve(change)] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["ChangeDecided", "PendingChange"]
    assert AuditEntry.objects.filter(action="approve_change").count() == 1


def test_every_step_is_written_down(company: Company) -> None:
    approve(ask(company, base_url=NEW_URL))
    acts = AuditEntry.objects.order_by("id").values_list("action", "staff__login")
    assert list(acts) == [("ask_gateway_change", SALIMA), ("approve_change", LEILA)]


# --- at a terminal ---


def run(command: str, *arguments: str) -> str:
    said = StringIO()
    call_command(command, *arguments, stdout=said, stderr=said)
    return said.getvalue()


def test_the_commands_say_what_was_asked_and_what_comes_next(company: Company, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("new\n")
    asked = run(
        "change_gateway_account",
        *(f"--company={company.code}", f"--base-url={NEW_URL}", "--page-host=gateway.example"),
        *(f"--password-file={tmp_path / 'password'}", f"--as={SALIMA}"),
    )
    change = PendingChange.objects.get()
    assert f"base_url: https://old.example/payment/rest → {NEW_URL}" in asked
    assert f"bawabati approve-change {change.id} --as LOGIN" in asked
    assert "password: a new one" in run("approve_change", str(change.id), "--show")
    with pytest.raises(CommandError, match="Another person"):
        run("approve_change", str(change.id), f"--as={SALIMA}")
    assert "it holds from now on" in run("approve_change", str(change.id), f"--as={LEILA}")
    assert merchant_account(get_active_gateway_account(company.id)).password == "new"


def test_the_commands_say_what_is_missing(company: Company, tmp_path: Path) -> None:
    for arguments, words in (
        (["--password-variable=NOT_SET_ANYWHERE"], "NOT_SET_ANYWHERE"),
        ([f"--password-file={tmp_path / 'nothing'}"], "No such file"),
    ):
        with pytest.raises(CommandError, match=words):
            run("change_gateway_account", f"--company={company.code}", f"--as={SALIMA}", *arguments)
    with pytest.raises(CommandError, match="no company"):
        run("change_gateway_account", "--company=nowhere", f"--as={SALIMA}")
    with pytest.raises(CommandError, match="number 7"):
        run("approve_change", "7", f"--as={LEILA}")
    with pytest.raises(CommandError, match="who decides"):
        run("approve_change", str(ask(company, base_url=NEW_URL).id))
