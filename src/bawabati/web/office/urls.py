"""The addresses of the office, under /<language>/office/."""

from django.urls import URLPattern, URLResolver, include, path

from bawabati.web.office import places, readers
from bawabati.web.office.audit import log as audit
from bawabati.web.office.bills.urls import bills_urls
from bawabati.web.office.board.urls import board_urls
from bawabati.web.office.campaigns.urls import campaign_urls
from bawabati.web.office.cases.urls import case_urls
from bawabati.web.office.channels.urls import channel_urls
from bawabati.web.office.closing.urls import closing_urls
from bawabati.web.office.companies.urls import companies_urls
from bawabati.web.office.health.urls import health_urls
from bawabati.web.office.instalments.urls import instalment_urls
from bawabati.web.office.keys.urls import keys_urls
from bawabati.web.office.nation.urls import nation_urls
from bawabati.web.office.notices.urls import notice_urls
from bawabati.web.office.payments import one, search
from bawabati.web.office.refunds.urls import refund_urls
from bawabati.web.office.reminders.urls import reminders_urls
from bawabati.web.office.rounds.urls import rounds_urls
from bawabati.web.office.settlement.urls import settlement_urls
from bawabati.web.office.texts.urls import texts_urls

office_urls: list[URLPattern | URLResolver] = [
    path("board/", include(board_urls)),
    path("payments/", search.payments, name="office_payments"),
    path("payments/<int:payment_id>/", one.payment, name="office_payment"),
    path("settlement/", include(settlement_urls)),
    path("channels/", include(channel_urls)),
    path("bills/", include(bills_urls)),
    path("closing/", include(closing_urls)),
    path("texts/", include(texts_urls)),
    path("campaigns/", include(campaign_urls)),
    path("instalments/", include(instalment_urls)),
    path("refunds/", include(refund_urls)),
    path("cases/", include(case_urls)),
    path("notices/", include(notice_urls)),
    path("nation/", include(nation_urls)),
    path("companies/", include(companies_urls)),
    path("reminders/", include(reminders_urls)),
    path("rounds/", include(rounds_urls)),
    path("keys/", include(keys_urls)),
    path("readers/", readers.fleet, name="office_readers"),
    path("readers/add/", readers.reader, name="office_add_reader"),
    path("readers/<int:reader_id>/", readers.reader, name="office_reader"),
    path("desks/add/", places.desk, name="office_add_desk"),
    path("desks/<int:desk_id>/", places.desk, name="office_desk"),
    path("bridges/code/", places.bridge, name="office_bridge"),
    path("health/", include(health_urls)),
    path("audit/", audit.log, name="office_audit"),
    path("audit/sealed/", audit.sealed, name="office_audit_sealed"),
]
