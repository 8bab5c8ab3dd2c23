"""The paper of a receipt given while the line is cut: Arabic first, then French."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agency_bridge.desk.figures import dinars, receipt_number
from agency_bridge.desk.words import say
from agency_bridge.journal.receipts import OfflineReceipt
from agency_bridge.moments import ALGIERS, read_moment
from agency_bridge.printing.paper import Line, Paper


def receipt_paper(receipt: OfflineReceipt, block: Mapping[str, Any], *, duplicata: bool) -> Paper:
    lines: list[Line] = []
    for language in ("ar", "fr"):
        lines += _lines(receipt, block, language=language, duplicata=duplicata)
        lines.append(Line(text=""))
    return Paper(lines=tuple(lines))


def _lines(receipt: OfflineReceipt, block: Mapping[str, Any], *, language: str, duplicata: bool) -> list[Line]:
    direction, align = ("rtl", "right") if language == "ar" else ("ltr", "left")
    row = receipt.row
    taken_at = read_moment(row["taken_at"])
    when = f"{taken_at.astimezone(ALGIERS):%d/%m/%Y %H:%M}" if taken_at else ""

    def line(text: str, **more: Any) -> Line:  # noqa: ANN401 - the rest of a line
        return Line(**({"text": text, "direction": direction, "align": align} | more))

    def fact(word: str, value: str) -> Line:
        return line(f"{say(word, language)} : {value}")

    amount, duty = row["amount_centimes"], row["stamp_duty_centimes"]
    company = block.get("company") or {}
    told = {name: str(company.get(name) or "") for name in ("phone", "nif", "nis", "rc", "ai")}
    address = str(company.get(f"address_{language}") or "")
    about = [line(each, align="centre") for each in (address, told.pop("phone")) if each]
    registers = "  ".join(f"{name.upper()} {value}" for name, value in told.items() if value)
    about += [line(registers, align="centre")] if registers else []
    marks = [line(say("duplicata", language), align="centre", bold=True, size=2)] if duplicata else []
    marks += [line(say("voided", language), align="centre", bold=True, size=2)] if receipt.voided else []
    return [
        line(str(company.get(f"name_{language}") or ""), align="centre", bold=True),
        *about,
        *marks,
        line(f"{say('receipt', language)} {receipt_number(block, receipt.number)}", bold=True),
        line(when),
        fact("desk", str(block.get("desk") or "")),
        fact("cashier", str(row["cashier"])),
        fact("payment_number", str(row["payment_number"])),
        fact("amount_shown", dinars(amount, language)),
        fact("stamp_duty", dinars(duty, language)),
        line(f"{say('total_paid', language)} : {dinars(amount + duty, language)}", bold=True),
        line(say("paper_cash", language), align="centre", bold=True),
        line(say("paper_offline", language), align="centre"),
    ]
