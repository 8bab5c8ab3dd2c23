"""The addresses of messages, under /<language>/office/notices/."""

from django.urls import path

from bawabati.web.office.notices import messages

notice_urls = [
    path("", messages.messages, name="office_notices"),
    path("<int:notice_id>/", messages.message, name="office_notice"),
    path("<int:notice_id>/address/", messages.show_address, name="office_notice_address"),
    path("<int:notice_id>/again/", messages.again, name="office_notice_again"),
    path("<int:notice_id>/forget/", messages.forget, name="office_notice_forget"),
]
