"""Answers as the public sources show them, one for each row of the reference page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from adapters.gateways.scripted_gateway import ScriptedGateway
from bawabati.adapters.gateways.breaker import Breaker
from bawabati.adapters.gateways.contract import MerchantAccount, NewOrder
from bawabati.adapters.gateways.satim.gateway import Satim
from bawabati.money.amount import Money

REFERENCE = "V721uPPfNNofVQAAABL3"
REFUND_NAME = "CMD0000004-7"
PAGE_URL = (
    "https://test.satim.dz/payment/epg/merchants/merchantsatim/payment.html?mdOrder=V721uPPfNNofVQAAABL3&language=fr"
)
PASSWORD = "canary-passw0rd"
USER = "SAT2026canary"

ORDER = NewOrder(
    number="CMD0000004",
    amount=Money(100320),
    language="fr",
    return_url="https://portal.example/r/abc",
    fail_url="https://portal.example/f/abc",
    description="Facture d'eau T3 2026 – فاتورة الماء",
    bill_reference="Bill00001",
)

PAID = {
    "expiration": "202701",
    "cardholderName": "CARD HOLDER",
    "depositAmount": 100320,
    "currency": "012",
    "authorizationResponseId": "913180",
    "approvalCode": "913180",
    "actionCode": 0,
    "actionCodeDescription": "Votre paiement a été accepté",
    "ErrorCode": "0",
    "ErrorMessage": "Success",
    "OrderStatus": 2,
    "OrderNumber": "CMD0000004",
    "Pan": "6280****7215",
    "Amount": 100320,
    "Ip": "10.12.12.14",
    "params": {"respCode_desc": "Votre paiement a été accepté", "udf1": "Bill00001", "respCode": "00"},
    "SvfeResponse": "00",
}

NOT_YET_PAID = {
    "depositAmount": 0,
    "currency": "012",
    "actionCode": -100,
    "actionCodeDescription": "No payment attempted yet.",
    "ErrorCode": "0",
    "ErrorMessage": "Success",
    "OrderStatus": 0,
    "OrderNumber": "CMD0000004",
    "Pan": "",
    "Amount": 5000,
    "Description": "Facture d&egrave;s",
}

REFUSED_BY_ISSUER = {
    "expiration": "202701",
    "cardholderName": "CARD HOLDER",
    "depositAmount": 0,
    "currency": "012",
    "actionCode": 116,
    "actionCodeDescription": "processing.error.116",
    "ErrorCode": "2",
    "ErrorMessage": "Payment is declined",
    "OrderStatus": 6,
    "OrderNumber": "CMD0000004",
    "Pan": "6280****1110",
    "Amount": 100320,
    "Ip": "10.12.12.14",
    "params": {"respCode_desc": "Solde insuffisant", "udf1": "Bill00001", "respCode": "51"},
    "SvfeResponse": "51",
}

REFUSED_BEFORE_AUTHENTICATION = {
    "expiration": "202701",
    "cardholderName": "CARD HOLDER",
    "depositAmount": 0,
    "currency": "012",
    "actionCode": 2003,
    "actionCodeDescription": "Card is blocked (2003)",
    "ErrorCode": "2",
    "ErrorMessage": "Payment is declined",
    "OrderStatus": 6,
    "OrderNumber": "CMD0000004",
    "Pan": "6280****7017",
    "Amount": 100320,
}

AUTHENTICATION_FAILED = REFUSED_BEFORE_AUTHENTICATION | {
    "actionCode": -2006,
    "actionCodeDescription": "TDS_AUTH_FAILED",
}

CANCELLED = {
    "depositAmount": 0,
    "currency": "012",
    "actionCode": 342034,
    "actionCodeDescription": "Operation cancelled by user",
    "ErrorCode": "2",
    "ErrorMessage": "Payment is declined",
    "OrderStatus": 6,
    "OrderNumber": "CMD0000004",
    "Pan": "",
    "Amount": 100320,
}

REFUSED_OLDER = {
    "expiration": "202501",
    "cardholderName": "***",
    "depositAmount": 0,
    "currency": "012",
    "authCode": 2,
    "params": {"respCode_desc": "البطاقة موقوفة مؤقتا", "udf1": "Bill00001", "respCode": "37"},
    "actionCode": 203,
    "actionCodeDescription": "processing.error.203",
    "ErrorCode": "3",
    "ErrorMessage": "Order is not confirmed due to order's state",
    "OrderStatus": 6,
    "OrderNumber": "CMD0000004",
    "Pan": "628058**6712",
    "Amount": 100320,
    "Ip": "10.12.12.14",
    "SvfeResponse": "37",
}

CANCELLED_OLDER = {
    "depositAmount": 0,
    "currency": "012",
    "authCode": 2,
    "params": [],
    "actionCode": "10",
    "actionCodeDescription": "Payment is cancelled",
    "ErrorCode": "3",
    "ErrorMessage": "Order is not confirmed due to order's state",
    "OrderStatus": "6",
    "OrderNumber": "CMD0000004",
    "Pan": "",
    "Amount": 100320,
}

PAID_OLDER = {name: value for name, value in PAID.items() if name != "authorizationResponseId"} | {
    "authCode": 2,
    "Pan": "628058**7215",
}

CONFIRMED_BEFORE_OLDER = PAID_OLDER | {"ErrorCode": "2", "ErrorMessage": "Order is already confirmed"}

PARTLY_REFUNDED = PAID | {"OrderStatus": 4, "depositAmount": 98320}
REFUNDED = PAID | {"OrderStatus": 4, "depositAmount": 0}
REVERSED = PAID | {"OrderStatus": 3, "depositAmount": 0}

EXTENDED_PAID = {
    "errorCode": "0",
    "errorMessage": "Success",
    "orderNumber": "CMD0000004",
    "orderStatus": 2,
    "actionCode": 0,
    "actionCodeDescription": "",
    "amount": 100320,
    "currency": "012",
    "date": 1750000000000,
    "orderDescription": "Facture",
    "ip": "10.12.12.14",
    "merchantOrderParams": [
        {"name": "force_terminal_id", "value": "E010900000"},
        {"name": "udf1", "value": "Bill00001"},
    ],
    "attributes": [{"name": "mdOrder", "value": REFERENCE}],
    "cardAuthInfo": {
        "pan": "628058**7215",
        "expiration": "202701",
        "cardholderName": "CARD HOLDER",
        "approvalCode": "913180",
        "authorizationResponseId": "913180",
    },
    "authDateTime": 1750000060000,
    "terminalId": "E010900000",
    "authRefNum": "123456789012",
    "fraudLevel": 0,
}

EXTENDED_UNKNOWN = {
    "errorCode": "6",
    "errorMessage": "Unknown order id",
    "merchantOrderParams": [],
    "attributes": [],
}


def account_at(outside: ScriptedGateway, **options: str) -> MerchantAccount:
    return MerchantAccount(
        base_url=outside.base_url,
        user_name=USER,
        password=PASSWORD,
        terminal_id="E010900000",
        page_hosts=("test.satim.dz",),
        options=options,
    )


@contextmanager
def satim(
    outside: ScriptedGateway,
    *,
    breaker: Breaker | None = None,
    account: MerchantAccount | None = None,
    read_seconds: float = 15.0,
    **options: str,
) -> Iterator[Satim]:
    gateway = Satim(replace(account or account_at(outside, **options), read_seconds=read_seconds), breaker=breaker)
    try:
        yield gateway
    finally:
        gateway.close()
