"""Facts that a broken bill file, a strange gateway or an attacker could bring: the receipt is made all the same."""

import json
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.documents.printed import says, text_of, words_outside
from adapters.documents.receipt_examples import LANGUAGES, a_receipt
from bawabati.adapters.documents.contract import Issuer, ReceiptFacts, ReceiptLine
from bawabati.adapters.documents.plain_text import LONGEST, breakable, plain_text, unbreakable
from bawabati.adapters.documents.typst_documents.maker import TypstDocuments
from bawabati.adapters.documents.typst_documents.receipt_page import receipt_page
from bawabati.money.amount import Money

# Text of every kind: any character, halves of characters, what means something to typst, and what is far too long.
hostile = st.one_of(
    st.text(st.characters(codec=None), max_size=60),
    st.sampled_from(
        [
            "",
            '#panic("out")',
            '#read("/etc/passwd")',
            "*a* _b_ $x^2$ `raw` <label> @ref \\ // /* */ = - + #let x = 1",
            '"); #panic("out"); ("',
            "\u202e1 000 000,00 DA\u202c",
            "\x00\x07\r\n\t\x1b[31m\x85\u2028\ufeff",
            "\ud800\udfff",
            "👩‍👩‍👧‍👦🇩🇿",
            "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘" * 5,
            "W" * 5_000,
            "شركة " * 2_000,
            "ﷺ﷽" * 200,
            "m\u0335" * 400,
        ]
    ),
)
amounts = st.integers(min_value=0, max_value=10**15).map(Money)
lines = st.builds(
    ReceiptLine,
    payment_number=hostile,
    bill_number=hostile,
    customer_number=hostile,
    holder_initials=hostile,
    period=hostile,
    amount=amounts,
    surplus=amounts,
)
issuers = st.builds(
    Issuer,
    name=hostile,
    legal_form=hostile,
    address=hostile,
    phone=hostile,
    nif=hostile,
    nis=hostile,
    rc=hostile,
    ai=hostile,
    logo_svg=hostile,
)
facts = st.builds(
    ReceiptFacts,
    language=st.sampled_from(LANGUAGES),
    number=hostile,
    issuer=issuers,
    status=hostile,
    gateway_message=hostile,
    transaction_id=hostile,
    order_number=hostile,
    approval_code=hostile,
    masked_card=hostile,
    paid_at=st.datetimes(timezones=st.timezones()),
    payment_method=hostile,
    lines=st.lists(lines, max_size=6).map(tuple),
    amount=amounts,
    amount_in_words=hostile,
    check_url=hostile,
    check_site=hostile,
    help_number=hostile,
    duplicata=st.booleans(),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hostile_facts=facts)
def test_any_facts_make_one_page_with_everything_on_it(documents: TypstDocuments, hostile_facts: ReceiptFacts) -> None:
    pdf = documents.receipt_pdf(hostile_facts)

    assert text_of(pdf)
    assert words_outside(pdf) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "markup",
    ['#panic("out")', '#read("/etc/passwd")', "*a* _b_ $x^2$ `c` <d> @e", '"); #panic("out"); ("', "\\u{41} \\n // x"],
)
def test_what_means_something_to_typst_is_printed_as_it_is(
    documents: TypstDocuments, language: str, markup: str
) -> None:
    receipt = replace(a_receipt(language), gateway_message=markup)

    assert says(documents.receipt_pdf(receipt), markup)


def test_a_direction_override_cannot_turn_an_amount_round(documents: TypstDocuments) -> None:
    receipt = replace(a_receipt("fr"), status="Payé \u202e39,664 1")

    assert says(documents.receipt_pdf(receipt), "Payé 39,664 1")


