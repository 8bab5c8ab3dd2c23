"""A company joins from its description, without a line of Python."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill
from bawabati.companies.models import Agency, Company, CompanyText, GatewayAccount, Reader
from bawabati.companies.reads import count_equipment, find_company, find_text, get_active_gateway_account
from bawabati.companies.reads import merchant_account as opened
from bawabati.flows.add_staff import add_staff
from bawabati.people.models import Staff, StaffRole
from bawabati.people.reads import roles_of
from bawabati.people.rules import AskingPersonNeeded, Role
from people import NOON, add_bill

EXAMPLE = Path(__file__).parents[2] / "docs" / "guides" / "company.example.json"
FIRST = "first@company.example"
LEILA = "administrator@company.example"

Description = dict[str, Any]


@pytest.fixture(autouse=True)
def first_administrator(database: None) -> None:  # noqa: ARG001 - emptied after the test
    run("add_staff", FIRST, "--name=First", "--role=administrator")


@pytest.fixture
def example(tmp_path: Path) -> Description:
    (tmp_path / "gateway-password").write_text("very secret\n")
    description: Description = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    description["merchant_account"]["password_file"] = "gateway-password"
    return description


@pytest.fixture
def set_up(tmp_path: Path) -> Callable[..., str]:
    """Writes the description down and brings it in."""

    def bring(description: object, *, login: str = FIRST) -> str:
        path = tmp_path / "company.json"
        text = description if isinstance(description, str) else json.dumps(description, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        return run("company", "add", str(path), f"--as={login}")

    return bring


@pytest.fixture
def mistakes(tmp_path: Path) -> Callable[..., list[str]]:
    """What is said against a description, a line each, and that nothing changed."""

    def refuse(description: object, *, login: str = FIRST) -> list[str]:
        path, said = tmp_path / "company.json", StringIO()
        path.write_text(description if isinstance(description, str) else json.dumps(description), encoding="utf-8")
        before = everything()
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("company", "add", str(path), f"--as={login}", stdout=said, stderr=said)
        assert everything() == before
        return [line.strip() for line in said.getvalue().splitlines()]

    return refuse


def run(command: str, *arguments: str) -> str:
    said = StringIO()
    call_command(command, *arguments, stdout=said, stderr=said)
    return said.getvalue()


def everything() -> list[int]:
    models = (Company, CompanyText, Agency, Reader, GatewayAccount, Staff, StaffRole, AuditEntry)
    return [model.objects.count() for model in models]


# --- the first person ---


def test_only_the_first_person_needs_nobodys_leave() -> None:
    for login in ("second@company.example", FIRST):
        with pytest.raises(CommandError, match="--as LOGIN"):
            run("add_staff", login, "--name=Second", "--role=administrator")
    run("add_staff", "second@company.example", "--name=Second", "--role=auditor", f"--as={FIRST}")
    with pytest.raises(CommandError, match="not allowed"):
        run("add_staff", "third@company.example", "--name=Third", "--role=auditor", "--as=second@company.example")
    assert list(AuditEntry.objects.order_by("id").values_list("staff__login", "action")) == [
        ("system@bawabati.invalid", "add_staff"),
        (FIRST, "add_staff"),
    ]


def test_of_two_first_people_at_once_one_is_first(together: Callable[..., list[Any]]) -> None:
    StaffRole.objects.all().delete()
    Staff.objects.filter(login=FIRST).delete()
    answers = together(
        *(
            lambda login=login: add_staff(
                login=login, name="", language="ar", role=Role.ADMINISTRATOR, company=None, asked_by=None, now=NOON
            )
            for login in ("one@company.example", "two@company.example")
        )
    )
    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [AskingPersonNeeded]


def test_a_login_is_an_address_and_never_the_systems_own() -> None:
    with pytest.raises(CommandError, match="not an e-mail address"):
        run("add_staff", "leila", "--name=Leila", "--role=auditor", f"--as={FIRST}")
    with pytest.raises(CommandError, match="system's own"):
        run("add_staff", "system@bawabati.invalid", "--name=X", "--role=administrator", f"--as={FIRST}")
    with pytest.raises(CommandError, match="not allowed"):
        run("add_staff", "a@company.example", "--name=A", "--role=auditor", "--as=system@bawabati.invalid")


# --- the description ---


def test_the_example_of_the_guide_makes_a_company(example: Description, set_up: Callable[..., str]) -> None:
    said = set_up(example)
    assert "company: new" in said
    company = find_company("example")
    assert company is not None
    assert (company.name_fr, company.ceiling_centimes, company.is_open) == ("Eaux de l'Exemple", 200_000_00, True)
    assert count_equipment(company.id).equipped == 1
    for kind in ("payment_terms", "sale_terms", "help", "notice"):
        for language in ("ar", "fr", "en"):
            assert CompanyText.objects.get(company=company, kind=kind, language=language).version == 1
    account = opened(get_active_gateway_account(company.id))
    assert (account.password, account.options) == ("very secret", {"wire": "current"})
    leila = Staff.objects.get(login=LEILA)
    assert roles_of(staff_id=leila.id, company_id=company.id) == {Role.ADMINISTRATOR}
    assert "very secret" not in said + str(list(AuditEntry.objects.values_list("details")))


def test_the_example_is_complete_but_for_its_password(mistakes: Callable[..., list[str]]) -> None:
    said = mistakes(EXAMPLE.read_text(encoding="utf-8"))
    assert len(said) == 1
    assert said[0].startswith("merchant_account.password_file cannot be read")


def test_brought_in_again_nothing_changes(example: Description, set_up: Callable[..., str]) -> None:
    set_up(example)
    before = everything()
    del example["merchant_account"]["password_file"]
    assert "nothing had to be changed" in set_up(example, login=LEILA)
    assert everything() == before


def test_what_is_different_is_changed_and_said(example: Description, set_up: Callable[..., str]) -> None:
    set_up(example)
    example["limits"]["ceiling_centimes"] = 100_000_00
    example["allows_part_payment"] = example["offers_other_bills"] = True
    example["agencies"][1]["open"] = False
    example["agencies"][0]["readers"][0]["active"] = False
    example["staff"][0]["roles"] = []
    example["texts"]["help"]["fr"] = "Appelez-nous."
    said = set_up(example, login=LEILA).splitlines()
    assert [line.strip() for line in said] == [
        "company: ceiling_centimes, allows_part_payment, offers_other_bills",
        "agency centre: reader RD-000001",
        "agency port: is_open",
        "staff operator@company.example: no role",
        "text help fr: version 2",
        "example: 5 changes.",
    ]
    company = Company.objects.get(code="example")
    assert count_equipment(company.id).equipped == 0
    assert not StaffRole.objects.filter(staff__login="operator@company.example").exists()
    assert AuditEntry.objects.filter(action="change_company", staff__login=LEILA).count() == 1


def test_an_earlier_version_of_a_text_stays(example: Description, set_up: Callable[..., str]) -> None:
    set_up(example)
    company = Company.objects.get(code="example")
    before = CompanyText.objects.get(company=company, kind="sale_terms", language="en")
    example["texts"]["sale_terms"]["en"] = "Other terms."
    set_up(example)
    before.refresh_from_db()
    assert before.body.startswith("Seller")
    after = CompanyText.objects.get(company=company, kind="sale_terms", language="en", version=2)
    found = find_text(company_id=company.id, kind="sale_terms", language="en", now=after.effective_at)
    assert found == after


def test_a_text_may_stand_in_a_file_of_its_own(
    example: Description, set_up: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "notice.txt").write_text("من ملف\n", encoding="utf-8-sig")
    example["texts"]["notice"]["ar"] = {"file": "notice.txt"}
    set_up(example)
    assert CompanyText.objects.get(kind="notice", language="ar").body == "من ملف"


def test_the_password_may_stand_in_the_environment(
    example: Description, set_up: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_PASSWORD_OF_THE_TEST", "from outside")
    del example["merchant_account"]["password_file"]
    example["merchant_account"]["password_variable"] = "GATEWAY_PASSWORD_OF_THE_TEST"
    set_up(example)
    assert opened(GatewayAccount.objects.get()).password == "from outside"


@pytest.mark.parametrize(
    ("part", "value"),
    [("user_name", "SAT2"), ("base_url", "https://other.example/payment/rest"), ("page_hosts", ["other.example"])],
)
def test_an_existing_merchant_account_is_not_changed_this_way(
    example: Description, set_up: Callable[..., str], mistakes: Callable[..., list[str]], part: str, value: object
) -> None:
    set_up(example)
    example["merchant_account"][part] = value
    (said,) = mistakes(example)
    assert part in said
    assert "takes two people" in said
    assert "bawabati change-gateway-account" in said


def test_another_password_is_not_taken_silently(
    example: Description, set_up: Callable[..., str], mistakes: Callable[..., list[str]], tmp_path: Path
) -> None:
    set_up(example)
    (tmp_path / "gateway-password").write_text("another")
    (said,) = mistakes(example)
    assert "(password)" in said


def test_every_mistake_is_named_with_its_place_at_once(
    example: Description, mistakes: Callable[..., list[str]]
) -> None:
    example["code"] = "Not A Code"
    del example["identity"]["name"]["en"]
    example["identity"]["email"] = "nowhere"
    example["identity"]["nif"] = 16000000001
    example["identity"]["nmae"] = "x"
    example["number_format"]["check_digits"] = "mod11"
    example["limits"]["ceiling_centimes"] = 4000
    example["texts"]["payment_terms"]["fr"] = {"file": "nothing.txt"}
    example["texts"]["sale_terms"] = {"ar": " ", "fr": "x", "en": "x"}
    example["agencies"][1]["code"] = "centre"
    example["agencies"][1]["readers"] = [{"serial": "RD-000001"}]
    example["staff"][0]["roles"] = [{"role": "boss"}]
    example["staff"][1]["language"] = "de"
    example["merchant_account"]["password"] = "very secret"
    example["merchant_account"]["page_hosts"] = "gateway.example"
    said = mistakes(example)
    for words in (
        "code has to be small letters",
        "identity.name.en is missing",
        "identity.email is not an e-mail address",
        "identity.nif has to be text, in quotes",
        "identity.nmae has no meaning here; is it misspelt?",
        "number_format.check_digits is none of mod97_10, luhn, none",
        "limits.ceiling_centimes has to be between 5000",
        "texts.payment_terms.fr.file cannot be read",
        "texts.sale_terms.ar has to say something",
        "agencies[1].code is the code of an earlier agency too",
        "agencies[1].readers[0].serial is the serial number of an earlier reader too",
        "staff[0].roles[0].role has to be one of cashier",
        "staff[1].language has to be one of ar, fr, en",
        "merchant_account.password must not stand here",
        "merchant_account.page_hosts has to be a list",
    ):
        assert [line for line in said if line.startswith(words)], words
    assert "very secret" not in "".join(said)


def test_mistakes_that_only_the_tables_can_tell_are_named_together(
    example: Description, mistakes: Callable[..., list[str]]
) -> None:
    example["surplus"]["owner"] = "operator@company.example"
    example["staff"][4]["roles"][0]["agency"] = "nowhere"
    example["staff"][0]["login"] = "system@bawabati.invalid"
    example["merchant_account"]["base_url"] = "http://gateway.example/payment/rest"
    example["merchant_account"]["gateway"] = "satim"
    assert sorted(line.partition(" ")[0] for line in mistakes(example)) == [
        "merchant_account",
        "staff[0].login",
        "staff[4].roles[0].agency",
        "surplus.owner",
    ]


def test_a_number_format_that_open_bills_do_not_fit_is_refused(
    example: Description, set_up: Callable[..., str], mistakes: Callable[..., list[str]]
) -> None:
    set_up(example)
    bill = add_bill(Company.objects.get(code="example"))
    example["number_format"] |= {"shortest": 15, "longest": 16}
    assert mistakes(example) == ["number_format does not fit a payment number that is printed on an open bill"]
    example["number_format"] |= {"shortest": 14}
    assert "number_format" in set_up(example)
    Bill.objects.filter(id=bill.id).update(status="withdrawn")
    example["number_format"] |= {"shortest": 15}
    assert "number_format" in set_up(example)


def test_an_open_company_has_a_merchant_account(
    example: Description, set_up: Callable[..., str], mistakes: Callable[..., list[str]]
) -> None:
    del example["merchant_account"]
    assert mistakes(example) == ["merchant_account is needed while the company is open"]
    example["open"] = False
    set_up(example)
    assert not GatewayAccount.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1, column 1 is not JSON"),
        ('{"code": "a",}', "is not JSON"),
        ('{"code": "a", "code": "b"}', "code stands twice"),
        ("[]", "has to be an object"),
        ("[" * 100_000, "nested too deeply"),
        ("{}", "code is missing"),
        ('{"identity": []}', "identity has to be an object"),
        ('{"agencies": {}, "staff": 1}', "agencies has to be a list"),
    ],
)
def test_what_is_no_description_is_said_in_plain_words(
    mistakes: Callable[..., list[str]], text: str, words: str
) -> None:
    assert any(words in line for line in mistakes(text))


def test_only_an_administrator_brings_a_company_in(example: Description, set_up: Callable[..., str]) -> None:
    for login in ("nobody@company.example", "system@bawabati.invalid"):
        with pytest.raises(CommandError, match="not allowed"):
            set_up(example, login=login)
    set_up(example)
    for login in ("operator@company.example", "finance@company.example"):
        with pytest.raises(CommandError, match="not allowed"):
            set_up(example, login=login)
    example["code"] = "another"
    with pytest.raises(CommandError, match="not allowed"):
        set_up(example, login=LEILA)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nothing\.json: No such file"):
        run("company", "add", str(tmp_path / "nothing.json"), f"--as={FIRST}")
