"""The addresses of the agency head, under /<language>/agency/."""

from django.urls import path, re_path

from bawabati.web.agency import closing, day, holds, live, papers, sale

agency_urls = [
    path("", live.live, name="agency"),
    path("look/", live.look, name="agency_look"),
    path("sale/<int:sale_id>/", sale.sale, name="agency_sale"),
    path("sale/<int:sale_id>/resolve/", sale.resolve, name="agency_resolve"),
    path("sale/<int:sale_id>/confirm/", sale.confirm, name="agency_confirm"),
    path("sale/<int:sale_id>/reverse/", sale.reverse, name="agency_reverse"),
    path("holds/", holds.holds, name="agency_holds"),
    path("session/<int:session_id>/close/", closing.close, name="agency_close"),
    path("day/", day.day, name="agency_day"),
    path("blocks/", papers.blocks, name="agency_blocks"),
    re_path(r"^day/(?P<on>[0-9]{4}-[0-9]{2}-[0-9]{2})/closing\.pdf$", papers.day_pdf, name="agency_day_pdf"),
    re_path(r"^day/(?P<on>[0-9]{4}-[0-9]{2}-[0-9]{2})/$", day.day, name="agency_day_of"),
]
