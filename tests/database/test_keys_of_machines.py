"""Keys of machines: shown once, kept as a digest, ended for good; and calls that come twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from pytest_django import Settings

from bawabati.audit.models import AuditEntry
from bawabati.companies.models import Company
from bawabati.companies.rules import LooksLikeACardNumber
from bawabati.flows.keep_keys import end_key, make_key
from bawabati.flows.let_in_machine import let_in_machine
from bawabati.flows.repeat_call import KeptAnswer, begin_call, forget_call, forget_old_answers, keep_answer
from bawabati.guard.rules import Visitor
from bawabati.people.models import ApiCall, ApiKey
from bawabati.people.rules import (
    ANSWERS_KEPT,
    ApiScope,
    CallInHand,
    ChannelNameNeeded,
    KeyNameNeeded,
    NetworksWrong,
    NoSuchKey,
    NotAllowed,
    OtherCall,
    ScopeMissing,
    ScopesWrong,
    TooManyCalls,
    UnknownKey,
)
from machines import Machine
from people import AMINAS_CARD, NOON, OMAR, SALIMA, add_company

pytestmark = pytest.mark.usefixtures("database")

HERE = Visitor("192.0.2.7")


def come_in(text: str, *, needed: ApiScope = ApiScope.BILLS_READ, visitor: Visitor = HERE) -> ApiKey:
    return let_in_machine(key_text=text, needed=needed, visitor=visitor, now=NOON)


@pytest.fixture
def billing(company: Company) -> Machine:
    return Machine.of(company, "bills:read", "bills:write")


def test_a_key_opens_what_its_scopes_say_and_nothing_else(billing: Machine) -> None:
    assert come_in(billing.text).company_id == billing.key.company_id
    with pytest.raises(ScopeMissing):
        come_in(billing.text, needed=ApiScope.PAYMENTS_READ)


def test_unknown_wrong_and_ended_keys_are_refused_alike(company: Company, billing: Machine) -> None:
    ended = Machine.of(company, "bills:read")
    end_key(company_id=company.id, key_id=ended.key.id, login=OMAR, now=NOON)
    wrong = billing.text[:-1] + ("A" if billing.text[-1] != "A" else "B")
    for text in (wrong, ended.text, f"bwk_{billing.key.id}_", "bwk_999999_x", "bwk_0_", "", "x", "bwk_٧_x"):
        with pytest.raises(UnknownKey):
            come_in(text)


def test_only_a_digest_is_kept(billing: Machine) -> None:
    secret = billing.text.split("_", 2)[2]
    kept = json.dumps([list(model.objects.values()) for model in (ApiKey, AuditEntry)], default=str)
    assert secret not in kept


def test_a_key_with_networks_opens_nothing_from_elsewhere(company: Company) -> None:
    made = make_key(
        company_id=company.id, name="G", scopes=["bills:read"], networks=["192.0.2.0/28", "2001:db8::/32"],
        login=OMAR, now=NOON,
    )  # fmt: skip
    for address in ("192.0.2.7", "::ffff:192.0.2.7", "2001:db8::1"):
        assert come_in(made.text, visitor=Visitor(address)).id == made.key.id
    for address in ("192.0.2.16", "2001:db9::1", "unix:"):
        with pytest.raises(UnknownKey):
            come_in(made.text, visitor=Visitor(address))


def test_who_comes_too_often_is_told_when_to_come_again(billing: Machine, settings: Settings) -> None:
    settings.LIMITS_ON = True
    for _ in range(500):
        come_in(billing.text)
    with pytest.raises(TooManyCalls) as refused:
        come_in(billing.text)
    assert 1 <= refused.value.details["seconds"] <= 10


def test_guessing_keys_is_slowed_by_address(billing: Machine, settings: Settings) -> None:
    settings.LIMITS_ON = True
    for _ in range(60):
        with pytest.raises(UnknownKey):
            come_in("bwk_1_guess")
    with pytest.raises(TooManyCalls):
        come_in("bwk_1_guess")
    assert come_in(billing.text).id == billing.key.id


def test_its_latest_use_is_noted_to_the_minute(billing: Machine) -> None:
    come_in(billing.text)
    assert ApiKey.objects.get().used_at == NOON


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"name": " "}, KeyNameNeeded),
        ({"name": "x" * 61}, KeyNameNeeded),
        ({"name": AMINAS_CARD.number}, LooksLikeACardNumber),
        ({"scopes": []}, ScopesWrong),
        ({"scopes": ["everything"]}, ScopesWrong),
        ({"scopes": ["channel"]}, ChannelNameNeeded),
        ({"channel_name": "BNA"}, ChannelNameNeeded),
        ({"networks": ["somewhere"]}, NetworksWrong),
        ({"login": SALIMA}, NotAllowed),
    ],
)
def test_a_key_is_made_whole_or_not_at_all(company: Company, wrong: dict[str, Any], refusal: type[Exception]) -> None:
    good = {"company_id": company.id, "name": "G", "scopes": ["bills:read"], "login": OMAR, "now": NOON}
    with pytest.raises(refusal):
        make_key(**(good | wrong))
    assert not ApiKey.objects.exists()


def test_nobody_ends_the_key_of_another_company(billing: Machine) -> None:
    other = add_company("tlemcen")
    with pytest.raises(NoSuchKey):
        end_key(company_id=other.id, key_id=billing.key.id, login=OMAR, now=NOON)
    assert come_in(billing.text)


@pytest.mark.usefixtures("billing")
def test_what_a_key_may_do_is_never_rewritten(behind_the_scenes: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.RestrictViolation), behind_the_scenes.transaction():
        behind_the_scenes.execute("UPDATE people_apikey SET scopes = '[\"channel\"]'")


# --- calls that come twice ---


def begin(billing: Machine, *, body: str = "a", now: datetime = NOON) -> KeptAnswer | None:
    return begin_call(key=billing.key, idempotency_key="batch-7", request_sha256=body * 64, now=now)


def test_the_same_call_is_answered_the_same_and_worked_on_once(billing: Machine) -> None:
    assert begin(billing) is None
    keep_answer(key=billing.key, idempotency_key="batch-7", status=201, body='{"x":1}')
    assert begin(billing) == KeptAnswer(status=201, body='{"x":1}')
    with pytest.raises(OtherCall):
        begin(billing, body="b")


def test_of_sixteen_at_once_one_works(billing: Machine, together: Callable[..., list[Any]]) -> None:
    answers = together(*[lambda: begin(billing)] * 16)
    assert answers.count(None) == 1
    assert sum(isinstance(answer, CallInHand) for answer in answers) == 15


def test_who_died_over_a_call_is_followed_a_minute_later(billing: Machine) -> None:
    assert begin(billing) is None
    with pytest.raises(CallInHand):
        begin(billing, now=NOON + timedelta(seconds=59))
    with pytest.raises(OtherCall):
        begin(billing, body="b", now=NOON + timedelta(seconds=61))
    assert begin(billing, now=NOON + timedelta(seconds=61)) is None


def test_a_call_that_came_to_nothing_may_be_tried_at_once(billing: Machine) -> None:
    begin(billing)
    forget_call(key=billing.key, idempotency_key="batch-7")
    assert begin(billing) is None


def test_the_first_answer_stays(billing: Machine) -> None:
    begin(billing)
    keep_answer(key=billing.key, idempotency_key="batch-7", status=200, body="first")
    keep_answer(key=billing.key, idempotency_key="batch-7", status=200, body="second")
    forget_call(key=billing.key, idempotency_key="batch-7")
    assert begin(billing) == KeptAnswer(status=200, body="first")


def test_answers_are_forgotten_when_nobody_asks_any_more(billing: Machine) -> None:
    begin(billing)
    assert forget_old_answers(now=NOON + ANSWERS_KEPT) == 0
    assert forget_old_answers(now=NOON + ANSWERS_KEPT + timedelta(seconds=1)) == 1


def test_another_machine_may_use_the_same_word(company: Company, billing: Machine) -> None:
    other = Machine.of(company, "bills:write")
    assert begin(billing) is None
    assert begin(other) is None
    assert ApiCall.objects.count() == 2
