"""What a company sets for itself, on pages: each change is checked, written down, and overwrites nobody's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill
from bawabati.companies.models import Agency, Company, CompanyText, GatewayAccount
from bawabati.companies.rules import IDENTITY, MINTED_FORMAT
from bawabati.flows.change_company import change_identity, look_of
from bawabati.people.models import PendingChange, Staff
from bawabati.people.rules import Role
from people import NADIA, NOON, OMAR, SALIMA, add_bill, add_company
from staff import add_agency, add_person, signed_in

if TYPE_CHECKING:
    from payers import Page

pytestmark = pytest.mark.usefixtures("collected")
HERE = "/fr/office/companies/"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"/></svg>'
A_CARD_NUMBER = "6280 5811 1000 7215"


@pytest.fixture
def omar(company: Company) -> Client:  # noqa: ARG001 - whose operator he is
    return signed_in(Staff.objects.get(login=OMAR))


def form_of(page: Any) -> dict[str, str]:  # noqa: ANN401 - a response
    """The fields of the page's form as a browser would send them, its ticks and choices too."""
    text = page.content.decode()
    main = text[text.index("<main") :]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = (re.search(rf'{part}="([^"]*)"', tag) for part in ("name", "value"))
        if name and 'type="file"' not in tag and ("checkbox" not in tag or "checked" in tag):
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', main, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"\s+selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: value.replace("&#x27;", "'").replace("&nbsp;", " ") for name, value in found.items()}


def change(client: Client, part: str, **fields: str) -> Any:  # noqa: ANN401 - a response
    filled = form_of(client.get(f"{HERE}{part}/"))
    return client.post(f"{HERE}{part}/", filled | fields)


def plain(answer: Page | Any) -> str:  # noqa: ANN401 - a response
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("&#x27;", "'")


def last_change() -> dict[str, Any]:
    details: dict[str, Any] = AuditEntry.objects.filter(action="change_company").latest("id").details
    return details


def test_the_identity_is_changed_with_what_was_before(omar: Client, company: Company) -> None:
    assert change(omar, "identity", name_fr="Société des eaux d'Oran").status_code == 303
    company.refresh_from_db()
    assert company.name_fr == "Société des eaux d'Oran"
    assert last_change() == {
        "part": "identity",
        "changed": {"name_fr": ["Société des eaux", "Société des eaux d'Oran"]},
    }
    assert "Société des eaux d'Oran" in plain(omar.get(HERE))


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("name_ar", "", "nécessaire"),
        ("email", "nobody", "adresse e-mail"),
        ("legal_form", "x" * 61, "Au plus 60 caractères"),
        ("address_fr", f"rue {A_CARD_NUMBER}", "carte"),
    ],
)
def test_what_cannot_stand_on_receipts_is_refused_and_the_rest_is_kept(
    omar: Client, company: Company, field: str, value: str, word: str
) -> None:
    answer = change(omar, "identity", name_en="Another name", **{field: value})
    assert answer.status_code == 422
    assert word in plain(answer)
    assert "Another name" in answer.content.decode()
    assert A_CARD_NUMBER not in answer.content.decode()
    before = company.name_en
    company.refresh_from_db()
    assert company.name_en == before


def test_limits_are_changed_and_too_small_ones_refused_beside_their_field(omar: Client, company: Company) -> None:
    assert change(omar, "limits", minimum_centimes="100,00", allows_part_payment="yes").status_code == 303
    company.refresh_from_db()
    assert (company.minimum_centimes, company.allows_part_payment) == (100_00, True)
    small = change(omar, "limits", minimum_centimes="49,99")
    assert small.status_code == 422
    assert "pas moins de" in plain(small)
    assert change(omar, "limits", ceiling_centimes="60").status_code == 422
    assert change(omar, "limits", ceiling_centimes="many").status_code == 422
    assert change(omar, "limits", ceiling_centimes="").status_code == 422


