"""A company signs with a key of its own, made when it is first needed."""

from datetime import timedelta

import pytest

from bawabati.companies.models import SigningKey
from bawabati.companies.reads import find_public_key
from bawabati.companies.writes import retire_signing_key, sign_as
from bawabati.signatures import is_signed
from people import NOON, add_company

pytestmark = pytest.mark.usefixtures("database")


def test_the_first_signature_makes_the_key_and_the_next_one_uses_it() -> None:
    oran = add_company()
    first = sign_as(company_id=oran.id, purpose="closing", text="a day", now=NOON)
    second = sign_as(company_id=oran.id, purpose="closing", text="a day", now=NOON)
    public_key = find_public_key(first.key_name)
    assert public_key is not None
    assert first == second
    assert is_signed("a day", first.signature, public_key=public_key)
    assert not is_signed("another day", first.signature, public_key=public_key)


def test_the_private_key_stands_nowhere_in_clear() -> None:
    oran = add_company()
    signed = sign_as(company_id=oran.id, purpose="closing", text="a day", now=NOON)
    kept = SigningKey.objects.get(name=signed.key_name)
    assert len(kept.private_key) > len(kept.public_key) * 2


def test_the_installation_and_each_purpose_have_keys_of_their_own() -> None:
    oran = add_company()
    names = {
        sign_as(company_id=company_id, purpose=purpose, text="x", now=NOON).key_name
        for company_id in (oran.id, None)
        for purpose in ("closing", "audit")
    }
    assert len(names) == 4


def test_what_a_retired_key_signed_can_still_be_checked() -> None:
    oran = add_company()
    before = sign_as(company_id=oran.id, purpose="closing", text="a day", now=NOON)
    retire_signing_key(company_id=oran.id, purpose="closing", now=NOON + timedelta(days=365))
    after = sign_as(company_id=oran.id, purpose="closing", text="a day", now=NOON + timedelta(days=366))
    public_key = find_public_key(before.key_name)
    assert before.key_name != after.key_name
    assert public_key is not None
    assert is_signed("a day", before.signature, public_key=public_key)
