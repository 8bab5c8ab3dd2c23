"""Why a payment was refused, keyed on the issuer's code first, the gateway's second."""

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from bawabati.web.public.reasons import BY_ACTION_CODE, BY_RESPONSE_CODE, reason_of

ALL = {*BY_RESPONSE_CODE.values(), *BY_ACTION_CODE.values(), reason_of(response_code="", action_code=None)}


@pytest.mark.parametrize(
    ("response_code", "action_code", "what"),
    [
        ("51", 116, "There is not enough money in the card's account."),
        ("37", 126, "The card is blocked for the moment."),  # the issuer's word weighs more
        ("", 2003, BY_ACTION_CODE[2003].what),
        ("", 342034, "You cancelled the payment."),
        ("", 10, "You cancelled the payment."),
        ("", -2007, "Time ran out on the bank's page."),
        ("ZZ", None, "Your transaction was rejected."),
        ("", None, "Your transaction was rejected."),
    ],
)
def test_a_refusal_is_explained_by_its_codes(response_code: str, action_code: int | None, what: str) -> None:
    assert reason_of(response_code=response_code, action_code=action_code).what == what


@given(response_code=st.text(max_size=10), action_code=st.none() | st.integers())
def test_every_code_has_a_sentence_and_an_advice(response_code: str, action_code: int | None) -> None:
    reason = reason_of(response_code=response_code, action_code=action_code)
    assert reason.what
    assert reason.advice


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_reason_is_said_in_every_language(language: str) -> None:
    with translation.override(language):
        for reason in ALL:
            assert gettext(reason.what) != reason.what
            assert gettext(reason.advice) != reason.advice


@pytest.mark.parametrize(
    ("language", "said"),
    [("ar", "تم رفض معاملتك."), ("fr", "Votre transaction a été rejetée."), ("en", "Your transaction was rejected.")],
)
def test_an_unknown_refusal_is_said_in_the_words_that_the_acquirer_asks_for(language: str, said: str) -> None:
    with translation.override(language):
        assert gettext(reason_of(response_code="", action_code=None).what) == said
