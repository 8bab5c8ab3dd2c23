"""The desk's page in Arabic and French."""

from typing import Final

WORDS: Final = {
    "title": ("شباك الطوارئ", "Guichet de secours"),
    "language": ("Français", "العربية"),
    "line_up": ("الخط يعمل. استعمل البوابة كالمعتاد.", "La ligne fonctionne. Utilisez le portail comme d'habitude."),
    "line_cut": ("الخط مقطوع منذ %(since)s", "Ligne coupée depuis %(since)s"),
    "line_unknown": ("لم يُجرَّب الخط بعد.", "La ligne n'a pas encore été essayée."),
    "key_refused": (
        "البوابة لا تتعرف على هذا الجسر. اتصل بالمسؤول.",
        "Le portail ne reconnaît pas cette passerelle. Appelez le responsable.",
    ),
    "only_cash": (
        "الدفع نقدًا فقط. لا تمرر أي بطاقة ما دام الخط مقطوعًا.",
        "Espèces seulement. Ne passez aucune carte tant que la ligne est coupée.",
    ),
    "no_block": (
        "لا توجد أرقام وصولات محجوزة لهذا الشباك. لا يمكن قبض أي مبلغ.",
        "Aucun numéro de reçu n'est réservé pour ce guichet. Rien ne peut être encaissé.",
    ),
    "desk": ("الشباك", "Guichet"),
    "cashier": ("أمين الصندوق", "Caissier"),
    "code": ("رمز العمل دون خط", "Code hors ligne"),
    "sign_in": ("دخول", "Entrer"),
    "sign_out": ("خروج", "Sortir"),
    "wrong_code": ("الرمز غير صحيح.", "Ce code n'est pas le bon."),
    "too_many": (
        "محاولات كثيرة. انتظر خمس دقائق.",
        "Trop d'essais. Attendez cinq minutes.",
    ),
    "take_cash": ("قبض نقدًا", "Encaisser des espèces"),
    "payment_number": ("رقم الدفع", "Numéro de paiement"),
    "amount": ("مبلغ الفاتورة (دج)", "Montant de la facture (DA)"),
    "amount_shown": ("مبلغ الفاتورة", "Montant de la facture"),
    "stamp_duty": ("حق الطابع", "Droit de timbre"),
    "total": ("المبلغ المقبوض", "À encaisser"),
    "total_paid": ("المبلغ المقبوض نقدًا", "Encaissé en espèces"),
    "continue": ("متابعة", "Continuer"),
    "confirm": ("قبضت المبلغ: اطبع الوصل", "Somme reçue : imprimer le reçu"),
    "back": ("رجوع", "Retour"),
    "bad_amount": (
        "هذا ليس مبلغًا. اكتبه هكذا: 1430,50",
        "Ce n'est pas un montant. Écrivez-le ainsi : 1430,50",
    ),
    "bad_number": (
        "هذا ليس رقم دفع. انظر إلى الفاتورة.",
        "Ce n'est pas un numéro de paiement. Voyez la facture.",
    ),
    "card_number": (
        "يشبه هذا رقم بطاقة بنكية. لا تكتبه هنا أبدًا.",
        "Cela ressemble à un numéro de carte. Ne l'écrivez jamais ici.",
    ),
    "no_duty": (
        "لا يمكن حساب حق الطابع لهذا اليوم. لا تقبض شيئًا.",
        "Le droit de timbre de ce jour ne peut être calculé. N'encaissez rien.",
    ),
    "used_up": ("انتهت الأرقام المحجوزة.", "Les numéros réservés sont épuisés."),
    "given_before": (
        "صدر اليوم وصل لنفس الرقم ونفس المبلغ. تحقق قبل المتابعة.",
        "Un reçu du même numéro et du même montant a déjà été donné. Vérifiez avant de continuer.",
    ),
    "receipt": ("وصل رقم", "Reçu nº"),
    "receipts": ("الوصولات الصادرة", "Reçus donnés"),
    "left": ("الأرقام الباقية", "Numéros restants"),
    "printed": ("طُبع الوصل.", "Le reçu est imprimé."),
    "not_printed": (
        "لم يُطبع الوصل. اكتبه باليد بهذا الرقم، أو أعد الطباعة.",
        "Le reçu n'est pas imprimé. Écrivez-le à la main avec ce numéro, ou réimprimez.",
    ),
    "print_again": ("طباعة نسخة ثانية", "Imprimer un duplicata"),
    "void": ("إلغاء هذا الوصل", "Annuler ce reçu"),
    "voided": ("ملغى", "Annulé"),
    "not_voidable": (
        "أُرسل الوصل إلى البوابة، ولا يُلغى هنا.",
        "Le reçu est parti au portail : il ne s'annule plus ici.",
    ),
    "void_question": (
        "إلغاء الوصل وإرجاع المال؟ يبقى الرقم مستعملًا.",
        "Annuler ce reçu et rendre l'argent ? Son numéro reste utilisé.",
    ),
    "waiting": ("ينتظر الخط", "Attend la ligne"),
    "sent": ("وصل إلى البوابة", "Arrivé au portail"),
    "case_surplus": ("الفاتورة مدفوعة من قبل: ملف مفتوح", "Facture déjà payée : dossier ouvert"),
    "case_unknown_bill": ("فاتورة غير معروفة: ملف مفتوح", "Facture inconnue : dossier ouvert"),
    "case_amount_differs": ("المبلغ مختلف: ملف مفتوح", "Montant différent : dossier ouvert"),
    "case_number_twice": ("رقم استعمل مرتين: ملف مفتوح", "Numéro utilisé deux fois : dossier ouvert"),
    "paper_cash": ("دفع نقدًا", "PAIEMENT EN ESPÈCES"),
    "paper_offline": (
        "سُلّم هذا الوصل والخط مقطوع. يُسجَّل الدفع عند عودة الخط.",
        "Reçu donné pendant une coupure de ligne. Le paiement est enregistré à son retour.",
    ),
    "duplicata": ("نسخة ثانية", "DUPLICATA"),
    "dinars": ("دج", "DA"),
    "page_not_found": ("لا توجد هذه الصفحة.", "Cette page n'existe pas."),
}
"""Word → (Arabic, French). `language` names the other one."""


def say(word: str, language: str, **values: str) -> str:
    """The sentence in `ar` or `fr`."""
    sentence = WORDS[word][0 if language == "ar" else 1]
    return sentence % values if values else sentence