def test_whoever_sees_to_a_surplus_may_own_a_case(omar: Client, company: Company) -> None:
    page = omar.get(f"{HERE}surplus/").content.decode()
    assert SALIMA in page
    assert NADIA not in page
    done = change(omar, "surplus", surplus_becomes="card", surplus_promised_working_days="5")
    assert done.status_code == 303
    company.refresh_from_db()
    assert (company.surplus_becomes, company.surplus_promised_working_days) == ("card", 5)
    for fields in (
        {"surplus_owner_login": NADIA},
        {"surplus_owner_login": ""},
        {"surplus_becomes": "gone"},
        {"surplus_promised_working_days": "91"},
        {"surplus_promised_working_days": "soon"},
    ):
        assert change(omar, "surplus", **fields).status_code == 422


def test_numbers_are_tried_before_a_format_is_kept(omar: Client, company: Company) -> None:
    bill = add_bill(company)
    printed = f"{bill.payment_number[:4]} {bill.payment_number[4:]}"
    tried = change(omar, "numbers", act="try", numbers=f"{printed}\n12345\n{A_CARD_NUMBER}")
    page = plain(tried)
    assert bill.payment_number in page
    assert "C'est un numéro de cette entreprise." in page
    assert "autre longueur" in page
    assert A_CARD_NUMBER not in tried.content.decode()
    company.refresh_from_db()
    assert company.number_format == MINTED_FORMAT.to_json()


def test_a_format_that_hides_an_open_bill_is_refused(omar: Client, company: Company) -> None:
    bill = add_bill(company)
    refused = change(omar, "numbers", act="keep", shortest="18", longest="18", check_digits="none")
    assert refused.status_code == 422
    assert "facture ouverte" in plain(refused)
    Bill.objects.filter(id=bill.id).update(status="cancelled")
    assert change(omar, "numbers", act="keep", shortest="18", longest="18", check_digits="none").status_code == 303
    company.refresh_from_db()
    assert company.number_format["shortest"] == 18
    short = change(omar, "numbers", act="keep", shortest="6", longest="6")
    assert "se devine" in plain(short)


@pytest.mark.parametrize("fields", [{"shortest": "x"}, {"longest": "99"}, {"alphabet": "runes"}, {"prefix": "é"}])
def test_a_format_that_is_none_is_said(omar: Client, fields: dict[str, str]) -> None:
    assert change(omar, "numbers", act="keep", **fields).status_code == 422


def test_a_logo_is_a_harmless_drawing(omar: Client, company: Company) -> None:
    seen = form_of(omar.get(f"{HERE}logo/"))["seen"]

    def send(content: bytes, **more: str) -> Any:  # noqa: ANN401 - a response
        file = SimpleUploadedFile("logo.svg", content)
        return omar.post(f"{HERE}logo/", {"seen": seen, "file": file} | more)

    assert send(SVG.replace(b"<circle", b"<script>x</script><circle")).status_code == 422
    assert send(b"\x89PNG\r\n\x1a\n").status_code == 422
    assert send(b"").status_code == 422
    assert send(SVG + b" " * 70_000).status_code == 422
    assert send(SVG).status_code == 303
    company.refresh_from_db()
    assert company.logo_svg == SVG.decode()
    assert "data:image/svg+xml" in omar.get(HERE).content.decode()
    assert len(last_change()["changed"]["logo_svg"][1]) == 64
    assert change(omar, "logo", act="remove").status_code == 303
    company.refresh_from_db()
    assert company.logo_svg == ""


