"""What the gateway does with an order: registered, paid after the code, acknowledged, refunded, or ended otherwise.

No HTTP, no clock, no randomness of its own: `now` is passed in, numbers come from the generator that is injected. So
a test can drive it in its own process and get the same run from the same seed.
"""

from __future__ import annotations

import heapq
import string
from collections.abc import Callable, Mapping
from random import Random

from sandbox.gateway import outcomes
from sandbox.gateway.callbacks import Callback, Operation, callbacks_of
from sandbox.gateway.cards import Card
from sandbox.gateway.faults import CALLBACK_KINDS, Fault, FaultPlan, Kind, Moment, Occasion
from sandbox.gateway.issuer import Issuer, Reason
from sandbox.gateway.merchants import Merchant, Merchants
from sandbox.gateway.orders import AUTHORISED_STATES, PAID_STATES, Order, State
from sandbox.gateway.outcomes import Outcome, Wire
from sandbox.gateway.settings import AfterPageEnd, CodeBy, Settings
from sandbox.gateway.steps import (
    CardAnswer,
    CodeAnswer,
    CodeExpired,
    CodeSent,
    Ended,
    NothingLeft,
    NotNow,
    RefundRefusal,
    RefusedMayRetry,
    Stalled,
    TextMessage,
    WrongAmount,
    WrongCode,
    WrongState,
)
from sandbox.shelf import NoShelf, Shelf

__all__ = [
    "CardAnswer",
    "CodeAnswer",
    "CodeExpired",
    "CodeSent",
    "Ended",
    "Gateway",
    "NotNow",
    "NothingLeft",
    "RefundRefusal",
    "RefusedMayRetry",
    "Stalled",
    "TextMessage",
    "WrongAmount",
    "WrongCode",
    "WrongState",
    "occasion_of",
]

_ALPHABET = string.ascii_letters + string.digits
_ONE_DINAR = 100
_BASE_62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


