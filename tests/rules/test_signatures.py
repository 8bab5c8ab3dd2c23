"""A signature fits one text and one key."""

from hypothesis import given
from hypothesis import strategies as st

from bawabati.signatures import is_signed, name_of_key, new_private_key, public_key_of, sign

KEY = new_private_key()
PUBLIC = public_key_of(KEY)


@given(text=st.text())
def test_what_was_signed_is_known_again(text: str) -> None:
    assert is_signed(text, sign(text, private_key=KEY), public_key=PUBLIC)


@given(text=st.text(), at=st.integers(0, 63), bit=st.integers(0, 7))
def test_one_bit_of_the_signature_makes_it_another(text: str, at: int, bit: int) -> None:
    signature = bytearray(sign(text, private_key=KEY))
    signature[at] ^= 1 << bit
    assert not is_signed(text, bytes(signature), public_key=PUBLIC)


@given(text=st.text(), other=st.text())
def test_another_text_is_not_signed(text: str, other: str) -> None:
    assert is_signed(other, sign(text, private_key=KEY), public_key=PUBLIC) == (text == other)


@given(signature=st.binary(max_size=100), public_key=st.binary(max_size=40))
def test_odd_bytes_are_refused_without_an_error(signature: bytes, public_key: bytes) -> None:
    assert not is_signed("genuine", signature, public_key=public_key)


def test_a_key_has_a_short_name_that_is_its_own() -> None:
    assert len(name_of_key(PUBLIC)) == 12
    assert name_of_key(PUBLIC) != name_of_key(public_key_of(new_private_key()))


@given(public_key=st.binary(min_size=32, max_size=32))
def test_the_name_of_a_key_can_be_typed_as_an_option(public_key: bytes) -> None:
    assert name_of_key(public_key).isalnum()
