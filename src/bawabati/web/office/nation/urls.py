"""The addresses of the country, under /<language>/office/nation/."""

from django.urls import path

from bawabati.web.office.nation import page

nation_urls = [
    path("", page.nation, name="office_nation"),
]
