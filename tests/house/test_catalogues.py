"""Collecting the sentences that people read."""

from pathlib import Path

import pytest

from bawabati.config import catalogues

CODE = """
from django.utils.translation import gettext as _, ngettext

class TooOld(Exception):
    sentence = "This bill is too old."

def view(count):
    return f"{_('Inside')}: {count}", _("Pay the bill"), ngettext("%(count)s bill", "%(count)s bills", count)
"""
PAGE = """{% load i18n %}<h1>{% translate "Your bill" %}</h1>
{% blocktranslate count n=lines trimmed %}
  one line
{% plural %}
  {{ n }} lines
{% endblocktranslate %}"""
SENTENCES = ["%(count)s bill", "Inside", "Pay the bill", "This bill is too old.", "Your bill", "one line"]


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "code.py").write_text(CODE)
    (tmp_path / "page.html").write_text(PAGE)
    monkeypatch.setattr(catalogues, "PACKAGE", tmp_path)
    return tmp_path


def test_sentences_of_code_errors_and_pages_are_collected() -> None:
    found = (message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogues.collect())
    assert sorted(filter(None, found)) == SENTENCES


def test_arabic_asks_for_six_plurals() -> None:
    catalogues.update("ar")
    assert "msgstr[5]" in catalogues.catalogue_path("ar").read_text()


def test_a_sentence_without_translation_is_a_fault() -> None:
    catalogues.update("fr")
    assert len(catalogues.faults("fr")) == len(SENTENCES)


def test_a_sentence_that_left_the_code_is_a_fault_until_the_catalogue_is_updated(package: Path) -> None:
    catalogues.update("fr")
    (package / "page.html").write_text("")
    assert "fr: no longer in the code: 'Your bill'" in catalogues.faults("fr")
    catalogues.update("fr")
    assert "Your bill" not in catalogues.catalogue_path("fr").read_text()


def test_a_translation_survives_an_update() -> None:
    catalogues.update("fr")
    path = catalogues.catalogue_path("fr")
    path.write_text(
        path.read_text().replace('msgid "Your bill"\nmsgstr ""', 'msgid "Your bill"\nmsgstr "Votre facture"')
    )
    catalogues.update("fr")
    assert "Votre facture" in path.read_text()


def test_a_place_that_the_translation_forgets_is_a_fault() -> None:
    catalogues.update("fr")
    path = catalogues.catalogue_path("fr")
    path.write_text(
        path.read_text().replace('msgstr[0] ""', 'msgstr[0] "%(other)s"').replace('msgstr[1] ""', 'msgstr[1] "x"')
    )
    assert any("placeholder" in fault for fault in catalogues.faults("fr"))