class Gateway:
    """The gateway's whole memory and everything that may happen to it. One thread; each method is one step."""

    def __init__(
        self,
        *,
        merchants: Merchants,
        issuer: Issuer,
        faults: FaultPlan,
        random: Random,
        settings: Settings | None = None,
        shelf: Shelf | None = None,
        send_text: Callable[[TextMessage, float], None] = lambda _message, _now: None,
        send_callback: Callable[[Callback], None] = lambda _callback: None,
    ) -> None:
        self.merchants = merchants
        self.issuer = issuer
        self.faults = faults
        self._settings = settings or Settings()
        self._random = random
        self._shelf = shelf or NoShelf()
        self._send_text = send_text
        self._send_callback = send_callback
        self._orders: dict[str, Order] = {}
        self._by_number: dict[tuple[str, str], Order] = {}
        self._due: list[tuple[float, str]] = []
        for row in self._shelf.rows("order"):
            self._remember(Order.from_row(row))

    @property
    def settings(self) -> Settings:
        return self._settings

    def use(self, settings: Settings) -> None:
        """From now on these settings; what falls due is reckoned again."""
        self._settings = settings
        self._due = []
        for order in self._orders.values():
            self._watch(order)

    # Finding

    def orders(self) -> list[Order]:
        """All orders, oldest first."""
        return list(self._orders.values())

    def find_order(self, md_order: str) -> Order | None:
        return self._orders.get(md_order)

    def find_order_by_number(self, *, merchant: Merchant, order_number: str) -> Order | None:
        return self._by_number.get((merchant.user_name, order_number))

    # The merchant's side

    def register(
        self,
        *,
        merchant: Merchant,
        order_number: str,
        amount_centimes: int,
        currency: str,
        language: str,
        return_url: str,
        fail_url: str,
        description: str,
        params: Mapping[str, str],
        terminal_id: str,
        callback_url: str,
        now: float,
        two_phase: bool = False,
        page_seconds: float | None = None,
        external_request_id: str = "",
    ) -> Order | None:
        """Opens an order; None when the merchant has used this number before, whatever became of that order.

        The same `external_request_id` with the same order is the same registration: the order of before comes back.
        """
        known = self._by_number.get((merchant.user_name, order_number))
        if known is not None:
            same = (known.external_request_id, known.amount_centimes, known.currency, known.two_phase)
            asked = (external_request_id, amount_centimes, currency, two_phase)
            return known if external_request_id and same == asked else None
        order = Order(
            md_order=self._new_identifier(),
            merchant=merchant.user_name,
            order_number=order_number,
            amount_centimes=amount_centimes,
            currency=currency,
            language=language,
            return_url=return_url,
            fail_url=fail_url,
            description=description,
            params=dict(params),
            terminal_id=terminal_id,
            callback_url=callback_url,
            two_phase=two_phase,
            external_request_id=external_request_id,
            registered_at=now,
            page_ends_at=now + (self.settings.page_seconds if page_seconds is None else page_seconds),
        )
        self._remember(order)
        self._keep(order)
        return order

    def acknowledge(self, order: Order, *, now: float) -> bool:
        """The merchant has heard the result. Safe to repeat. True when a payment was acknowledged before.

        Only a payment (or a hold) that can be read is acknowledged; asking for an unpaid order changes nothing.
        """
        self.catch_up(order, now=now)
        if order.state not in AUTHORISED_STATES or now < order.readable_from:
            return False
        if order.acknowledged_at:
            return True
        order.acknowledged_at = now
        self._keep(order)
        return False

    def refund(self, order: Order, *, amount_centimes: int, refund_id: str, now: float) -> None:
        """Gives a part or all of a payment back. Not safe to repeat: each call is another refund.

        Raises:
            NothingLeft: there is nothing to give back.
            WrongAmount: less than a dinar, more than is left, or `refund_id` was used before.
        """
        self.catch_up(order, now=now)
        if order.state not in PAID_STATES or not order.deposited_centimes:
            raise NothingLeft
        if not _ONE_DINAR <= amount_centimes <= order.deposited_centimes:
            raise WrongAmount
        if refund_id and refund_id in order.refund_ids:
            raise WrongAmount
        with self._shelf.together():
            self.issuer.give_back(
                order.account, centimes=amount_centimes, now=now, md_order=order.md_order, reason=Reason.REFUND
            )
            order.deposited_centimes -= amount_centimes
            order.state = State.REFUNDED
            if refund_id:
                order.refund_ids.append(refund_id)
            self._keep(order)
        self._tell(order, Operation.REFUNDED, successful=True, now=now)

    def deposit(self, order: Order, *, amount_centimes: int, now: float) -> None:
        """Takes the held money of an order, all of it when `amount_centimes` is 0; what is not taken is let go.

        Raises:
            WrongState: nothing is held.
            WrongAmount: less than a dinar, or more than is held.
        """
        self.catch_up(order, now=now)
        if order.state is not State.APPROVED:
            raise WrongState
        taken = amount_centimes or order.amount_centimes
        if not _ONE_DINAR <= taken <= order.amount_centimes:
            raise WrongAmount
        with self._shelf.together():
            self.issuer.release(order.md_order)
            self.issuer.debit(order.account, centimes=taken, now=now, md_order=order.md_order)
            order.state, order.deposited_centimes, order.paid_at = State.DEPOSITED, taken, now
            self._keep(order)
        self._watch(order)
        self._tell(order, Operation.DEPOSITED, successful=True, now=now)

    def reverse(self, order: Order, *, now: float) -> None:
        """Lets go of held money, or takes a payment of today back as if it had not been. Once for each order.

        Raises:
            WrongState: neither held nor freshly paid: never paid, refunded in part, reversed, or too long ago.
        """
        self.catch_up(order, now=now)
        fresh = order.state is State.DEPOSITED and now < order.paid_at + self.settings.reversal_seconds
        if order.state is not State.APPROVED and not fresh:
            raise WrongState
        with self._shelf.together():
            self._let_go(order, reason=Reason.REVERSAL, now=now)
            order.state, order.deposited_centimes = State.REVERSED, 0
            self._keep(order)
        self._tell(order, Operation.REVERSED, successful=True, now=now)

    def decline(self, order: Order, *, now: float) -> None:
        """The merchant gives an unpaid order up: its page ends at once.

        Raises:
            WrongState: it is paid or has ended, or the issuer is being asked at this moment.
        """
        if not self.is_open(order, now=now):
            raise WrongState
        order.may_retry = False
        self._forget_card(order)
        self._end(order, State.DECLINED, outcomes.DECLINED_BY_MERCHANT, now=now)

    # The payer's side

    def is_open(self, order: Order, *, now: float) -> bool:
        """Whether the card page of this order may still be used."""
        self.catch_up(order, now=now)
        payable = order.state is State.REGISTERED or (order.state is State.DECLINED and order.may_retry)
        return payable and now < order.page_ends_at and not order.authorises_at

    def give_card(
        self, order: Order, *, pan: str, expiry: str, cvv2: str, holder: str, payer_ip: str, now: float
    ) -> CardAnswer:
        """The payer has filled in the card. Sends a code, or ends the attempt; never debits anything."""
        if not self.is_open(order, now=now):
            return NotNow()
        card = self.issuer.find_card(pan)
        order.card_pan, order.card_cvv2, order.card_expiry = pan, cvv2, expiry
        order.card_first6, order.card_last4 = pan[:6], pan[-4:]
        order.card_holder, order.payer_ip = holder, payer_ip
        order.account = card.account_number if card else ""
        refusal = self.issuer.refuses_before_the_code(card, wire=self._wire(order), deck=self.settings.deck)
        if card is None or refusal is not None:
            return self._refuse(order, refusal or outcomes.UNRECOGNISED, now=now)
        if order.codes_sent >= self.settings.codes_per_order:
            return self._refuse(order, outcomes.AUTHENTICATION_FAILED, now=now)
        return self._send_code(order, card=card, now=now)

    def send_another_code(self, order: Order, *, now: float) -> CodeSent | NotNow:
        """A new code for the card already given, while there are some left. The old code is worth nothing after it."""
        card = self.issuer.find_card(order.card_pan)
        if not self.is_open(order, now=now) or card is None or not order.awaits_code:
            return NotNow()
        if self.settings.code_by is CodeBy.PASSWORD:
            return NotNow()
        if order.codes_sent >= self.settings.codes_per_order:
            return NotNow()
        return self._send_code(order, card=card, now=now)

    def give_code(self, order: Order, *, code: str, now: float) -> CodeAnswer:
        """The payer has typed a code. Only the right one, in time, debits an account."""
        card = self.issuer.find_card(order.card_pan)
        if not self.is_open(order, now=now) or card is None or not order.awaits_code:
            return NotNow()
        by_password = self.settings.code_by is not CodeBy.SMS and code == card.password
        if code != order.code and not by_password:
            return self._count_wrong_code(order, card=card, now=now)
        if now >= order.code_ends_at and not by_password:
            return CodeExpired()
        answer = self.issuer.authorise(
            card,
            cvv2=order.card_cvv2,
            expiry=order.card_expiry,
            amount_centimes=order.amount_centimes,
            wire=self._wire(order),
            deck=self.settings.deck,
        )
        if not answer.accepted:
            return self._refuse(order, answer, now=now)
        late = self.faults.draw(Moment.CODE, kinds={Kind.AUTHORISATION_LATE}, occasion=occasion_of(order))
        if late is not None:
            order.authorises_at = now + late.seconds
            order.forget_secrets()
            self._keep(order)
            self._watch(order)
            return Stalled()
        early = self.faults.draw(Moment.CODE, kinds={Kind.RESULT_LATE}, occasion=occasion_of(order))
        if early is not None:
            order.readable_from = now + early.seconds
        self._take(order, now=now)
        return Ended()

    def cancel(self, order: Order, *, now: float) -> Ended | NotNow:
        """The payer has pressed cancel, on the card page or instead of giving the code."""
        if not self.is_open(order, now=now):
            return NotNow()
        if order.awaits_code:
            self._end(order, State.DECLINED, outcomes.AUTHENTICATION_FAILED, now=now)
        else:
            self._forget_card(order)
            self._end(order, State.DECLINED, outcomes.CANCELLED, now=now)
        return Ended()

    # Time

    def tick(self, *, now: float) -> None:
        """Does what has become due on every order. Safe to repeat."""
        while self._due and self._due[0][0] <= now:
            _, md_order = heapq.heappop(self._due)
            order = self._orders.get(md_order)
            if order is not None:
                self.catch_up(order, now=now)

    def catch_up(self, order: Order, *, now: float) -> None:
        """Does what has become due on one order: the page's end, a late yes, the cancelling of an unheard payment."""
        if order.authorises_at and order.authorises_at <= min(now, order.page_ends_at):
            self._take_late(order)
        if order.state is State.REGISTERED and now >= order.page_ends_at:
            self._end_page(order)
        if order.authorises_at and order.authorises_at <= now:
            self._take_late(order)
        if self._is_unheard(order, now=now):
            self._take_back(order, now=now)

    def reset(self, *, now: float) -> None:
        """Forgets every order; the issuers open new books; no fault is planned."""
        self._orders.clear()
        self._by_number.clear()
        self._due.clear()
        self.faults.clear()
        self._shelf.clear()
        self.issuer.reset(now=now)

    # Inside

    def _wire(self, order: Order) -> Wire:
        merchant = self.merchants.find(order.merchant)
        return merchant.wire if merchant else Wire.B

    def _new_identifier(self) -> str:
        """Twelve random characters, `AA`, and a number that counts up in base 62: 20 characters in all."""
        count, counted = len(self._orders), ""
        for _ in range(6):
            count, digit = divmod(count, 62)
            counted = _BASE_62[digit] + counted
        return "".join(self._random.choices(_ALPHABET, k=12)) + "AA" + counted

    def _six_digits(self) -> str:
        return f"{self._random.randrange(1_000_000):06d}"

    def _send_code(self, order: Order, *, card: Card, now: float) -> CodeSent:
        if self.settings.code_by is CodeBy.PASSWORD:
            order.code = card.password
            order.code_ends_at = order.page_ends_at
            order.codes_sent += 1
            self._keep(order)
            self._tell_before(order, now=now)
            return CodeSent(phone="")
        order.code = self._six_digits()
        order.code_ends_at = now + self.settings.code_seconds
        order.codes_sent += 1
        self._keep(order)
        merchant = self.merchants.find(order.merchant)
        self._send_text(
            TextMessage(
                phone=card.phone,
                code=order.code,
                md_order=order.md_order,
                order_number=order.order_number,
                merchant=order.merchant,
                merchant_name=merchant.name(order.language) if merchant else order.merchant,
                amount_centimes=order.amount_centimes,
                language=order.language,
            ),
            now,
        )
        self._tell_before(order, now=now)
        return CodeSent(phone=card.phone)

    def _count_wrong_code(self, order: Order, *, card: Card, now: float) -> CodeAnswer:
        order.wrong_codes += 1
        if order.wrong_codes < self.settings.wrong_codes_allowed:
            self._keep(order)
            return WrongCode(attempts_left=self.settings.wrong_codes_allowed - order.wrong_codes)
        self.issuer.lock(card)
        return self._refuse(order, outcomes.LOCKED, now=now)

    def _refuse(self, order: Order, outcome: Outcome, *, now: float) -> Ended | RefusedMayRetry:
        retry = self.faults.draw(Moment.REFUSAL, kinds={Kind.RETRY_AFTER_DECLINE}, occasion=occasion_of(order))
        order.may_retry = retry is not None
        self._end(order, State.DECLINED, outcome, now=now)
        if not order.may_retry:
            return Ended()
        order.codes_sent = order.wrong_codes = 0
        return RefusedMayRetry(outcome=outcome)

    def _end(self, order: Order, state: State, outcome: Outcome, *, now: float) -> None:
        order.state, order.outcome_name, order.ended_at = state, outcome.name, now
        order.forget_secrets()
        self._keep(order)
        operation = Operation.DEPOSITED
        if outcome is outcomes.TIMED_OUT:
            operation = Operation.DECLINED_BY_TIMEOUT
        elif order.two_phase:
            operation = Operation.APPROVED
        self._tell(order, operation, successful=state in AUTHORISED_STATES, now=now)

    def _take(self, order: Order, *, now: float) -> None:
        """The issuer's yes: the money is debited, or in two phases held."""
        with self._shelf.together():
            order.approval_code = self._six_digits()
            order.authorises_at = 0.0
            order.may_retry = False
            if order.two_phase:
                self.issuer.hold(order.account, centimes=order.amount_centimes, now=now, md_order=order.md_order)
                self._end(order, State.APPROVED, outcomes.ACCEPTED, now=now)
            else:
                self.issuer.debit(order.account, centimes=order.amount_centimes, now=now, md_order=order.md_order)
                order.paid_at, order.deposited_centimes = now, order.amount_centimes
                self._end(order, State.DEPOSITED, outcomes.ACCEPTED, now=now)
        self._watch(order)

    def _take_late(self, order: Order) -> None:
        """The yes that was on its way arrives; it is a no when the account was emptied meanwhile."""
        arrives_at = order.authorises_at
        if self.issuer.account(order.account).available_centimes >= order.amount_centimes:
            self._take(order, now=arrives_at)
            return
        order.authorises_at = 0.0
        self._end(order, State.DECLINED, outcomes.INSUFFICIENT_BALANCE, now=arrives_at)

    def _end_page(self, order: Order) -> None:
        if order.awaits_code:
            self._end(order, State.DECLINED, outcomes.AUTHENTICATION_FAILED, now=order.page_ends_at)
        elif self.settings.after_page_end is AfterPageEnd.TIMED_OUT:
            self._end(order, State.DECLINED, outcomes.TIMED_OUT, now=order.page_ends_at)

    def _is_unheard(self, order: Order, *, now: float) -> bool:
        cancelled_at = self._cancelled_if_unheard_at(order)
        return cancelled_at is not None and now >= cancelled_at

    def _cancelled_if_unheard_at(self, order: Order) -> float | None:
        """When the gateway takes this payment or hold back unless somebody acknowledges it; None for never."""
        something_there = order.state is State.APPROVED or (order.state in PAID_STATES and order.deposited_centimes)
        if not something_there or order.acknowledged_at or self.settings.auto_cancel_seconds is None:
            return None
        merchant = self.merchants.find(order.merchant)
        if merchant is not None and not merchant.must_acknowledge:
            return None
        return (order.paid_at or order.ended_at) + self.settings.auto_cancel_seconds

    def _take_back(self, order: Order, *, now: float) -> None:
        kept = self.faults.draw(Moment.CANCELLING, kinds={Kind.CANCELLED_WITHOUT_MONEY}, occasion=occasion_of(order))
        with self._shelf.together():
            if order.state is State.APPROVED or (self.settings.auto_cancel_gives_back and kept is None):
                self._let_go(order, reason=Reason.CANCELLATION, now=now)
            order.state, order.cancelled_at, order.deposited_centimes = State.REVERSED, now, 0
            self._keep(order)
        self._tell(order, Operation.REVERSED, successful=True, now=now)

    def _let_go(self, order: Order, *, reason: Reason, now: float) -> None:
        """The payer has the money again, as far as it was held or is still captured."""
        self.issuer.release(order.md_order)
        if order.deposited_centimes:
            self.issuer.give_back(
                order.account, centimes=order.deposited_centimes, now=now, md_order=order.md_order, reason=reason
            )

    def _forget_card(self, order: Order) -> None:
        order.card_first6 = order.card_last4 = order.card_expiry = order.card_holder = order.payer_ip = ""

    def _tell(self, order: Order, operation: Operation, *, successful: bool, now: float) -> None:
        """Calls the merchant's server back about what has just happened, if that is done for this merchant."""
        merchant = self.merchants.find(order.merchant)
        if merchant is None or not (order.callback_url or merchant.callback_url):
            return
        kinds = CALLBACK_KINDS - {Kind.CALLBACK_BEFORE}
        fault = self.faults.draw(Moment.CALLBACK, kinds=kinds, occasion=occasion_of(order))
        if fault is not None or merchant.callbacks:
            self._send_callbacks(order, merchant, operation, successful=successful, fault=fault, now=now)

    def _tell_before(self, order: Order, *, now: float) -> None:
        merchant = self.merchants.find(order.merchant)
        fault = self.faults.draw(Moment.CALLBACK, kinds={Kind.CALLBACK_BEFORE}, occasion=occasion_of(order))
        if merchant is not None and fault is not None:
            self._send_callbacks(order, merchant, Operation.DEPOSITED, successful=True, fault=fault, now=now)

    def _send_callbacks(
        self,
        order: Order,
        merchant: Merchant,
        operation: Operation,
        *,
        successful: bool,
        fault: Fault | None,
        now: float,
    ) -> None:
        for callback in callbacks_of(
            order,
            merchant=merchant,
            operation=operation,
            successful=successful,
            fault=fault,
            other=self._another_order(order),
            now=now,
        ):
            self._send_callback(callback)

    def _another_order(self, order: Order) -> Order | None:
        """The latest other order of the same merchant, if there is one."""
        return next(
            (
                other
                for other in reversed(self._orders.values())
                if other.merchant == order.merchant and other is not order
            ),
            None,
        )

    def _remember(self, order: Order) -> None:
        self._orders[order.md_order] = order
        self._by_number[order.merchant, order.order_number] = order
        self._watch(order)

    def _keep(self, order: Order) -> None:
        self._shelf.put("order", order.md_order, order.to_row())

    def _watch(self, order: Order) -> None:
        """Notes the next moment at which something may fall due on this order."""
        moments = []
        if order.state is State.REGISTERED:
            moments.append(order.page_ends_at)
        if order.authorises_at:
            moments.append(order.authorises_at)
        cancelled_at = self._cancelled_if_unheard_at(order)
        if cancelled_at is not None:
            moments.append(cancelled_at)
        for moment in moments:
            heapq.heappush(self._due, (moment, order.md_order))


def occasion_of(order: Order, *, call: str = "") -> Occasion:
    """What a fault may choose this order by."""
    return Occasion(
        call=call,
        merchant=order.merchant,
        order_number=order.order_number,
        amount_centimes=order.amount_centimes,
        card_first6=order.card_first6,
        card_last4=order.card_last4,
    )
