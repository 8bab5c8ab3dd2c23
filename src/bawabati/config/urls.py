"""The addresses of the site. What a payer keeps (receipts) or what we print (QR codes) is short and never moves."""

from django.urls import include, path, re_path, register_converter
from django.urls.converters import StringConverter

from bawabati.api.company_site import api as company_api
from bawabati.api.company_site import nothing_here
from bawabati.api.site import api
from bawabati.web.agency.urls import agency_urls
from bawabati.web.counter.urls import counter_urls
from bawabati.web.crew.urls import crew_urls
from bawabati.web.office.urls import office_urls
from bawabati.web.public import (
    agreement,
    ask_instalments,
    bill,
    debts,
    find,
    find_debts,
    homes,
    look,
    payment,
    receipt,
    receipt_check,
    reminded,
    review,
    review_debts,
    short_address,
    start,
)
from bawabati.web.public.captcha.urls import captcha_urls
from bawabati.web.shared import callbacks, error_pages, machines, reports
from bawabati.web.signin.people import people_urls
from bawabati.web.signin.urls import signin_urls


class LanguageConverter(StringConverter):
    """One of ours."""

    regex = "ar|fr|en"


class CodeConverter(StringConverter):
    """A company's code; never a word that begins another address."""

    regex = r"(?!(?:payment|instalments|r|q|k|v|staff|counter|agency|office|m|crew)/)[a-z0-9_-]{1,20}"


class SaidConverter(StringConverter):
    """What somebody has heard or read and types: a code of a campaign, with or without the last stroke."""

    regex = "[^/]{1,40}/?"


class LinkConverter(StringConverter):
    """A secret link of links.py."""

    regex = "[A-Za-z0-9_-]{38}"


class ReceiptCodeConverter(StringConverter):
    """What stands in the square code of a receipt."""

    regex = "[A-Za-z2-7]{134,200}"


register_converter(LanguageConverter, "language")
register_converter(CodeConverter, "code")
register_converter(LinkConverter, "link")
register_converter(SaidConverter, "said")
register_converter(ReceiptCodeConverter, "receipt_code")

of_a_company = [
    path("", homes.company_home, name="company"),
    path("pay/", find.find, name="find"),
    path("bill/<str:token>/", bill.bill, name="bill"),
    path("bill/<str:token>/remind/", reminded.wish, name="remind"),
    path("bill/<str:token>/pay/", review.review, name="review"),
    path("bill/<str:token>/pay/<int:count>/", review.review, name="review_of_several"),
    path("bill/<str:token>/pay/<int:count>/<int:centimes>/", review.review, name="review_of_part"),
    path("debts/", find_debts.find, name="find_debts"),
    path("debts/<str:token>/", debts.debts, name="debts"),
    path("debts/<str:token>/pay/<str:chosen>/", review_debts.review, name="review_of_debts"),
    path("debts/<str:token>/instalments/", ask_instalments.ask, name="ask_instalments"),
    path("bill/<str:token>/debts/", debts.debts_of_bill, name="debts_of_bill"),
    path("agencies/", homes.agencies, name="agencies"),
    path("contact/", homes.contact, name="contact"),
    path("text/<slug:kind>/", homes.company_text, name="text"),
]
of_an_attempt = [
    path("", payment.attempt, name="attempt"),
    path("back/", payment.back, name="back"),
    path("back/not-paid/", payment.back, {"by_fail": True}, name="back_not_paid"),
]
urlpatterns = [
    path("", homes.front_door),
    path("healthz", machines.healthz),
    path("readyz", machines.readyz),
    path("metrics", machines.metrics),
    path("csp-report", reports.violation, name="csp_report"),
    re_path(r"^callback/(?P<account>[0-9]{1,9})/$", callbacks.callback, name="callback"),
    path("api/bridge/v1/", api.urls),
    path("api/v1/", company_api.urls),
    re_path(r"^api/v1/.*", nothing_here),
    path("robots.txt", machines.robots),
    path("colours/<code:code>.css", look.look, name="look"),
    path("q/<code:code>/<str:number>/", find.scanned, name="qr"),
    path("<language:language>/q/<code:code>/<str:number>/", find.scanned),
    path("k/<said:typed>", short_address.short_address, name="campaign"),
    path("K/<said:typed>", short_address.short_address),  # a QR code in capitals is a third smaller
    path("r/<link:token>/", receipt.receipt, name="receipt"),
    path("r/<link:token>/print/", receipt.printed, name="receipt_print"),
    re_path(r"^r/(?P<token>[A-Za-z0-9_-]{38})/receipt\.(?P<form>pdf|png)$", receipt.document, name="receipt_file"),
    path("<language:language>/r/<link:token>/", receipt.receipt, name="receipt_in"),
    path("<language:language>/r/<link:token>/print/", receipt.printed),
    path("<language:language>/r/<link:token>/email/", receipt.emailed, name="receipt_email"),
    path("<language:language>/r/<link:token>/sms/", receipt.texted, name="receipt_sms"),
    path("<language:language>/r/<link:token>/sms/forget/", receipt.untexted, name="receipt_forget_sms"),
    path("<language:language>/r/<link:token>/surplus/", receipt.surplus, name="receipt_surplus"),
    path("v/", receipt_check.door, name="receipt_check_door"),
    path("v/keys.json", receipt_check.keys, name="receipt_keys"),
    path("V/<receipt_code:code>", receipt_check.scanned, name="receipt_scanned"),
    path("v/<receipt_code:code>", receipt_check.scanned),
    path("<language:language>/v/", receipt_check.ask, name="receipt_check"),
    path("<language:language>/v/<receipt_code:code>/", receipt_check.answer, name="receipt_code"),
    path("<language:language>/payment/<link:token>/", include(of_an_attempt)),
    path("<language:language>/instalments/<link:token>/", agreement.agreement, name="agreement"),
    path("<language:language>/staff/", include(signin_urls)),
    path("<language:language>/office/people/", include(people_urls)),
    path("<language:language>/counter/", include(counter_urls)),
    path("<language:language>/agency/", include(agency_urls)),
    path("<language:language>/office/", include(office_urls)),
    path("<language:language>/crew/", include(crew_urls)),
    path("m/<link:token>/", reminded.reminder, name="reminder"),
    path("<language:language>/m/<link:token>/", reminded.reminder, name="reminder_in"),
    path("<language:language>/m/<link:token>/stop/", reminded.ended, name="reminder_end"),
    path("<language:language>/m/yes/<link:token>/", reminded.agreed, name="reminder_agree"),
    *captcha_urls,
    path("<language:language>/", start.home, name="home"),
    path("<language:language>/<code:code>/", include(of_a_company)),
]
handler400 = error_pages.bad_request
handler403 = error_pages.not_allowed
handler404 = error_pages.not_found
handler500 = error_pages.server_error
