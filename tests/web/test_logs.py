"""Nothing secret reaches a log or a table: declared fields first, a second net under them."""

import json

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.bills.models import Bill
from bawabati.config.logging import only_declared, redacted
from bawabati.payments.models import Payment
from bawabati.web.shared.paths import path_for_the_log
from outside import Outside
from payers import Payer
from people import AMINAS_CARD

CANARY = "6280581110007215"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/ar/oran/pay/", "/ar/oran/pay/"),
        ("/q/oran/12345678901297/", "/q/oran/12…97/"),
        ("/fr/q/oran/TF12345678/", "/fr/q/oran/TF…78/"),
        (f"/r/{'AbCdEf' + 'x' * 32}/receipt.pdf", "/r/AbCdEf…/receipt.pdf"),
        (f"/ar/payment/{'AbCdEf' + 'x' * 32}/back/", "/ar/payment/AbCdEf…/back/"),
        ("/ar/oran/bill/WzEsMV0:1xV5p9:jpM5OQZCASVB5-js1GhAmK9iIwl7w/pay/", "/ar/oran/bill/WzEsMV…/pay/"),
    ],
)
def test_a_logged_address_holds_no_number_and_opens_nothing(path: str, shown: str) -> None:
    assert path_for_the_log(path) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("card 6280 5811 1000 7215 refused", "card [card number] refused"),
        ("Key (payment_number)=(12345678901297) already exists", "Key (payment_number)=(12…97) already exists"),
        ("mail to amina@example.dz failed", "mail to [e-mail] failed"),
        ("userName=SAT1&password=hunter2&orderId=1", "userName=SAT1&password=[removed]&orderId=1"),
        ('{"password": "hunter2"}', '{"password": "[removed]"}'),
        (f"Not Found: /r/AbCdEf{'x' * 32}/", "Not Found: /r/AbCdEf…/"),
        ("Not Found: /fr/q/oran/TF12345678/", "Not Found: /fr/q/oran/…/"),
        ("attempt 12 at 2026-11-22T11:00:00Z", "attempt 12 at 2026-11-22T11:00:00Z"),
    ],
)
def test_the_second_net_takes_out_what_must_not_be_there(text: str, shown: str) -> None:
    assert redacted(text) == shown


@given(before=st.text(alphabet="abc .,:", max_size=20), after=st.text(alphabet="abc .,:", max_size=20))
def test_no_card_number_passes_whatever_stands_around_it(before: str, after: str) -> None:
    assert CANARY not in redacted(f"{before}{CANARY}{after}")


def test_a_field_that_nobody_declared_is_dropped_and_named() -> None:
    kept = only_declared(None, "info", {"event": "x", "payment_id": 1, "email": "amina@example.dz"})
    assert kept == {"event": "x", "payment_id": 1, "undeclared": ["email"]}


def test_a_whole_payment_leaves_no_secret_in_logs_and_no_card_number_in_any_table(
    payer: Payer,
    open_bill: Bill,
    outside: Outside,
    behind_the_scenes: psycopg.Connection[tuple[str]],
    capfd: pytest.CaptureFixture[str],
) -> None:
    payer.find(CANARY)
    payer.find(open_bill, second_value=CANARY, captcha_code=CANARY)
    payer.get(f"/ar/q/oran/{CANARY}/?card={CANARY}")
    payer.confirm(payer.review_address(open_bill), email=f"{CANARY}@example.dz")
    attempt = payer.start(open_bill, email="amina@example.dz")
    outside.pay(str(Payment.objects.get().gateway_reference), AMINAS_CARD)
    receipt = payer.get(f"{attempt}back/?pan={CANARY}").headers["Location"]
    payer.get(receipt)
    payer.get("/ar/oran/wrong/" + receipt)
    log = capfd.readouterr().err
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert any(line.get("path") == "/ar/oran/pay/" for line in lines)
    secrets = {
        "card": CANARY, "number": open_bill.payment_number, "e-mail": "amina@example.dz", "password": "sandbox-oran-1",
        "attempt": attempt.strip("/").rpartition("/")[2], "receipt": receipt.strip("/").rpartition("/")[2],
    }  # fmt: skip
    for name, secret in secrets.items():
        assert secret not in log, name
    for (table,) in behind_the_scenes.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
        found = behind_the_scenes.execute(
            f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s OR t::text LIKE %s",  # noqa: S608 - our own tables
            (f"%{CANARY}%", "%sandbox-oran-1%"),
        )
        assert found.fetchone() == (0,), table
