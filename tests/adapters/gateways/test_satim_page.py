"""The payer is sent to the gateway's own page for this very order, or nowhere."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.gateways.satim_examples import ORDER, PAGE_URL, REFERENCE, account_at, satim
from adapters.gateways.scripted_gateway import ScriptedGateway, http
from bawabati.adapters.gateways.contract import MerchantAccount, Registered, Unknown
from bawabati.adapters.gateways.satim.page import page_is_ours

GOOD = "test.satim.dz"
ACCOUNT = MerchantAccount(
    base_url="https://test2.satim.dz/payment/rest", user_name="u", password="p", page_hosts=(GOOD, "pay.satim.dz:8443")
)
PATH = f"/payment/epg/merchants/m/payment.html?mdOrder={REFERENCE}&language=fr"

EVIL_AUTHORITIES = [
    "evil.example",
    "test2.satim.dz",
    f"{GOOD}.evil.example",
    f"evil{GOOD}",
    f"evil.{GOOD}",
    f"{GOOD}.",
    f".{GOOD}",
    f"{GOOD}:444",
    f"{GOOD}:80",
    f"{GOOD}:0443",
    f"{GOOD}:443:443",
    f"{GOOD}:",
    f"{GOOD}:99999",
    f"{GOOD}:-1",
    f"{GOOD}:evil",
    "pay.satim.dz",
    "pay.satim.dz:443",
    f"user@{GOOD}",
    f"user:word@{GOOD}",
    f"{GOOD}@evil.example",
    f"{GOOD}:443@evil.example",
    f"{GOOD}%40evil.example",
    f"evil.example%2f{GOOD}",
    f"evil.example\\@{GOOD}",
    f"evil.example\\.{GOOD}",
    f"evil.example#{GOOD}",
    f"evil.example?{GOOD}",
    f"evil.example/{GOOD}",
    f"evil.example;{GOOD}",
    f"evil.example,{GOOD}",
    f"evil.example {GOOD}",
    f"{GOOD} .evil.example",
    f"{GOOD}\t",
    f"{GOOD}\n",
    f"{GOOD}\r\nLocation: https:",
    f"{GOOD}\x00.evil.example",
    f"{GOOD}\u2024evil.example",
    f"{GOOD}\u3002evil.example",
    f"{GOOD}\uff0fevil.example",
    f"{GOOD}\u200b",
    f"\u202e{GOOD}",
    "tеst.satim.dz",
    "test.satım.dz",
    "xn--tst-qdd.satim.dz",
    "[::1]",
    "[::ffff:127.0.0.1]",
    f"[{GOOD}]",
    f"[{GOOD}",
    "127.0.0.1",
    "localhost",
    "2130706433",
    "0x7f.1",
    "",
]
EVIL_SCHEMES = [
    "http://",
    "https:",
    "https:/",
    "https:///",
    "https:\\\\",
    "//",
    "",
    "HTTPS://evil@",
    " https://",
    "\nhttps://",
    "https ://",
    "javascript://",
    "javascript:alert(1)//",
    "data:text/html,",
    "file://",
    "ftp://",
    "ws://",
    "https+x://",
    "view-source:https://",
    "blob:https://",
    "intent://",
    "https://https://",
    "mailto:",
    "tel:3020//",
]
EVIL_TAILS = [
    "",
    "?",
    "#",
    "/ space",
    "/\t",
    "/\n",
    "/\\evil.example",
    "/<script>",
    '/"onmouseover="',
    "/`",
    "/{}",
    "/|",
    "/^",
    "/é",
    "/دفع",
    "/page#fragment",
    "/page?mdOrder=AAAAAAAAAAAAAAAAAAAA",
    f"/page?mdOrder={REFERENCE}&mdOrder=AAAAAAAAAAAAAAAAAAAA",
    f"/page?mdOrder={REFERENCE}%00",
    f"/page?mdOrder={REFERENCE.lower()}",
    "/" + "a" * 2000,
]
HOSTILE = [
    *(f"https://{authority}{tail}" for authority, tail in itertools.product(EVIL_AUTHORITIES, (PATH, "/", ""))),
    *(f"{scheme}{GOOD}{tail}" for scheme, tail in itertools.product(EVIL_SCHEMES, (PATH, "/"))),
    *(f"https://{GOOD}{tail}" for tail in EVIL_TAILS),
]


def test_the_collection_of_hostile_addresses_is_large() -> None:
    assert len(set(HOSTILE)) >= 200


@pytest.mark.parametrize("page_url", HOSTILE, ids=ascii)
def test_the_payer_is_not_sent_to_a_hostile_address(page_url: str) -> None:
    assert not page_is_ours(page_url, reference=REFERENCE, account=ACCOUNT)


@pytest.mark.parametrize(
    "page_url",
    [
        PAGE_URL,
        f"https://test.satim.dz/payment/merchants/merchant1/payment_fr.html?mdOrder={REFERENCE}",
        "https://test.satim.dz:443/payment/page.html",
        "https://pay.satim.dz:8443/payment/page.html?x=1",
    ],
)
def test_the_payer_is_sent_to_the_gateways_page(page_url: str) -> None:
    assert page_is_ours(page_url, reference=REFERENCE, account=ACCOUNT)


def test_an_account_that_names_no_page_host_trusts_its_gateways_own_host() -> None:
    account = replace(ACCOUNT, page_hosts=())
    assert page_is_ours(f"https://test2.satim.dz{PATH}", reference=REFERENCE, account=account)
    assert not page_is_ours(PAGE_URL, reference=REFERENCE, account=account)


def test_a_page_without_tls_is_for_this_machine_or_where_it_is_allowed() -> None:
    here = replace(ACCOUNT, page_hosts=("127.0.0.1:8001", "10.0.0.1:8001"))
    assert page_is_ours(f"http://127.0.0.1:8001{PATH}", reference=REFERENCE, account=here)
    assert not page_is_ours(f"http://10.0.0.1:8001{PATH}", reference=REFERENCE, account=here)
    allowed = replace(here, options={"plain_http": "allowed"})
    assert page_is_ours(f"http://10.0.0.1:8001{PATH}", reference=REFERENCE, account=allowed)


@given(st.text(), st.sampled_from(["", "https://", "https://test.satim.dz", "https://test.satim.dz/"]))
def test_any_text_has_an_answer_and_only_our_hosts_a_good_one(text: str, start: str) -> None:
    page_url = start + text
    if page_is_ours(page_url, reference=REFERENCE, account=ACCOUNT):
        assert page_url.startswith((f"https://{GOOD}/", f"https://{GOOD}:443/", "https://pay.satim.dz:8443/"))


def test_an_order_whose_page_is_elsewhere_is_unknown_and_keeps_its_reference(outside: ScriptedGateway) -> None:
    for page_url in (f"https://evil.example{PATH}", f"javascript:alert(1)//{GOOD}", f"https://{GOOD}@evil.example/"):
        outside.will_say(http({"errorCode": 0, "orderId": REFERENCE, "formUrl": page_url}))
        with satim(outside) as gateway:
            answer = gateway.register(ORDER)
        assert answer == Unknown(reason="page_elsewhere", said=answer.said)
        assert answer.said.reference == REFERENCE


def test_a_page_address_arrives_as_the_gateway_wrote_it(outside: ScriptedGateway) -> None:
    page_url = f"https://{GOOD}/p?a=1&lang=fr&copy=2&para=3&mdOrder={REFERENCE}"
    outside.will_say(http({"errorCode": 0, "orderId": REFERENCE, "formUrl": page_url}))
    with satim(outside, account=account_at(outside)) as gateway:
        answer = gateway.register(ORDER)
    assert isinstance(answer, Registered)
    assert answer.page_url == page_url
