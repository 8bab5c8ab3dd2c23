"""Everything that the sandbox's own pages say, in Arabic, French and English."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("ar", "fr", "en")
LANGUAGE_NAMES = {"ar": "العربية", "fr": "Français", "en": "English"}

_WORDS: Mapping[str, tuple[str, str, str]] = {
    # On every page
    "not_real": ("ليس حقيقيًا", "CECI N'EST PAS RÉEL", "NOT REAL"),
    "not_real_more": (
        "محاكاة للتجربة فقط. لا تكتب أي بطاقة حقيقية هنا.",
        "Simulation pour essais. N'y saisissez jamais une vraie carte.",
        "A simulation for trials. Never type a real card here.",
    ),
    "sandbox": ("فضاء التجربة", "Bac à sable", "Sandbox"),
    "phone": ("الهاتف", "Téléphone", "Phone"),
    "inbox": ("البريد", "Courrier", "Inbox"),
    "orders": ("الطلبات", "Commandes", "Orders"),
    "accounts": ("الحسابات", "Comptes", "Accounts"),
    "control": ("التحكم", "Commandes de test", "Control"),
    "da": ("دج", "DA", "DA"),
    # The bank
    "bank": ("البنك", "Banque", "Bank"),
    "bank_about": (
        "ملفات تسوية البطاقات وكشوف الحساب، كما يرسلها البنك كل يوم.",
        "Les fichiers de règlement des cartes et les relevés de compte, comme la banque les envoie chaque jour.",
        "The settlement files of the cards and the account statements, as the bank sends them every day.",
    ),
    "bank_day": ("اليوم", "Le jour", "The day"),
    "bank_close": ("أغلق هذا اليوم", "Clôturer ce jour", "Close this day"),
    "bank_files": ("الملفات", "Fichiers", "Files"),
    "bank_file": ("الملف", "Fichier", "File"),
    "bank_no_files": ("لا يوجد ملف بعد.", "Aucun fichier pour l'instant.", "There is no file yet."),
    # The reader's slip
    "slip_no_value": ("محاكاة بلا قيمة", "SIMULATION SANS VALEUR", "SIMULATION, NO VALUE"),
    "slip_terminal": ("الجهاز", "TERMINAL", "TERMINAL"),
    "slip_merchant_number": ("التاجر", "COMMERCE", "MERCHANT"),
    "slip_sale": ("دفع", "DEBIT", "SALE"),
    "slip_credit": ("إرجاع", "CREDIT", "REFUND"),
    "slip_reversal": ("إلغاء عملية", "ANNULATION", "REVERSAL"),
    "slip_contact": ("بالشريحة", "PUCE", "CHIP"),
    "slip_contactless": ("بلا تلامس", "SANS CONTACT", "CONTACTLESS"),
    "slip_approval": ("رقم الترخيص", "No AUTORISATION", "APPROVAL"),
    "slip_batch": ("الحصة", "REMISE", "BATCH"),
    "slip_reference": ("المرجع", "REFERENCE", "REFERENCE"),
    "slip_for_customer": ("نسخة الزبون", "TICKET CLIENT", "CUSTOMER COPY"),
    "slip_for_merchant": ("نسخة التاجر", "TICKET COMMERCANT", "MERCHANT COPY"),
    "slip_duplicate": ("نسخة ثانية", "DUPLICATA", "DUPLICATE"),
    # The reader's screen
    "readers": ("أجهزة الدفع", "Terminaux de paiement", "Card readers"),
    "reader": ("جهاز الدفع", "Terminal de paiement", "Card reader"),
    "no_readers": ("لا يوجد جهاز بعد.", "Aucun terminal pour l'instant.", "There is no reader yet."),
    "add_reader": ("أضف جهازًا", "Ajouter un terminal", "Add a reader"),
    "reader_name": ("اسمه (POIID)", "Son nom (POIID)", "Its name (POIID)"),
    "reader_protocol": ("بروتوكول الصندوق", "Protocole de caisse", "Till protocol"),
    "readers_authority": (
        "الشهادة التي يثق بها الصندوق",
        "Le certificat que la caisse doit croire",
        "The certificate for a till to trust",
    ),
    "reader_idle": ("جاهز", "PRET", "READY"),
    "reader_present_card": (
        "أدخل البطاقة أو قرّبها",
        "INSEREZ OU APPROCHEZ LA CARTE",
        "INSERT OR TAP THE CARD",
    ),
    "reader_enter_pin": ("اكتب الرمز ثم اضغط الأخضر", "TAPEZ LE CODE PUIS VERT", "ENTER PIN, THEN GREEN"),
    "reader_wrong_pin_again": ("رمز خاطئ، أعد المحاولة", "CODE FAUX, RECOMMENCEZ", "WRONG PIN, TRY AGAIN"),
    "reader_authorising": ("جارٍ الاتصال بالبنك…", "AUTORISATION EN COURS…", "ASKING THE BANK…"),
    "reader_maintenance": ("صيانة", "MAINTENANCE", "MAINTENANCE"),
    "reader_remove_card": ("اسحب البطاقة", "RETIREZ LA CARTE", "REMOVE THE CARD"),
    "reader_printing": ("جارٍ الطبع…", "IMPRESSION…", "PRINTING…"),
    "reader_no_paper": ("لا يوجد ورق", "PLUS DE PAPIER", "OUT OF PAPER"),
    "reader_display": ("الشاشة", "Écran", "Display"),
    "keypad": ("لوحة المفاتيح", "Clavier", "Keypad"),
    "key_red": ("أحمر: إلغاء", "Rouge : annuler", "Red: cancel"),
    "key_yellow": ("أصفر: تصحيح", "Jaune : corriger", "Yellow: correct"),
    "key_green": ("أخضر: تأكيد", "Vert : valider", "Green: confirm"),
    "digit": ("الرقم", "Chiffre", "Digit"),
    "purse": ("محفظة الزبون", "Portefeuille du client", "The customer's purse"),
    "purse_about": (
        "بطاقة الزبون. رمز كل بطاقة:",
        "Carte du client. Code de chacune :",
        "The customer's card. The PIN of each:",
    ),
    "insert_card": ("أدخل", "Insérer", "Insert"),
    "tap_card": ("قرّب", "Approcher", "Tap"),
    "pull_card": ("اسحب البطاقة", "Retirer la carte", "Pull the card out"),
    "printer": ("الطابعة", "Imprimante", "Printer"),
    "put_paper": ("ضع ورقًا", "Mettre du papier", "Put paper in"),
    "nothing_printed": ("لم يُطبع شيء بعد", "Rien d'imprimé", "Nothing printed yet"),
    "backstage": ("خلف الستار", "En coulisses", "Behind the scenes"),
    "next_fault": ("خلل للعملية القادمة", "Panne à la prochaine opération", "A fault for the next sale"),
    "set_fault": ("حضّر الخلل", "Préparer la panne", "Prepare the fault"),
    "faults_ready": ("أعطال محضَّرة", "Pannes préparées", "Faults prepared"),
    "restart_reader": ("أعد التشغيل", "Redémarrer", "Restart"),
    "wipe_reader": ("أعد التشغيل وامسح الذاكرة", "Redémarrer sans mémoire", "Restart without memory"),
    "reader_refreshes": (
        "تتجدّد هذه الصفحة وحدها",
        "Cette page se met à jour toute seule",
        "This page refreshes by itself",
    ),
    # The reader's display, when a sale has ended
    "reader_approved": ("قُبلت العملية", "OPERATION ACCEPTEE", "APPROVED"),
    "reader_partial": ("قُبل جزء من المبلغ", "ACCEPTE EN PARTIE", "APPROVED IN PART"),
    "reader_refused": ("رُفضت العملية", "OPERATION REFUSEE", "DECLINED"),
    "reader_wrong_pin": ("رمز خاطئ، البطاقة محجوزة", "CODE FAUX, CARTE BLOQUEE", "WRONG PIN, CARD BLOCKED"),
    "reader_invalid_card": ("بطاقة غير مقبولة", "CARTE NON ACCEPTEE", "CARD NOT ACCEPTED"),
    "reader_cancelled": ("أُلغيت العملية", "OPERATION ANNULEE", "CANCELLED"),
    "reader_timed_out": ("انتهى الوقت", "TEMPS DEPASSE", "TIMED OUT"),
    "reader_card_removed": ("سُحبت البطاقة قبل الأوان", "CARTE RETIREE", "CARD REMOVED"),
    "reader_aborted": ("ألغى الصندوق العملية", "ANNULEE PAR LA CAISSE", "CANCELLED BY THE TILL"),
    "reader_host_unreachable": ("البنك لا يجيب", "BANQUE INJOIGNABLE", "BANK UNREACHABLE"),
    "reader_power_cut": ("انقطع التيار", "COUPURE DE COURANT", "POWER CUT"),
    # The card page
    "card_payment": ("الدفع بالبطاقة", "Paiement par carte", "Card payment"),
    "merchant": ("التاجر", "Commerçant", "Merchant"),
    "amount": ("المبلغ", "Montant", "Amount"),
    "order_number": ("رقم الطلب", "N° de commande", "Order number"),
    "card_number": ("رقم البطاقة", "Numéro de la carte", "Card number"),
    "expiry": ("تاريخ انتهاء الصلاحية", "Date d'expiration", "Expiry date"),
    "month": ("الشهر", "Mois", "Month"),
    "year": ("السنة", "Année", "Year"),
    "cvv2": ("رمز CVV2", "Code CVV2", "CVV2 code"),
    "cvv2_where": (
        "ثلاثة أرقام على ظهر البطاقة",
        "Trois chiffres au dos de la carte",
        "Three digits on the back of the card",
    ),
    "holder": ("اسم حامل البطاقة", "Nom du titulaire", "Card holder's name"),
    "pay": ("ادفع", "Payer", "Pay"),
    "cancel": ("إلغاء", "Annuler", "Cancel"),
    "time_left": ("الوقت المتبقي", "Temps restant", "Time left"),
    "until": ("صالحة إلى غاية", "Valable jusqu'à", "Open until"),
    "help": (
        "للمساعدة اتصل بالرقم الأخضر",
        "Besoin d'aide ? Numéro vert",
        "Help: toll-free number",
    ),
    "cards_to_try": ("بطاقات للتجربة", "Cartes d'essai", "Cards to try"),
    "wrong_card_number": (
        "رقم البطاقة غير صحيح: راجع أرقامه",
        "Numéro de carte incorrect : vérifiez les chiffres",
        "This card number is not right: check its digits",
    ),
    "wrong_expiry_entry": (
        "اختر شهر وسنة انتهاء الصلاحية",
        "Choisissez le mois et l'année d'expiration",
        "Choose the month and the year of expiry",
    ),
    "wrong_cvv2_entry": (
        "رمز CVV2 مكوّن من ثلاثة أرقام",
        "Le code CVV2 a trois chiffres",
        "The CVV2 code has three digits",
    ),
    "wrong_holder_entry": (
        "اكتب الاسم كما هو على البطاقة (من 2 إلى 26 حرفًا)",
        "Écrivez le nom qui figure sur la carte (2 à 26 caractères)",
        "Write the name on the card (2 to 26 characters)",
    ),
    "please_correct": ("صحّح ما يلي", "À corriger", "Please correct"),
    "refused_try_another": (
        "رُفضت البطاقة. يمكنك تجربة بطاقة أخرى.",
        "Carte refusée. Vous pouvez essayer une autre carte.",
        "The card was refused. You may try another one.",
    ),
    # The code page
    "confirm_payment": ("تأكيد الدفع", "Confirmer le paiement", "Confirm the payment"),
    "code_sent": (
        "أُرسل رمز إلى الهاتف",
        "Un code a été envoyé au téléphone",
        "A code was sent to the phone",
    ),
    "nothing_debited": (
        "لن يُقتطع أي مبلغ قبل تأكيد الرمز.",
        "Rien n'est débité avant la confirmation du code.",
        "Nothing is debited before the code is confirmed.",
    ),
    "card": ("البطاقة", "Carte", "Card"),
    "date": ("التاريخ", "Date", "Date"),
    "code": ("الرمز المكوّن من 6 أرقام", "Code à 6 chiffres", "6-digit code"),
    "password": ("كلمة سر البطاقة", "Mot de passe de la carte", "Card password"),
    "password_asked": (
        "اكتب كلمة سر هذه البطاقة للدفع عبر الإنترنت",
        "Saisissez le mot de passe de la carte pour le paiement en ligne",
        "Type the card's password for online payment",
    ),
    "password_too": (
        "وتصلح كلمة سر البطاقة المنشورة أيضًا:",
        "Le mot de passe publié de la carte convient aussi :",
        "The card's published password does as well:",
    ),
    "held": ("محجوز", "Réservé", "Held"),
    "confirm": ("تأكيد", "Valider", "Confirm"),
    "another_code": ("إرسال رمز آخر", "Renvoyer un code", "Send another code"),
    "another_code_sent": (
        "أُرسل رمز جديد، والرمز السابق لم يعد صالحًا.",
        "Un nouveau code a été envoyé ; l'ancien ne vaut plus.",
        "A new code was sent; the old one is no longer good.",
    ),
    "no_more_codes": (
        "لا يمكن إرسال رموز أخرى لهذه العملية.",
        "Plus aucun code ne peut être envoyé pour cette opération.",
        "No more codes can be sent for this payment.",
    ),
    "open_phone": (
        "افتح هاتف التجربة (نافذة جديدة)",
        "Ouvrir le téléphone d'essai (nouvel onglet)",
        "Open the trial phone (new tab)",
    ),
    "wrong_code": ("رمز خاطئ. المحاولات المتبقية:", "Code erroné. Essais restants :", "Wrong code. Attempts left:"),
    "code_expired": (
        "انتهت صلاحية الرمز. اطلب رمزًا آخر.",
        "Le code a expiré. Demandez-en un autre.",
        "The code has expired. Ask for another one.",
    ),
    "give_card_again": ("أدخل البطاقة من جديد", "Saisir la carte à nouveau", "Give the card again"),
    # Pages at the end of the road
    "page_over": ("انتهت هذه الصفحة", "Cette page est terminée", "This page has ended"),
    "over_paid": (
        "دُفع هذا الطلب. لا تدفع مرة أخرى.",
        "Cette commande est payée. Ne payez pas une deuxième fois.",
        "This order is paid. Do not pay again.",
    ),
    "over_time": (
        "انتهت مهلة الدفع ولم يُقتطع أي مبلغ.",
        "Le délai de paiement est écoulé ; rien n'a été débité.",
        "The time to pay has run out; nothing was debited.",
    ),
    "over_declined": (
        "انتهت هذه المحاولة دون دفع.",
        "Cette tentative s'est terminée sans paiement.",
        "This attempt has ended without a payment.",
    ),
    "over_unknown": (
        "لا يوجد طلب بهذا الرقم.",
        "Aucune commande ne porte ce numéro.",
        "There is no such order.",
    ),
    "over_stalled": (
        "لم يُجب البنك بعد. ارجع إلى موقع التاجر وتحقق من النتيجة.",
        "La banque n'a pas encore répondu. Retournez chez le commerçant pour voir le résultat.",
        "The bank has not answered yet. Go back to the merchant to see the result.",
    ),
    "redirect_lost": (
        "انقطع الاتصال قبل العودة إلى موقع التاجر.",
        "La connexion a été coupée avant le retour chez le commerçant.",
        "The connection broke before you were sent back to the merchant.",
    ),
    "back_to_merchant": ("العودة إلى موقع التاجر", "Retour chez le commerçant", "Back to the merchant"),
    "not_found": ("لا توجد صفحة هنا", "Il n'y a pas de page ici", "There is no page here"),
    # The phone and the inbox
    "no_sms": (
        "لا رسائل بعد. يصل الرمز هنا بعد إدخال البطاقة.",
        "Aucun message. Le code arrive ici dès que la carte est saisie.",
        "No message yet. The code arrives here once the card is given.",
    ),
    "all_phones": ("كل الهواتف", "Tous les téléphones", "All phones"),
    "refreshes": (
        "تتحدث هذه الصفحة تلقائيًا كل 5 ثوانٍ.",
        "Cette page s'actualise toutes les 5 secondes.",
        "This page refreshes every 5 seconds.",
    ),
    "no_mail": (
        "لا رسائل بريدية بعد.",
        "Aucun courrier pour l'instant.",
        "No mail yet.",
    ),
    "from": ("من", "De", "From"),
    "to": ("إلى", "À", "To"),
    "subject": ("الموضوع", "Objet", "Subject"),
    "attachments": ("المرفقات", "Pièces jointes", "Attachments"),
    "no_subject": ("(بلا موضوع)", "(sans objet)", "(no subject)"),
    "see": ("عرض", "Afficher", "Show"),
    "download": ("تنزيل", "Télécharger", "Download"),
    "original": ("الرسالة كما وصلت", "Message d'origine", "Message as it came"),
    # The billing system
    "billing": ("نظام الفوترة", "Facturation", "Billing system"),
    "billing_about": (
        "ما تُخبر به بوابتي نظام فوترة الشركة، الأحدث أولا.",
        "Ce que Bawabati dit au système de facturation de la société, le plus récent d'abord.",
        "What Bawabati tells the company's billing system, newest first.",
    ),
    "nothing_told": ("لم يُقل شيء بعد.", "Rien n'a encore été dit.", "Nothing has been told yet."),
    "told_good": ("التوقيع صحيح", "signature juste", "signed rightly"),
    "told_repeated": ("وصل من قبل", "déjà reçu", "came before"),
    "told_unsigned": ("بلا توقيع", "sans signature", "not signed"),
    "told_wrong": ("التوقيع خاطئ", "signature fausse", "signed wrongly"),
    "told_old": ("قديم جدا", "trop ancien", "too old"),
    "told_no_secret": ("لا سر معروف بعد", "aucun secret connu", "no secret known yet"),
    # The home page
    "home_about": (
        "هذا عالم مصطنع: بنك ودفع وهاتف وبريد، لتجربة «بوابتي» دون أي مال حقيقي.",
        "Un monde fabriqué : banque, paiement, téléphone et courrier, pour essayer Bawabati sans argent réel.",
        "A made-up world: bank, gateway, phone and inbox, to try Bawabati without real money.",
    ),
    "published_cards": (
        "بطاقات الاختبار المنشورة",
        "Cartes de test publiées",
        "Published test cards",
    ),
    "invented_cards": (
        "بطاقات ذهبية مخترعة (لا توجد بطاقة اختبار منشورة)",
        "Cartes Edahabia inventées (aucune carte de test n'est publiée)",
        "Invented Edahabia cards (no test card is published)",
    ),
    "what_happens": ("ما يحدث", "Ce qui se passe", "What happens"),
    "locked": ("مقفلة بعد ثلاثة رموز خاطئة", "verrouillée après trois codes erronés", "locked after three wrong codes"),
    "any_name": (
        "اكتب أي اسم لحامل البطاقة. يصل الرمز إلى هاتف البطاقة هنا.",
        "N'importe quel nom convient. Le code arrive sur le téléphone de la carte, ici.",
        "Any card holder's name will do. The code arrives on the card's phone, here.",
    ),
    "balance": ("الرصيد", "Solde", "Balance"),
    "state": ("الحالة", "État", "State"),
    "captured": ("المقتطع", "Débité", "Debited"),
    "returned": ("المُعاد", "Rendu", "Given back"),
    "entries": ("الحركات", "Écritures", "Entries"),
    "no_orders": ("لا طلبات بعد.", "Aucune commande pour l'instant.", "No order yet."),
}

_CARD_WORDS: Mapping[str, tuple[str, str]] = {
    # The English words stand with the card itself.
    "accepted": ("مقبولة", "acceptée"),
    "temporarily blocked": ("موقوفة مؤقتًا", "bloquée temporairement"),
    "lost": ("ضائعة", "perdue"),
    "stolen": ("مسروقة", "volée"),
    "always answers: wrong expiry date": (
        "الجواب دائمًا: تاريخ الصلاحية خاطئ",
        "répond toujours : date d'expiration incorrecte",
    ),
    "unknown to its issuer; fails the Luhn check, so that the present page does not take it": (
        "غير معروفة؛ رقمها لا يجتاز فحص Luhn فلا تقبلها الصفحة",
        "inconnue de l'émetteur ; son numéro échoue au contrôle de Luhn, la page ne la prend pas",
    ),
    "printed as: card ceiling exceeded; seen as: accepted": (
        "في القائمة: تجاوز سقف البطاقة؛ في الواقع: مقبولة",
        "annoncée : plafond de la carte dépassé ; constatée : acceptée",
    ),
    "insufficient balance: the account holds 10 DA": (
        "رصيد غير كافٍ: في الحساب 10 دج",
        "solde insuffisant : le compte contient 10 DA",
    ),
    "always answers: wrong CVV2": ("الجواب دائمًا: رمز CVV2 خاطئ", "répond toujours : CVV2 incorrect"),
    "locked after three wrong codes": ("مقفلة بعد ثلاثة رموز خاطئة", "verrouillée après trois codes erronés"),
    "not authorised to pay online": ("غير مرخّصة للدفع عبر الإنترنت", "non autorisée au paiement en ligne"),
    "online payment not activated": ("الدفع عبر الإنترنت غير مفعّل", "paiement en ligne non activé"),
    "printed as: terminal ceiling exceeded; seen as: accepted": (
        "في القائمة: تجاوز سقف المحطة؛ في الواقع: مقبولة",
        "annoncée : plafond du terminal dépassé ; constatée : acceptée",
    ),
    "printed as: expired; seen as: accepted": (
        "في القائمة: منتهية الصلاحية؛ في الواقع: مقبولة",
        "annoncée : expirée ; constatée : acceptée",
    ),
    "insufficient balance: the account holds 20 DA": (
        "رصيد غير كافٍ: في الحساب 20 دج",
        "solde insuffisant : le compte contient 20 DA",
    ),
    "card ceiling: at most 1,000 DA in one payment": (
        "سقف البطاقة: 1 000 دج على الأكثر في الدفعة",
        "plafond : 1 000 DA au plus par paiement",
    ),
}


def say(key: str, language: str) -> str:
    """The words under `key`. Raises KeyError for a key that nobody has written."""
    return _WORDS[key][LANGUAGES.index(language)]


def say_card(about: str, language: str) -> str:
    """What happens to a card, in the reader's language; in English where nobody has said it otherwise."""
    if language == "en" or about not in _CARD_WORDS:
        return about
    return _CARD_WORDS[about][LANGUAGES.index(language)]


def dinars(centimes: int) -> str:
    """An amount for the eye: `1 430.50`, with a no-break space between the thousands."""
    sign = "-" if centimes < 0 else ""
    whole, part = divmod(abs(centimes), 100)
    return f"{sign}{whole:,}".replace(",", "\u00a0") + f".{part:02d}"
