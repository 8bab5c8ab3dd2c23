"""The addresses of the counter, under /<language>/counter/."""

from django.urls import path

from bawabati.web.counter import (
    block,
    closing,
    customer,
    opening,
    paper_of_session,
    printing,
    receipts,
    resolving,
    sale,
    scanner_test,
    searching,
)

counter_urls = [
    path("", searching.search, name="counter"),
    path("open/", opening.opening, name="counter_open"),
    path("customer/<str:token>/", customer.customer, name="counter_customer"),
    path("sale/<int:sale_id>/", sale.sale, name="counter_sale"),
    path("sale/<int:sale_id>/live/", sale.sale_live, name="counter_sale_live"),
    path("sale/<int:sale_id>/cancel/", sale.cancel, name="counter_cancel"),
    path("sale/<int:sale_id>/approval/", sale.approval, name="counter_approval"),
    path("sale/<int:sale_id>/refusal/", sale.refusal, name="counter_refusal"),
    path("sale/<int:sale_id>/resolve/", resolving.resolve, name="counter_resolve"),
    path("sale/<int:sale_id>/print/", printing.print_sale, name="counter_print"),
    path("reprint/", printing.reprint_last, name="counter_reprint"),
    path("session/", closing.session, name="counter_session"),
    path("close/", closing.closing, name="counter_close"),
    path("z/<int:session_id>/", closing.z_page, name="counter_z"),
    path("session/<int:session_id>/report.pdf", paper_of_session.session_pdf, name="counter_session_pdf"),
    path("session/<int:session_id>/roll/", paper_of_session.session_roll, name="counter_session_roll"),
    path("block/", block.block, name="counter_block"),
    path("receipts/", receipts.checking, name="counter_receipts"),
    path("receipts/kept/", receipts.kept_page, name="counter_kept_check"),
    path("scanner/", scanner_test.scanner_test, name="counter_scanner"),
]
