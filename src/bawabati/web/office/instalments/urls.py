"""The addresses of instalments, under /<language>/office/instalments/."""

from django.urls import URLPattern, path

from bawabati.web.office.instalments import debt_rules, listed, one, paper

instalment_urls: list[URLPattern] = [
    path("", listed.agreements, name="office_instalments"),
    path("rules/", debt_rules.debt_rules, name="office_debt_rules"),
    path("<int:agreement_id>/", one.agreement, name="office_agreement"),
    path("<int:agreement_id>/approve/", one.approve, name="office_approve_agreement"),
    path("<int:agreement_id>/offer/", one.offer, name="office_offer_agreement"),
    path("<int:agreement_id>/refuse/", one.refuse, name="office_refuse_agreement"),
    path("<int:agreement_id>/end/", one.end, name="office_end_agreement"),
    path("<int:agreement_id>/paper/", paper.paper, name="office_agreement_paper"),
]
