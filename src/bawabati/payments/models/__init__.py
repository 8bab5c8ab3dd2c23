"""Attempts to pay, what each pays and holds, sales at desks, what channels reserve, and money that went back."""

from bawabati.payments.models.card_range import CardRange
from bawabati.payments.models.channel import (
    Channel,
    ChannelDifference,
    ChannelFile,
    ChannelFileLine,
    EarlyWord,
    Reservation,
    ReservationHappening,
    ReservationLine,
)
from bawabati.payments.models.credit import CreditUse
from bawabati.payments.models.exchange import Exchange
from bawabati.payments.models.payment import Hold, Payment, PaymentContact, PaymentEvent, PaymentLine
from bawabati.payments.models.refund import Refund, RefundEvent, RefundPart
from bawabati.payments.models.sale import ReaderOrder, Sale, SaleHappening, SaleLine

__all__ = [
    "CardRange",
    "Channel",
    "ChannelDifference",
    "ChannelFile",
    "ChannelFileLine",
    "CreditUse",
    "EarlyWord",
    "Exchange",
    "Hold",
    "Payment",
    "PaymentContact",
    "PaymentEvent",
    "PaymentLine",
    "ReaderOrder",
    "Refund",
    "RefundEvent",
    "RefundPart",
    "Reservation",
    "ReservationHappening",
    "ReservationLine",
    "Sale",
    "SaleHappening",
    "SaleLine",
]