def long_receipt(language: str, *, bills: int, phrase: str, number: str) -> ReceiptFacts:
    """Every value as long as it may be on a page at full size, or cut to it when it is longer."""
    line = ReceiptLine(
        payment_number=number[:24],
        bill_number=number[:24],
        customer_number=number[:24],
        holder_initials=phrase[:8],
        period=phrase[:24],
        amount=Money(10**12),
        surplus=Money(10**12),
    )
    issuer = Issuer(
        name=phrase[:80],
        legal_form=phrase[:40],
        address=phrase[:100],
        phone=number[:22],
        nif=number[:22],
        nis=number[:22],
        rc=number[:22],
        ai=number[:22],
    )
    return replace(
        a_receipt(language),
        number=number[:22],
        issuer=issuer,
        status=phrase[:45],
        gateway_message=phrase[:90],
        transaction_id=number[:22],
        order_number=number[:22],
        approval_code=number[:22],
        masked_card=number[:22],
        payment_method=number[:22],
        lines=(line,) * bills,
        amount=Money(10**12),
        amount_in_words=phrase[:160],
        help_number=number[:22],
        duplicata=True,
    )


PHRASES = {
    "ar": "مؤسسة المياه والتطهير والري لولاية وهران وضواحيها " * 9,
    "fr": "Établissement public de l’eau et de l’assainissement " * 9,
    "en": "Public establishment of water supply and sanitation " * 9,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bills", [1, 2])
def test_long_values_fit_at_full_size(documents: TypstDocuments, language: str, bills: int) -> None:
    receipt = long_receipt(language, bills=bills, phrase=PHRASES[language], number="2031445790128820314457")

    pdf = documents.receipt_pdf(receipt)

    assert json.loads(receipt_page(receipt))["crowded"] is False
    assert text_of(pdf)
    assert words_outside(pdf) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bills", [1, 3, 20])
def test_the_widest_letters_without_a_space_stay_on_the_page(
    documents: TypstDocuments, language: str, bills: int
) -> None:
    endless = "W" * 5_000
    issuer = Issuer(**dict.fromkeys(("name", "legal_form", "address", "phone", "nif", "nis", "rc", "ai"), endless))
    line = replace(
        a_receipt(language).lines[0],
        payment_number=endless,
        bill_number=endless,
        customer_number=endless,
        holder_initials=endless,
        period=endless,
        amount=Money(10**15),
        surplus=Money(10**15),
    )
    receipt = replace(
        a_receipt(language),
        number=endless,
        issuer=issuer,
        status=endless,
        gateway_message=endless,
        transaction_id=endless,
        amount=Money(10**15),
        amount_in_words=endless,
        check_url=f"https://{endless}",
        check_site=endless,
        lines=(line,) * bills,
    )

    pdf = documents.receipt_pdf(receipt)

    assert text_of(pdf)
    assert words_outside(pdf) == []


def test_a_receipt_with_no_lines_and_no_words_is_still_a_receipt(documents: TypstDocuments) -> None:
    receipt = replace(
        a_receipt("fr"), lines=(), amount_in_words="", check_url="", check_site="", issuer=a_receipt("fr").issuer
    )

    assert says(documents.receipt_pdf(receipt), "Montant payé 1 466,93 DA")


@given(value=st.text(st.characters(codec=None)))
@example("a\u200cb")
def test_plain_text_is_one_line_without_control_characters(value: str) -> None:
    plain = plain_text(value)

    assert len(plain) <= LONGEST
    assert not {unicodedata.category(character) for character in plain} & {"Cc", "Cs", "Zl", "Zp", "Cn", "Co"}
    assert {character for character in plain if unicodedata.category(character) == "Cf"} <= {"\u200c", "\u200d"}
    assert plain_text(plain) == plain


@given(value=st.text(st.characters(max_codepoint=0xFAFF, categories=["L", "N"])))
def test_an_ordinary_value_is_left_alone(value: str) -> None:
    composed = unicodedata.normalize("NFC", value)

    assert plain_text(composed, longest=10_000) == composed


def test_accents_do_not_climb_over_other_lines() -> None:
    assert len(plain_text("x" + "\u0335" * 40)) == 4


@given(value=st.text(alphabet="ab ", max_size=80))
@example("a" * 22 + " " + "b" * 23)
def test_only_endless_words_may_break_inside(value: str) -> None:
    assert breakable(value).replace("\u200b", "") == value
    assert ("\u200b" in breakable(value)) == any(len(word) > 22 for word in value.split(" "))
    assert " " not in unbreakable(value)


def test_arabic_stored_in_shapes_becomes_letters() -> None:
    assert plain_text("\ufee3\ufe8e\ufe80 \ufefb") == "ماء لا"
