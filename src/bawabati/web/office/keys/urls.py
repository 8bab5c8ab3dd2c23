"""The addresses of keys and webhooks, under /<language>/office/keys/."""

from django.urls import path

from bawabati.web.office.keys import keys, webhooks

keys_urls = [
    path("", keys.keys, name="office_keys"),
    path("make/", keys.make, name="office_make_key"),
    path("<int:key_id>/end/", keys.end, name="office_end_key"),
    path("webhooks/add/", webhooks.add, name="office_add_webhook"),
    path("webhooks/<int:endpoint_id>/", webhooks.endpoint, name="office_webhook"),
    path("webhooks/<int:endpoint_id>/secret/", webhooks.secret, name="office_webhook_secret"),
    path("webhooks/<int:endpoint_id>/open/", webhooks.reopen, name="office_webhook_open"),
    path("webhooks/<int:endpoint_id>/end/", webhooks.end, name="office_webhook_end"),
    path("webhooks/<int:endpoint_id>/again/", webhooks.again, name="office_webhook_again"),
    path("deliveries/<int:delivery_id>/", webhooks.delivery, name="office_delivery"),
    path("deliveries/<int:delivery_id>/again/", webhooks.deliver_again, name="office_delivery_again"),
]