def test_the_company_closes_to_new_payments_and_opens_when_it_is_ready(omar: Client, company: Company) -> None:
    page = form_of(omar.get(HERE))
    assert omar.post(f"{HERE}opening/", {"seen": page["seen"], "act": "close", "because": ""}).status_code == 422
    closing = {"seen": page["seen"], "act": "close", "because": "works on the network"}
    assert omar.post(f"{HERE}opening/", closing).status_code == 303
    company.refresh_from_db()
    assert not company.is_open
    assert last_change()["because"] == "works on the network"
    seen = form_of(omar.get(HERE))["seen"]
    account = GatewayAccount.objects.get(company=company)
    GatewayAccount.objects.filter(id=account.id).update(is_active=False)
    opening = {"seen": seen, "act": "open", "because": "ready"}
    refused = omar.post(f"{HERE}opening/", opening)
    assert refused.status_code == 422
    assert "compte marchand" in plain(refused)
    GatewayAccount.objects.filter(id=account.id).update(is_active=True)
    assert omar.post(f"{HERE}opening/", opening).status_code == 303
    company.refresh_from_db()
    assert company.is_open


def test_a_company_without_its_terms_in_a_language_does_not_open(database: None) -> None:  # noqa: ARG001
    bare = add_company("tafna")
    Company.objects.filter(id=bare.id).update(is_open=False)
    other = Company.objects.create(
        **{column: getattr(bare, column) for column in IDENTITY},
        code="bare",
        number_format=bare.number_format,
        is_open=False,
        created_at=NOON,
    )
    client = signed_in(add_person("operator@bare.example", Role.OPERATOR, company=other))
    seen = form_of(client.get(HERE))["seen"]
    refused = client.post(f"{HERE}opening/", {"seen": seen, "act": "open", "because": "now"})
    assert refused.status_code == 422
    assert "Conditions de paiement" in plain(client.get(HERE))
    assert "manque" in plain(client.get(f"{HERE}ready/"))
    assert CompanyText.objects.filter(company=other).count() == 0


def test_nobody_overwrites_what_he_has_not_seen(omar: Client) -> None:
    old = form_of(omar.get(f"{HERE}identity/"))
    assert change(omar, "identity", phone="041 11 11 11").status_code == 303
    late = omar.post(f"{HERE}identity/", old | {"phone": "041 22 22 22"})
    assert late.status_code == 422
    assert "Quelqu'un a modifié ceci" in plain(late)
    assert Company.objects.get().phone == "041 11 11 11"


def test_of_two_changes_at_once_one_is_told(company: Company, together: Callable[..., list[Any]]) -> None:
    seen = look_of(company, IDENTITY)
    values = {column: getattr(company, column) for column in IDENTITY}
    staff = Staff.objects.get(login=OMAR)

    def call(phone: str) -> list[str]:
        return change_identity(
            company_id=company.id, values=values | {"phone": phone}, seen=seen, staff=staff, now=NOON
        )

    results = together(lambda: call("041 11 11 11"), lambda: call("041 22 22 22"))
    assert sorted(type(result).__name__ for result in results) == ["CompanyChangedMeanwhile", "list"]


def test_an_agency_is_added_changed_and_closed(omar: Client, company: Company) -> None:
    described = {
        "code": "AG09",
        "name_ar": "وكالة الصديقية",
        "name_fr": "Agence Seddikia",
        "commune_ar": "وهران",
        "commune_fr": "Oran",
        "is_open": "yes",
    }
    assert omar.post(f"{HERE}agencies/add/", described).status_code == 303
    agency = Agency.objects.get(code="AG09")
    assert "Agence Seddikia" in plain(omar.get(f"{HERE}agencies/"))
    assert "Agence Seddikia" in plain(Client().get("/fr/oran/agencies/"))
    closed = described | {"name_fr": "Agence de Seddikia"}
    del closed["is_open"]
    assert omar.post(f"{HERE}agencies/{agency.id}/", closed).status_code == 303
    agency.refresh_from_db()
    assert not agency.is_open
    details = AuditEntry.objects.filter(action="keep_agency").latest("id").details
    assert details["changed"] == {"name_fr": ["Agence Seddikia", "Agence de Seddikia"], "is_open": [True, False]}
    assert "Seddikia" not in plain(Client().get("/fr/oran/agencies/"))
    for wrong in ({"code": "ag09"}, {"code": "AG 9"}, {"code": "é"}, {"code": "AG10", "name_fr": ""}):
        answer = omar.post(f"{HERE}agencies/add/", described | wrong)
        assert answer.status_code == 422, wrong
    assert Agency.objects.filter(company=company).count() == 1


