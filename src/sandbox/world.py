"""Everything that the sandbox is, put together: one clock, one gateway, the issuers, readers, phones, inbox, bank."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from sandbox.bank.core import Bank
from sandbox.bank.movements import Movement, movements_of
from sandbox.billing.letterbox import Letterbox
from sandbox.clock import Clock
from sandbox.gateway.callbacks import Callback
from sandbox.gateway.calls import MerchantCalls
from sandbox.gateway.cards import DECK
from sandbox.gateway.core import Gateway, TextMessage
from sandbox.gateway.faults import TEXT_KINDS, FaultPlan, Kind, Moment, Occasion
from sandbox.gateway.issuer import Issuer, Reason
from sandbox.gateway.merchants import Merchant, Merchants
from sandbox.gateway.orders import Order
from sandbox.gateway.outcomes import Wire
from sandbox.gateway.settings import Settings
from sandbox.phone.messages import Inbox, Phone
from sandbox.phone.texts import text_of
from sandbox.reader.certificates import Authority
from sandbox.reader.faults import ReaderFaults
from sandbox.reader.fleet import Fleet
from sandbox.shelf import NoShelf, Shelf


class World:
    """One sandbox. `public_url` is where payers' browsers reach it, without a slash at the end."""

    def __init__(
        self,
        *,
        merchants: Iterable[Merchant],
        settings: Settings,
        random: Random,
        clock: Clock | None = None,
        shelf: Shelf | None = None,
        public_url: str = "",
        seed: int = 0,
        bank_folder: Path | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.shelf = shelf or NoShelf()
        self.public_url = public_url
        self._first_settings = settings
        for row in self.shelf.rows("clock"):
            self.clock.shift_seconds = float(row["shift_seconds"])
        self.phone = Phone(shelf=self.shelf)
        self.inbox = Inbox(shelf=self.shelf)
        self.letterbox = Letterbox()
        self.faults = FaultPlan(seed=seed)
        self.callbacks: deque[Callback] = deque()
        self._late_texts: list[tuple[float, TextMessage]] = []
        self.gateway = Gateway(
            merchants=Merchants(merchants),
            issuer=Issuer(cards=DECK.values(), opened_at=self.clock.now(), shelf=self.shelf),
            faults=self.faults,
            random=random,
            settings=settings,
            shelf=self.shelf,
            send_text=self._send_text,
            send_callback=self.callbacks.append,
        )
        self.calls = MerchantCalls(gateway=self.gateway, form_url=self.form_url)
        self.readers = Fleet(
            issuer=self.gateway.issuer,
            # Numbers of its own, so that a seed gives the gateway the same run with and without readers.
            random=Random(f"readers {seed}") if seed else Random(),  # noqa: S311 - nothing here is secret
            faults=ReaderFaults(seed=seed),
            deck=lambda: self.gateway.settings.deck,
            shelf=self.shelf,
        )
        self.reader_authority = Authority.of(self.shelf)
        self.bank = Bank(
            merchants=self.gateway.merchants.all,
            movements=self._movements,
            charge_back=self._charge_back,
            shelf=self.shelf,
            folder=bank_folder,
            seed=seed,
        )

    def form_url(self, order: Order, merchant: Merchant) -> str:
        """The whole address of the card page, as the merchant is told."""
        return self.public_url + self.card_path(order, merchant, language=order.language)

    def card_path(self, order: Order, merchant: Merchant, *, language: str) -> str:
        """Where the payer fills in the card, in the shape of the merchant's wire."""
        if merchant.wire is Wire.A:
            return f"/payment/merchants/{merchant.page_name}/payment_{language}.html?mdOrder={order.md_order}"
        return f"/payment/epg/merchants/{merchant.page_name}/payment.html?mdOrder={order.md_order}&language={language}"

    def callbacks_due(self) -> Iterator[Callback]:
        """Takes the callbacks whose moment has come, in the order of their events."""
        now = self.clock.now()
        for _ in range(len(self.callbacks)):
            callback = self.callbacks.popleft()
            if callback.due_at <= now:
                yield callback
            else:
                self.callbacks.append(callback)

    def tick(self) -> None:
        """Does what has become due. Safe to repeat."""
        now = self.clock.now()
        self.gateway.tick(now=now)
        self.readers.catch_up(now=now)
        due = [late for late in self._late_texts if late[0] <= now]
        self._late_texts = [late for late in self._late_texts if late[0] > now]
        for _, message in due:
            self._deliver(message, now)

    def keep_clock(self) -> None:
        """Keeps the clock's shift, so that orders do not lie in the future after a restart."""
        self.shelf.put("clock", "shift", {"shift_seconds": self.clock.shift_seconds})

    def reset(self) -> None:
        """Back to the first day: no orders, no messages, no faults, first settings, true time, opening balances.

        Merchants and readers stay.
        """
        self.clock.shift_seconds = 0.0
        self.gateway.reset(now=self.clock.now())
        self.gateway.use(self._first_settings)
        self.readers.reset()
        self.bank.reset()
        self.reader_authority.keep(self.shelf)
        self.phone.clear()
        self.inbox.clear()
        self.letterbox.clear()
        self.callbacks.clear()
        self._late_texts.clear()

    def _movements(self) -> list[Movement]:
        return movements_of(issuer=self.gateway.issuer, gateway=self.gateway, readers=self.readers)

    def _charge_back(self, payment: Movement, at: float) -> Movement | None:
        """The issuer takes the payment back from the merchant and gives it to the card holder."""
        issuer = self.gateway.issuer
        entries = (each for account in issuer.accounts() for each in account.entries)
        entry = next((each for each in entries if each.sequence == payment.sequence), None)
        if entry is None:
            return None
        issuer.give_back(
            entry.account, centimes=-entry.centimes, now=at, md_order=entry.md_order, reason=Reason.CHARGEBACK
        )
        return self._movements()[-1]

    def _send_text(self, message: TextMessage, now: float) -> None:
        occasion = Occasion(
            amount_centimes=message.amount_centimes, order_number=message.order_number, merchant=message.merchant
        )
        fault = self.faults.draw(Moment.TEXT, kinds=TEXT_KINDS, occasion=occasion)
        match fault.kind if fault else None:
            case Kind.TEXT_LOST:
                return
            case Kind.TEXT_LATE if fault is not None:
                self._late_texts.append((now + fault.seconds, message))
            case Kind.TEXT_TWICE:
                self._deliver(message, now)
                self._deliver(message, now)
            case _:
                self._deliver(message, now)

    def _deliver(self, message: TextMessage, now: float) -> None:
        self.phone.receive(
            phone=message.phone, text=text_of(message), code=message.code, md_order=message.md_order, now=now
        )
