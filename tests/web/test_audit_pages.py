"""Whoever looks after what people do: a list, and a file that proves itself."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from bawabati.audit.models import AuditEntry
from bawabati.audit.rules import check_file
from bawabati.audit.writes import record_act
from bawabati.companies.models import Company
from bawabati.flows.seal_audit import seal_audit
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from people import NOON, add_company
from staff import add_person, signed_in

pytestmark = pytest.mark.usefixtures("collected", "database")


@pytest.fixture
def oran() -> Company:
    return add_company()


@pytest.fixture
def amel(oran: Company) -> Staff:
    return add_person("amel@oran.example", Role.AUDITOR, company=oran)


@pytest.fixture
def auditor(amel: Staff) -> Client:
    return signed_in(amel)


def acts(company: Company, staff: Staff, *targets: str, days: int = 0) -> None:
    for target in targets:
        record_act(
            staff_id=staff.id,
            company_id=company.id,
            action=f"do_{target.partition(':')[0]}",
            target=target,
            details={"because": "=1+1 <b>"},
            now=NOON + timedelta(days=days),
        )


def page(client: Client, **asked: str) -> str:
    return client.get("/fr/office/audit/", asked).content.decode()


def sealed_file(client: Client, *, since: str = "2026-11-22", until: str = "2026-11-24") -> list[str]:
    answer = client.get("/fr/office/audit/sealed/", {"since": since, "until": until})
    assert answer.status_code == 200
    return told(answer).splitlines()


def told(answer: Any) -> str:  # noqa: ANN401 - a file of the test client
    content: bytes = answer.getvalue()
    answer.close()
    return content.decode("utf-8-sig")


def test_the_auditor_sees_who_did_what_and_no_other_companys(oran: Company, amel: Staff, auditor: Client) -> None:
    other = add_company(code="tlemcen")
    stranger = add_person("sid@tlemcen.example", Role.OPERATOR, company=other)
    acts(oran, amel, "refund:12")
    acts(other, stranger, "refund:99")
    shown = page(auditor)
    assert "do_refund" in shown
    assert "refund:12" in shown
    assert "refund:99" not in shown
    assert "=1+1 &lt;b&gt;" in shown


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"what": "do_bill"}, {"bill:3"}),
        ({"target": "case:2"}, {"case:2"}),
        ({"who": "AMEL@oran.example"}, {"refund:1", "case:2", "bill:3"}),
        ({"who": "nobody@oran.example"}, set()),
        ({"since": "2026-11-23"}, {"bill:3"}),
        ({"until": "2026-11-22"}, {"refund:1", "case:2"}),
        ({"since": "2026-11-22", "until": "2026-11-23", "target": "bill:3"}, {"bill:3"}),
    ],
)
def test_the_list_can_be_narrowed(
    oran: Company, amel: Staff, auditor: Client, asked: dict[str, str], found: set[str]
) -> None:
    acts(oran, amel, "refund:1", "case:2")
    acts(oran, amel, "bill:3", days=1)
    shown = page(auditor, **asked)
    rows = shown.partition("<tbody>")[2]
    assert {target for target in ("refund:1", "case:2", "bill:3") if target in rows} == found


def test_a_file_of_the_list_is_taken_and_that_is_written_down(oran: Company, amel: Staff, auditor: Client) -> None:
    acts(oran, amel, "refund:1")
    answer = auditor.get("/fr/office/audit/", {"as": "csv"})
    assert "do_refund" in told(answer)
    assert AuditEntry.objects.filter(action="read_audit", staff=amel).exists()


def test_acts_are_said_in_words_and_the_file_keeps_their_names_too(oran: Company, amel: Staff, auditor: Client) -> None:
    record_act(
        staff_id=amel.id, company_id=oran.id, action="approve_instalments", target="agreement:1", details={}, now=NOON
    )
    for language, words in (("fr", "Échéancier approuvé"), ("ar", "الموافقة على الدفع بالتقسيط")):
        shown = auditor.get(f"/{language}/office/audit/").content.decode()
        assert shown.count(words) == 2, "in the list, and among what it can be narrowed to"
        assert ">approve_instalments<" not in shown
        assert shown.count("approve_instalments") == 1, "the value of the choice"
    file = told(auditor.get("/fr/office/audit/", {"as": "csv"}))
    assert "Échéancier approuvé;approve_instalments;agreement:1" in file


def test_the_sealed_file_proves_itself_without_the_other_companys_acts(
    oran: Company, amel: Staff, auditor: Client
) -> None:
    other = add_company(code="tlemcen")
    stranger = add_person("sid@tlemcen.example", Role.OPERATOR, company=other)
    for day in range(3):
        acts(oran, amel, f"refund:{day}", f"case:{day}", days=day)
        acts(other, stranger, "refund:99", days=day)
        seal_audit(now=NOON + timedelta(days=day))
    acts(oran, amel, "refund:unsealed", days=2)
    lines = sealed_file(auditor)
    checked = check_file(lines)
    assert (checked.entries, checked.findings) == (6, ())
    assert "refund:99" not in "".join(lines)
    assert "refund:unsealed" not in "".join(lines)
    assert check_file(sealed_file(auditor, until="2026-11-22")).entries == 2
    assert AuditEntry.objects.filter(action="export_audit", staff=amel).count() == 2


@pytest.mark.parametrize("what", ["entry", "block", "key"])
def test_one_changed_character_of_the_file_is_found(oran: Company, amel: Staff, auditor: Client, what: str) -> None:
    acts(oran, amel, "refund:1", "refund:2", "refund:3")
    seal_audit(now=NOON)
    lines = sealed_file(auditor)
    at = next(at for at, line in enumerate(lines) if json.loads(line)["kind"] == what)
    for change in (changed(lines[at]), "{", "[]", '{"kind": "entry"}', "null", ""):
        assert check_file([*lines[:at], change, *lines[at + 1 :]]) != check_file(lines)


def changed(line: str) -> str:
    row: dict[str, Any] = json.loads(line)
    name = {"entry": "entry", "block": "root", "key": "public_key"}[row["kind"]]
    if name == "entry":
        row["entry"]["target"] = "refund:9"
    else:
        row[name] = ("0" if row[name][0] != "0" else "1") + row[name][1:]
    return json.dumps(row)


def test_the_command_checks_the_file_and_who_signed_it(
    oran: Company, amel: Staff, auditor: Client, tmp_path: Path
) -> None:
    acts(oran, amel, "refund:1")
    block = seal_audit(now=NOON)
    assert block is not None
    file = tmp_path / "audit.jsonl"
    file.write_text("\n".join(sealed_file(auditor)), encoding="utf-8")
    out = StringIO()
    call_command("check_audit_file", str(file), "--key", block.key_name, stdout=out)
    assert out.getvalue() == f"1 entries are as they were sealed. Signed by: {block.key_name}\n"
    with pytest.raises(CommandError, match="not genuine"):
        call_command("check_audit_file", str(file), "--key", "another-key", stdout=out)
    file.write_bytes(file.read_bytes().replace(b"refund:1", b"refund:2") + b"\xff\xfe")
    with pytest.raises(CommandError, match="not genuine"):
        call_command("check_audit_file", str(file), stdout=out)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("check_audit_file", str(tmp_path / "none"), stdout=out)


@pytest.mark.parametrize("role", [Role.FINANCE, Role.OPERATOR, Role.DIRECTOR, Role.COMMUNICATION, Role.CASHIER])
def test_nobody_else_looks_at_it(oran: Company, role: Role) -> None:
    client = signed_in(add_person("else@oran.example", role, company=oran))
    for address in ("/fr/office/audit/", "/fr/office/audit/sealed/"):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("asked", [{"since": "x"}, {"until": "9999-12-31"}, {"after": "x~y"}, {"target": "\0"}])
def test_odd_addresses_get_a_page(oran: Company, amel: Staff, auditor: Client, asked: dict[str, str]) -> None:
    acts(oran, amel, "refund:1")
    for address in ("/fr/office/audit/", "/fr/office/audit/sealed/"):
        answer = auditor.get(address, asked)
        answer.close()
        assert answer.status_code == 200
