"""Receipts and reports as lines for paper of 80 mm: a bridge prints them as pictures, a browser as a page."""

from collections.abc import Iterator, Mapping

from bawabati.adapters.documents.contract import ReceiptFacts, ReceiptLine
from bawabati.adapters.documents.papers import Paper, Roll, RollLine, Row
from bawabati.adapters.documents.plain_text import plain_text
from bawabati.adapters.documents.words import words_of
from bawabati.money.amount import Money
from bawabati.money.dates import display_moment
from bawabati.money.display import isolated, with_currency

RULE = "-" * 32


class PaperRoll:
    """Makes rolls from facts. Without state: safe to share, safe to repeat. Rule: receipt-on-80mm (readers.md 5.4)"""

    def receipt(self, facts: ReceiptFacts) -> Roll:
        """The receipt in its language, with its QR code."""
        return Roll(lines=tuple(_Writer(facts.language).receipt(facts)), qr=facts.check_url)

    def paper(self, paper: Paper) -> Roll:
        """Any other paper of a desk."""
        return Roll(lines=tuple(_Writer(paper.language).paper(paper)))


class _Writer:
    """Writes lines of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words: Mapping[str, str] = words_of(language)
        self.direction = "rtl" if language == "ar" else "ltr"
        self.start = "right" if language == "ar" else "left"

    def paper(self, paper: Paper) -> Iterator[RollLine]:
        yield from self._head(paper)
        for section in paper.sections:
            yield self._rule()
            if section.word:
                yield self._line(self.words[section.word], bold=True)
            yield from map(self._row, section.rows)
        if paper.notes:
            yield self._rule()
        yield from (self._line(self.words[note]) for note in paper.notes)
        yield from self._foot(paper)

    def _head(self, paper: Paper) -> Iterator[RollLine]:
        yield self._middle(plain_text(paper.company), bold=True)
        yield self._middle(plain_text(paper.place))
        yield self._middle(self.words[paper.title], bold=True, size=2)
        if paper.number:
            yield self._middle(_code(paper.number), bold=True)
        yield self._middle(_code(display_moment(paper.made_at)))
        if paper.banner:
            yield self._rule()
            yield self._middle(self.words[paper.banner], bold=True, size=2)

    def _foot(self, paper: Paper) -> Iterator[RollLine]:
        if paper.digest:
            yield self._line(f"{self.words['sha256']}:")
            for start in range(0, len(paper.digest), len(RULE)):
                yield RollLine(text=paper.digest[start : start + len(RULE)], align="centre")
        for signature in paper.signatures:
            yield self._line(f"{self.words[signature]}:")
            yield from (self._line("") for _ in range(2))

    def receipt(self, facts: ReceiptFacts) -> Iterator[RollLine]:
        yield self._middle(plain_text(facts.issuer.name), bold=True)
        for text in (facts.issuer.legal_form, facts.issuer.address):
            if text:
                yield self._middle(plain_text(text))
        yield self._middle(self.words["receipt"], bold=True, size=2)
        yield self._middle(_code(facts.number), bold=True)
        if facts.duplicata:
            yield self._middle(self.words["duplicata"], bold=True, size=2)
        yield self._middle(_code(display_moment(facts.paid_at)))
        yield from self._facts_of_place(facts)
        for line in facts.lines:
            yield self._rule()
            yield from self._bill(line)
        yield self._rule()
        yield from self._sums(facts)
        yield from self._means(facts)
        yield self._middle(plain_text(facts.status), bold=True)
        yield self._line(f"{self.words['in_words']}: {plain_text(facts.amount_in_words)}")
        yield self._rule()
        if facts.check_url:
            yield self._middle(self.words["check"])
        yield from self._identifiers(facts)
        yield self._line(self.words["nature"])

    def _facts_of_place(self, facts: ReceiptFacts) -> Iterator[RollLine]:
        yield from self._named("agency", facts.agency_name)
        yield from self._named("desk", facts.desk_code, is_code=True)
        yield from self._named("cashier", facts.cashier_name)

    def _bill(self, line: ReceiptLine) -> Iterator[RollLine]:
        yield from self._named("payment_number", line.payment_number, is_code=True)
        yield from self._named("bill_number", line.bill_number, is_code=True)
        yield from self._named("customer", line.customer_number, is_code=True)
        yield from self._named("period", line.period)
        yield from self._named("amount", self._money(line.amount), is_strong=True)
        for word, amount in (("surplus", line.surplus), ("left", line.left)):
            if amount:
                yield self._line(self.words[word].format(amount=self._money(amount)))

    def _sums(self, facts: ReceiptFacts) -> Iterator[RollLine]:
        if facts.stamp_duty:
            yield from self._named("bills_total", self._money(facts.amount))
            yield from self._named("stamp_duty", self._money(facts.stamp_duty))
        total = self._money(facts.amount + facts.stamp_duty)
        yield self._line(f"{self.words['total_paid']}:", bold=True)
        yield self._middle(total, bold=True, size=2)
        if facts.tendered:
            yield from self._named("tendered", self._money(facts.tendered))
            yield from self._named("change", self._money(facts.tendered - facts.amount - facts.stamp_duty))

    def _means(self, facts: ReceiptFacts) -> Iterator[RollLine]:
        yield from self._named("way", facts.payment_method)
        yield from self._named("cheque_number", facts.cheque_number, is_code=True)
        yield from self._named("masked_card", facts.masked_card, is_code=True)
        yield from self._named("approval_code", facts.approval_code, is_code=True)
        yield from self._named("terminal_id", facts.terminal_id, is_code=True)
        yield from self._named("merchant_id", facts.merchant_id, is_code=True)
        yield from self._named("transaction_id", facts.transaction_id, is_code=True)
        yield from self._named("order_number", facts.order_number, is_code=True)

    def _identifiers(self, facts: ReceiptFacts) -> Iterator[RollLine]:
        issuer = facts.issuer
        for name, value in (("NIF", issuer.nif), ("NIS", issuer.nis), ("RC", issuer.rc), ("AI", issuer.ai)):
            if value:
                yield RollLine(text=f"{name} {plain_text(value, longest=64)}", align="centre")

    def _row(self, row: Row) -> RollLine:
        name = self.words[row.word].format(**{place: plain_text(value, longest=60) for place, value in row.named})
        value = _code(row.value) if row.is_code and row.value else plain_text(row.value)
        return self._line(f"{name}: {value}" if value else name, bold=row.is_strong)

    def _named(self, word: str, value: str, *, is_strong: bool = False, is_code: bool = False) -> Iterator[RollLine]:
        if value:
            yield self._row(Row(word=word, value=value, is_strong=is_strong, is_code=is_code))

    def _money(self, amount: Money) -> str:
        return with_currency(amount, self.language)

    def _line(self, text: str, *, bold: bool = False) -> RollLine:
        return RollLine(text=text, align=self.start, bold=bold, direction=self.direction)

    def _middle(self, text: str, *, bold: bool = False, size: int = 1) -> RollLine:
        return RollLine(text=text, align="centre", bold=bold, size=size, direction=self.direction)

    def _rule(self) -> RollLine:
        return RollLine(text=RULE, align="centre")


def _code(value: str) -> str:
    """Kept left to right inside Arabic. Nobody else's marks of direction come through."""
    return isolated(plain_text(value, longest=64))
