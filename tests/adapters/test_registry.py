from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from bawabati.adapters import registry
from bawabati.adapters.gateways.contract import MerchantAccount
from bawabati.errors import Broken

ACCOUNT = MerchantAccount(base_url="https://gateway.example/payment/rest", user_name="SAT1", password="one")


@pytest.fixture(autouse=True)
def hands_of_our_own(settings: Settings) -> None:
    path = "adapters.made_hands.Hand"
    settings.GATEWAYS = {"ours": path}
    settings.BILLFILE_READERS = {"ours": path}
    settings.MESSAGE_CHANNEL = settings.DOCUMENT_MAKER = path
    settings.EMAIL_URL = "smtp://mail.example:25"


def test_each_hand_is_made_as_the_settings_say() -> None:
    hands: list[Any] = [
        registry.gateway("ours", ACCOUNT),
        registry.channel(),
        registry.document_maker(),
        registry.billfile_reader("ours"),
    ]
    assert [hand.given for hand in hands] == [(ACCOUNT,), (), (), ()]
    assert [hand.named for hand in hands] == [{}, {"url": "smtp://mail.example:25"}, {}, {}]


def test_a_gateway_is_kept_for_its_account_until_the_account_changes() -> None:
    first: Any = registry.gateway("ours", ACCOUNT)
    assert registry.gateway("ours", replace(ACCOUNT)) is first
    assert registry.gateway("ours", replace(ACCOUNT, user_name="SAT2")) is not first
    assert registry.gateway("ours", ACCOUNT) is first
    renewed: Any = registry.gateway("ours", replace(ACCOUNT, password="two"))
    assert renewed.given[0].password == "two"


def test_the_settings_own_gateway_is_satim(settings: Settings) -> None:
    settings.GATEWAYS = {"satim": "bawabati.adapters.gateways.satim.gateway.Satim"}
    assert type(registry.gateway("satim", ACCOUNT)).__name__ == "Satim"


@pytest.mark.parametrize("ask_for", [lambda: registry.gateway("no", ACCOUNT), lambda: registry.billfile_reader("no")])
def test_a_name_that_is_not_in_the_settings_is_a_surprise(ask_for: Callable[[], object]) -> None:
    with pytest.raises(Broken):
        ask_for()


@pytest.mark.usefixtures("database")
def test_no_hand_goes_out_over_the_network_inside_a_transaction() -> None:
    with transaction.atomic():
        with pytest.raises(Broken):
            registry.gateway("ours", ACCOUNT)
        with pytest.raises(Broken):
            registry.channel()
        registry.document_maker()
        registry.billfile_reader("ours")
    registry.gateway("ours", ACCOUNT)
    registry.channel()


def test_threads_that_ask_at_once_get_the_same_hand() -> None:
    account = replace(ACCOUNT, user_name="SAT9")
    with ThreadPoolExecutor(8) as threads:
        hands = list(threads.map(lambda _: registry.gateway("ours", account), range(32)))
    assert len(set(map(id, hands))) == 1
