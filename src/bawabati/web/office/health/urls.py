"""The addresses of the health page, under /<language>/office/health/."""

from django.urls import path

from bawabati.web.office.health import page

health_urls = [
    path("", page.health, name="office_health"),
    path("jobs/<int:job_id>/again/", page.again, name="office_health_again"),
    path("papers/", page.paper, name="office_health_paper"),
]
