"""One paid receipt in our three languages, and ways to bend it."""

from dataclasses import replace
from datetime import UTC, datetime

from bawabati.adapters.documents.contract import Issuer, ReceiptFacts, ReceiptLine
from bawabati.money.amount import ZERO, Money

LANGUAGES = ("ar", "fr", "en")

_TEXTS = {
    "ar": {
        "name": "شركة المياه والتطهير لوهران",
        "legal_form": "شركة ذات أسهم",
        "address": "12 نهج الاستقلال، وهران 31000",
        "status": "تم قبول الدفع",
        "gateway_message": "تم قبول عملية الدفع الخاصة بكم",
        "words": "ألف وأربعمائة وستة وستون دينارا جزائريا وثلاثة وتسعون سنتيما",
        "period": "الثلاثي الأول 2026",
        "initials": "ب. م.",
    },
    "fr": {
        "name": "Société de l’Eau et de l’Assainissement d’Oran",
        "legal_form": "SPA",
        "address": "12, boulevard de l’Indépendance, 31000 Oran",
        "status": "Paiement accepté",
        "gateway_message": "Votre paiement a été accepté",
        "words": "mille quatre cent soixante-six dinars algériens et quatre-vingt-treize centimes",
        "period": "1er trimestre 2026",
        "initials": "B. M.",
    },
    "en": {
        "name": "Oran Water and Sanitation Company",
        "legal_form": "Joint-stock company",
        "address": "12 Independence Boulevard, Oran 31000",
        "status": "Payment accepted",
        "gateway_message": "Your payment was accepted",
        "words": "one thousand four hundred and sixty-six Algerian dinars and ninety-three centimes",
        "period": "1st quarter 2026",
        "initials": "B. M.",
    },
}


def an_issuer(language: str) -> Issuer:
    texts = _TEXTS[language]
    return Issuer(
        name=texts["name"],
        legal_form=texts["legal_form"],
        address=texts["address"],
        phone="041 12 34 56",
        nif="099931010123456",
        nis="099931010123457",
        rc="99B0123456-31/00",
        ai="31011234567",
    )


def a_line(language: str, *, surplus: Money = ZERO) -> ReceiptLine:
    texts = _TEXTS[language]
    return ReceiptLine(
        payment_number="2031 4457 9012 88",
        bill_number="F2026-100234",
        customer_number="3101123456",
        holder_initials=texts["initials"],
        period=texts["period"],
        amount=Money(146693),
        surplus=surplus,
    )


def a_receipt(language: str = "ar") -> ReceiptFacts:
    texts = _TEXTS[language]
    return ReceiptFacts(
        language=language,
        number="WEB-2026-000123",
        issuer=an_issuer(language),
        status=texts["status"],
        gateway_message=texts["gateway_message"],
        transaction_id="f0JWkqd8yAA2gEAAGpH9",
        order_number="B4K7T2M9QX",
        approval_code="303004",
        masked_card="6280 58** **** 1234",
        paid_at=datetime(2026, 3, 14, 11, 59, 7, tzinfo=UTC),
        payment_method="CIB / Edahabia",
        lines=(a_line(language),),
        amount=Money(146693),
        amount_in_words=texts["words"],
        check_url="HTTPS://PAYER.EXEMPLE.DZ/V/" + "AE2NLBJQ" * 21,
        check_site="payer.exemple.dz/v/",
        help_number="3020",
    )


def with_lines(facts: ReceiptFacts, count: int) -> ReceiptFacts:
    return replace(facts, lines=facts.lines[:1] * count, amount=Money(146693 * count))
