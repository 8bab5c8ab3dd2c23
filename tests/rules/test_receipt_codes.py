"""What the code of a receipt says, and what is none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.receipts.rules import CodeWrong, Proof, code_in, read_code, text_of, write_code
from bawabati.signatures import is_signed, name_of_key, new_private_key, public_key_of, sign

PRIVATE = new_private_key()
PUBLIC = public_key_of(PRIVATE)
NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)

proofs = st.builds(
    Proof,
    key_name=st.binary(min_size=32, max_size=32).map(name_of_key),
    number=st.from_regex(r"20[0-9]{2}-[A-Za-z0-9_-]{1,18}-[0-9]{7}", fullmatch=True),
    amount_centimes=st.integers(min_value=1, max_value=2**48 - 1),
    paid_at=st.integers(min_value=0, max_value=2**34).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
)


def genuine(number: str = "2026-W-0000042", amount: int = 146_693) -> tuple[str, str]:
    text = text_of(company_code="oran", number=number, amount_centimes=amount, paid_at=NOON)
    proof = Proof(key_name=name_of_key(PUBLIC), number=number, amount_centimes=amount, paid_at=NOON)
    return text, write_code(proof, signature=sign(text, private_key=PRIVATE))


@given(proof=proofs, signature=st.binary(min_size=64, max_size=64))
def test_what_is_written_is_read_again(proof: Proof, signature: bytes) -> None:
    assert read_code(write_code(proof, signature=signature)) == (proof, signature)


@given(proof=proofs, signature=st.binary(min_size=64, max_size=64))
def test_a_code_is_capital_letters_and_digits_and_fits_a_small_square(proof: Proof, signature: bytes) -> None:
    code = write_code(proof, signature=signature)
    assert code_in(code) == code
    assert len(code) <= 188


def test_a_code_that_was_signed_proves_its_receipt_with_the_public_key_alone() -> None:
    text, code = genuine()
    proof, signature = read_code(code)
    assert (proof.number, proof.amount_centimes, proof.paid_at) == ("2026-W-0000042", 146_693, NOON)
    assert is_signed(text, signature, public_key=PUBLIC)


@given(place=st.integers(min_value=0), letter=st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_another_letter_anywhere_is_another_receipt_or_none(place: int, letter: str) -> None:
    _text, code = genuine()
    at = place % len(code)
    changed = code[:at] + letter + code[at + 1 :]
    if changed == code:
        return
    try:
        proof, signature = read_code(changed)
    except CodeWrong:
        return
    text = text_of(
        company_code="oran", number=proof.number, amount_centimes=proof.amount_centimes, paid_at=proof.paid_at
    )
    key_is_ours = proof.key_name == name_of_key(PUBLIC)
    assert not (key_is_ours and is_signed(text, signature, public_key=PUBLIC))


@pytest.mark.parametrize("around", ["{}", "HTTPS://PAY.EXAMPLE.DZ/V/{}", "https://pay.example.dz/fr/v/{}/", " {} \n"])
def test_the_code_is_found_in_what_a_scanner_gives(around: str) -> None:
    _text, code = genuine()
    assert code_in(around.format(code)) == code
    assert code_in(around.format(code).lower()) == code


@pytest.mark.parametrize(
    "typed", ["", "2026-W-0000042", "A" * 133, "A" * 201, "6280581110007215", "نص" * 80, "8" * 150]
)
def test_anything_else_is_no_code(typed: str) -> None:
    with pytest.raises(CodeWrong):
        code_in(typed)


@given(code=st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=134, max_size=200))
def test_letters_that_nobody_wrote_are_a_code_or_a_clear_error(code: str) -> None:
    try:
        proof, signature = read_code(code)
    except CodeWrong:
        return
    assert write_code(proof, signature=signature) == code


def test_the_moment_is_told_to_the_second_in_utc() -> None:
    at = NOON.astimezone(UTC) + timedelta(microseconds=7)
    assert text_of(company_code="oran", number="2026-W-0000001", amount_centimes=5000, paid_at=at) == (
        "BP1|oran|2026-W-0000001|5000|2026-11-22T11:00:00Z"
    )
