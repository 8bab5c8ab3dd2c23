"""From the wire's words to ours, and back."""

import re
from typing import Any

from bawabati.api.bridges.words import OrderWords, ReaderWords, Result
from bawabati.companies.models import Reader
from bawabati.companies.reads import passphrase_of
from bawabati.money.amount import Money
from bawabati.payments.models import ReaderOrder
from bawabati.payments.rules.sales import OrderState, Outcome, ReaderSaid

_DIGITS = re.compile(r"\d(?:[ -]?\d){11,18}")


def said_in(result: Result) -> ReaderSaid:
    """A result as the judge knows it. Should a bridge forget to mask a card's number, it is masked here."""
    facts = result.answer
    return ReaderSaid(
        outcome=Outcome(result.outcome),
        service_id=facts.service_id or "",
        poi_id=facts.poi_id or "",
        sale_reference=facts.sale_reference or "",
        echoes_reference=facts.echoes_reference,
        amount=None if facts.amount_centimes is None else Money(facts.amount_centimes),
        currency=facts.currency or "",
        approval_code=facts.approval_code or "",
        masked_card=_masked(facts.masked_card or ""),
        card_brand=facts.card_brand or "",
        entry_mode=facts.entry_mode or "",
        poi_transaction_id=facts.poi_transaction_id or "",
        poi_transaction_at=facts.poi_transaction_at,
        terminal_id=facts.terminal_id or "",
        merchant_id=facts.merchant_id or "",
        rrn=facts.rrn or "",
        reconciliation_id=facts.reconciliation_id or "",
        reason=facts.reason or "",
        boot=result.boot,
        slip=tuple(_masked(line) for line in facts.slip.customer),
        message=_masked(result.message),
    )


def extra_in(result: Result) -> dict[str, Any]:
    """What a diagnosis or totals say beyond what is said of money."""
    facts = result.answer
    extra = {
        "global_status": facts.global_status,
        "printer": facts.printer,
        "serial": facts.serial,
        "host_reachable": facts.host_reachable,
        "totals": facts.totals,
    }
    return {name: value for name, value in extra.items() if value is not None}


def reader_words(reader: Reader) -> ReaderWords:
    """A reader as its bridge is told of it. The passphrase travels in TLS, to the bridge alone."""
    passphrase = passphrase_of(reader)
    options = reader.options | ({"passphrase": passphrase} if passphrase else {})
    return ReaderWords(
        poi_id=reader.poi_id,
        protocol=reader.protocol,  # type: ignore[arg-type]  # the database knows no other
        host=reader.host,
        port=reader.port,
        options=options,
    )


def order_words(order: ReaderOrder) -> OrderWords:
    """An order as its bridge is told of it."""
    return OrderWords(
        id=order.id,
        kind=order.kind,  # type: ignore[arg-type]  # the database knows no other
        poi_id=order.reader.poi_id,
        taken=order.state == OrderState.TAKEN,
        put_at=order.put_at,
        body=order.body,
    )


def _masked(text: str) -> str:
    """Twelve digits or more in a row never stay: all but the first six and the last four become stars."""
    return _DIGITS.sub(lambda found: _stars(re.sub(r"\D", "", found[0])), text)


def _stars(digits: str) -> str:
    return f"{digits[:6]}{'*' * (len(digits) - 10)}{digits[-4:]}"