def test_another_companys_agency_is_not_there(company: Company) -> None:
    client = signed_in(add_person("operator@oran.example", Role.OPERATOR, company=company))
    theirs = add_agency(add_company("alger", user_name="SAT2", terminal_id="E2"))
    assert client.get(f"{HERE}agencies/{theirs.id}/").status_code == 404
    assert client.post(f"{HERE}agencies/{theirs.id}/", {"name_fr": "Ours"}).status_code == 404


def test_the_merchant_account_is_changed_by_two_people(company: Company) -> None:
    salima, nadia = (signed_in(Staff.objects.get(login=login)) for login in (SALIMA, NADIA))
    page = salima.get(f"{HERE}gateway/")
    filled = form_of(page)
    assert "sandbox-oran-1" not in page.content.decode()
    asked = salima.post(f"{HERE}gateway/ask/", filled | {"terminal_id": "E010901999", "password": ""})
    assert asked.status_code == 303, plain(asked)
    pending = PendingChange.objects.get()
    shown = plain(nadia.get(f"{HERE}gateway/"))
    assert "E010901201 → E010901999" in shown
    decision = {"change": str(pending.id), "act": "approve"}
    assert salima.post(f"{HERE}gateway/decide/", decision).status_code == 422
    assert GatewayAccount.objects.get(company=company).terminal_id == "E010901201"
    assert nadia.post(f"{HERE}gateway/decide/", decision).status_code == 303
    assert GatewayAccount.objects.get(company=company).terminal_id == "E010901999"
    again = salima.post(f"{HERE}gateway/ask/", filled | {"terminal_id": "E010901999"})
    assert again.status_code == 422
    assert "Rien ne changerait" in plain(again)


def test_nobody_decides_another_companys_change(company: Company) -> None:
    other = add_company("alger", user_name="SAT2", terminal_id="E2")
    finance = signed_in(add_person("finance@alger.example", Role.FINANCE, company=other))
    page = form_of(finance.get(f"{HERE}gateway/"))
    finance.post(f"{HERE}gateway/ask/", page | {"terminal_id": "E3"})
    pending = PendingChange.objects.get(company=other)
    director = signed_in(add_person("director@oran.example", Role.DIRECTOR, company=company))
    answer = director.post(f"{HERE}gateway/decide/", {"change": str(pending.id), "act": "approve"})
    assert answer.status_code == 422
    assert GatewayAccount.objects.get(company=other).terminal_id == "E2"


def test_an_auditor_sees_and_changes_nothing(company: Company) -> None:
    auditor = signed_in(add_person("auditor@oran.example", Role.AUDITOR, company=company))
    page = auditor.get(HERE)
    assert page.status_code == 200
    assert "<form" not in page.content.decode().split('class="desk office"')[1]
    for seen in ("agencies/", "gateway/", "ready/", "calendar/"):
        shown = auditor.get(f"{HERE}{seen}")
        assert shown.status_code == 200
        assert "<form" not in shown.content.decode().split('class="desk office"')[1], seen
    assert "sandbox-oran-1" not in auditor.get(f"{HERE}gateway/").content.decode()
    assert auditor.post(f"{HERE}calendar/", {"day": "2099-01-01"}).status_code == 422
    for part in (
        "identity/",
        "limits/",
        "surplus/",
        "numbers/",
        "logo/",
        "agencies/add/",
        "agencies/file/",
        "colours/",
    ):
        assert auditor.get(f"{HERE}{part}").status_code == 403
        assert auditor.post(f"{HERE}{part}", {}).status_code in {403, 405}
    assert auditor.post(f"{HERE}opening/", {"act": "close", "because": "x"}).status_code == 403
