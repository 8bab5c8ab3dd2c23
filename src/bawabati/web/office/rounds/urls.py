"""The addresses of rounds, under /<language>/office/rounds/."""

from django.urls import path

from bawabati.web.office.rounds import bringing

rounds_urls = [
    path("", bringing.rounds, name="office_rounds"),
]
