"""The addresses of the company's settings, under /<language>/office/companies/."""

from django.urls import path

from bawabati.web.office.companies import (
    add,
    agencies,
    agencies_file,
    calendar,
    company,
    gateway,
    numbers,
    parts,
    ready,
)

companies_urls = [
    path("", company.company, name="office_company"),
    path("opening/", company.opening, name="office_company_opening"),
    path("identity/", parts.identity, name="office_company_identity"),
    path("limits/", parts.limits, name="office_company_limits"),
    path("surplus/", parts.surplus, name="office_company_surplus"),
    path("numbers/", numbers.numbers, name="office_company_numbers"),
    path("logo/", parts.logo, name="office_company_logo"),
    path("agencies/", agencies.agencies, name="office_agencies"),
    path("add/", add.add, name="office_add_company"),
    path("ready/", ready.ready, name="office_company_ready"),
    path("colours/", parts.colours, name="office_company_colours"),
    path("territory/", parts.territory, name="office_company_territory"),
    path("host/", parts.host, name="office_company_host"),
    path("calendar/", calendar.calendar, name="office_company_calendar"),
    path("agencies/file/", agencies_file.agencies_file, name="office_agencies_file"),
    path("agencies/add/", agencies.agency, name="office_add_agency"),
    path("agencies/<int:agency_id>/", agencies.agency, name="office_agency"),
    path("gateway/", gateway.account, name="office_gateway"),
    path("gateway/ask/", gateway.ask, name="office_gateway_ask"),
    path("gateway/decide/", gateway.decide, name="office_gateway_decide"),
]
