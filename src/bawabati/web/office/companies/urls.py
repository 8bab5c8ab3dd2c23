"""The addresses of the company's settings, under /<language>/office/companies/."""

from django.urls import path

from bawabati.web.office.companies import agencies, company, gateway, numbers, parts

companies_urls = [
    path("", company.company, name="office_company"),
    path("opening/", company.opening, name="office_company_opening"),
    path("identity/", parts.identity, name="office_company_identity"),
    path("limits/", parts.limits, name="office_company_limits"),
    path("surplus/", parts.surplus, name="office_company_surplus"),
    path("numbers/", numbers.numbers, name="office_company_numbers"),
    path("logo/", parts.logo, name="office_company_logo"),
    path("agencies/", agencies.agencies, name="office_agencies"),
    path("agencies/add/", agencies.agency, name="office_add_agency"),
    path("agencies/<int:agency_id>/", agencies.agency, name="office_agency"),
    path("gateway/", gateway.account, name="office_gateway"),
    path("gateway/ask/", gateway.ask, name="office_gateway_ask"),
    path("gateway/decide/", gateway.decide, name="office_gateway_decide"),
]
