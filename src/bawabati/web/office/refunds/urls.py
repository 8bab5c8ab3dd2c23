"""The addresses of refunds, under /<language>/office/refunds/."""

from django.urls import path

from bawabati.web.office.refunds import asking, listed, one_refund

refund_urls = [
    path("", listed.refunds, name="office_refunds"),
    path("ask/", asking.seek, name="office_seek_refund"),
    path("ask/<int:payment_id>/", asking.ask, name="office_ask_refund"),
    path("<int:refund_id>/", one_refund.refund, name="office_refund"),
    path("<int:refund_id>/approve/", one_refund.approve, name="office_approve_refund"),
    path("<int:refund_id>/close/", one_refund.close, name="office_close_refund"),
    path("<int:refund_id>/refuse/", one_refund.refuse, name="office_refuse_refund"),
    path("<int:refund_id>/take-back/", one_refund.take_back, name="office_take_refund_back"),
]
