"""The communication officer writes for payers: side by side, seen before, in force from a moment, kept for ever."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from bawabati.audit.models import AuditEntry
from bawabati.companies.models import CompanyText
from bawabati.payments.models import Payment
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from bawabati.workdays import ALGIERS
from paying import start
from people import OMAR, SALIMA, add_bill, add_company
from staff import add_person, signed_in

if TYPE_CHECKING:
    from bawabati.companies.models import Company

pytestmark = pytest.mark.usefixtures("collected")
TEXTS = "/fr/office/texts/"
HELP = {"body_ar": "مساعدة", "body_fr": "Appelez le 3020.", "body_en": "Call 3020."}


@pytest.fixture
def meriem(company: Company) -> Client:
    return signed_in(add_person("meriem@oran.example", Role.COMMUNICATION, company=company, name="Meriem"))


def write(client: Client, kind: str = "help", *, act: str = "publish", **fields: str) -> Any:  # noqa: ANN401 - a response
    page = client.get(f"{TEXTS}{kind}/").content.decode()
    seen = dict(re.findall(r'name="(seen_\w\w)"\s+value="(\d+)"', page))
    return client.post(f"{TEXTS}{kind}/", {"when": "now", "act": act} | HELP | seen | fields)


def plain(answer: Any) -> str:  # noqa: ANN401 - a response
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("&#x27;", "'")


def test_a_text_is_looked_at_published_and_read_by_payers(meriem: Client) -> None:
    looked_at = write(meriem, act="preview")
    assert looked_at.status_code == 200
    assert 'class="as-payer"' in looked_at.content.decode()
    assert "<ins>" in looked_at.content.decode()
    assert "help (fr)" in plain(Client().get("/fr/oran/text/help/"))
    written = write(meriem)
    assert written.status_code == 303
    assert "Une nouvelle version est conservée" in plain(meriem.get(written["Location"]))
    assert "Une nouvelle version est conservée" not in plain(meriem.get(f"{TEXTS}help/versions/"))
    for language, words in (("fr", "Appelez le 3020."), ("ar", "مساعدة"), ("en", "Call 3020.")):
        assert words in plain(Client().get(f"/{language}/oran/text/help/"))


def test_the_payers_own_page_is_shown_before_anything_is_published(meriem: Client) -> None:
    address = "/ar/office/texts/help/preview/"
    page = meriem.post(address, HELP)
    assert 'dir="rtl"' in page.content.decode()
    assert "مساعدة" in plain(page)
    assert CompanyText.objects.filter(kind="help", version=2).count() == 0
    notice = meriem.post("/fr/office/texts/notice/preview/", {"body_fr": "Coupure d'eau lundi"})
    assert "Coupure d'eau lundi" in plain(notice)
    assert meriem.get(address).status_code == 405


def test_a_text_for_later_is_planned_and_payers_read_the_old_one(meriem: Client) -> None:
    later = (timezone.now() + timedelta(days=3)).astimezone(ALGIERS)
    assert write(meriem, when="later", begins=f"{later:%Y-%m-%dT%H:%M}").status_code == 303
    assert "help (fr)" in plain(Client().get("/fr/oran/text/help/"))
    assert "Prévu" in plain(meriem.get(TEXTS))
    assert f"{later:%d/%m/%Y %H:%M}" in plain(meriem.get(f"{TEXTS}help/versions/"))


@pytest.mark.parametrize("begins", ["", "tomorrow", "2020-01-01T00:00"])
def test_a_moment_that_is_none_is_said_and_the_words_are_kept(meriem: Client, begins: str) -> None:
    answer = write(meriem, when="later", begins=begins)
    assert answer.status_code == 422
    assert "Appelez le 3020." in answer.content.decode()
    assert CompanyText.objects.filter(kind="help", version=2).count() == 0


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("a" * 12_001, "12001"),
        ("bell \a", "U+0007"),
        ("payez \u202e05", "U+202E"),
        ("", "vide"),
        ("carte 6280 5811 1000 7215", "carte"),
    ],
)
def test_bad_words_are_refused_with_a_clear_word_beside_them(meriem: Client, body: str, word: str) -> None:
    answer = write(meriem, body_fr=body)
    assert answer.status_code == 422
    assert word in plain(answer)
    assert "6280 5811" not in answer.content.decode()
    assert "Call 3020." in answer.content.decode()
    assert CompanyText.objects.filter(kind="help", version=2).count() == 0


def test_html_is_shown_as_text_and_said_so(meriem: Client) -> None:
    answer = write(meriem, act="preview", body_fr="<b>Important</b>")
    assert "&lt;b&gt;Important" in answer.content.decode()
    assert "tels quels" in plain(answer)
    write(meriem, body_fr="<b>Important</b>")
    assert "&lt;b&gt;Important" in Client().get("/fr/oran/text/help/").content.decode()


def test_a_language_that_lags_behind_is_said(meriem: Client) -> None:
    write(meriem, body_ar="help (ar)", body_en="help (en)")
    page = plain(meriem.get(TEXTS))
    assert "Plus ancien que dans une autre langue : العربية · English" in page
    write(meriem, "notice", body_ar="", body_en="", body_fr="Avis")
    assert "Manque en : العربية · English" in plain(meriem.get(TEXTS))


def test_a_notice_has_an_end_and_is_gone_after_it(meriem: Client) -> None:
    ends = (timezone.now() + timedelta(days=1)).astimezone(ALGIERS)
    notice = {"body_ar": "إعلان", "body_fr": "Coupure", "body_en": "Cut", "ends": f"{ends:%Y-%m-%dT%H:%M}"}
    assert write(meriem, "notice", **notice).status_code == 303
    assert "Coupure" in plain(Client().get("/fr/oran/"))
    assert f'value="{ends:%Y-%m-%dT%H:%M}"' in meriem.get(f"{TEXTS}notice/").content.decode()
    text = CompanyText.objects.get(kind="notice", language="fr")
    assert text.ends_at is not None
    assert abs(text.ends_at - ends) < timedelta(minutes=1)


def test_two_versions_are_compared_word_by_word(meriem: Client) -> None:
    write(meriem)
    write(meriem, body_fr="Appelez le 3021.")
    third = CompanyText.objects.get(kind="help", language="fr", version=3)
    page = meriem.get(f"{TEXTS}version/{third.id}/").content.decode()
    assert "<del>3020.</del><ins>3021.</ins>" in page
    first = CompanyText.objects.get(kind="help", language="fr", version=1)
    against = meriem.get(f"{TEXTS}version/{third.id}/?against={first.id}").content.decode()
    assert "<del>help (fr)</del>" in against
    assert meriem.get(f"{TEXTS}version/{first.id}/?against=99999999999999999999").status_code == 200


def test_the_list_of_versions_says_who_and_when(meriem: Client) -> None:
    write(meriem)
    page = plain(meriem.get(f"{TEXTS}help/versions/?in=fr"))
    assert "Meriem" in page
    assert "la description de l’entreprise" in page
    assert "English" not in page.split("Écrit par")[-1]


def test_what_a_payer_accepted_is_shown_whatever_holds_today(open_company: Company) -> None:
    payment = start(open_company, add_bill(open_company))
    officer = add_person("meriem@oran.example", Role.COMMUNICATION, company=open_company)
    write(signed_in(officer), "sale_terms")
    salima = signed_in(Staff.objects.get(login=SALIMA))
    page = plain(salima.get(f"{TEXTS}accepted/{payment.id}/"))
    assert f"sale_terms ({payment.language})" in page
    assert "Appelez" not in page
    assert AuditEntry.objects.filter(action="read_accepted_texts", target=f"payment:{payment.id}").count() == 1
    assert f"{TEXTS}accepted/{payment.id}/" in salima.get(f"/fr/office/payments/{payment.id}/").content.decode()
    other = add_company("alger", user_name="SAT2", terminal_id="E2")
    stranger = signed_in(add_person("finance@alger.example", Role.FINANCE, company=other))
    assert stranger.get(f"{TEXTS}accepted/{payment.id}/").status_code == 404
    assert Payment.objects.count() == 1


def test_an_auditor_reads_and_writes_nothing(company: Company) -> None:
    auditor = signed_in(add_person("auditor@oran.example", Role.AUDITOR, company=company))
    text = CompanyText.objects.filter(company=company).first()
    assert text is not None
    for address in ("", "help/versions/", f"version/{text.id}/"):
        assert auditor.get(f"{TEXTS}{address}").status_code == 200
    assert auditor.get(f"{TEXTS}help/").status_code == 403
    assert auditor.post(f"{TEXTS}help/", {"act": "publish"} | HELP).status_code == 403
    assert signed_in(Staff.objects.get(login=OMAR)).get(TEXTS).status_code == 403


def test_another_companys_versions_are_not_there(meriem: Client) -> None:
    other = add_company("alger", user_name="SAT2", terminal_id="E2")
    theirs = CompanyText.objects.filter(company=other).first()
    assert theirs is not None
    assert meriem.get(f"{TEXTS}version/{theirs.id}/").status_code == 404
    assert meriem.get(f"{TEXTS}nothing/").status_code == 404


def test_a_long_text_in_arabic_fits_into_one_form(meriem: Client) -> None:
    long = "ماء " * 5_000
    answer = write(meriem, "sale_terms", body_ar=long, body_fr="é" * 20_000, body_en="e" * 20_000)
    assert answer.status_code == 303
