"""The addresses of other channels, under /<language>/office/channels/."""

from django.urls import path

from bawabati.web.office.channels import deciding, overview

channel_urls = [
    path("", overview.channels, name="office_channels"),
    path("bring/", overview.bring, name="office_channels_bring"),
    path("reservations/<int:reservation_id>/", deciding.reservation, name="office_reservation"),
    path("reservations/<int:reservation_id>/propose/", deciding.propose, name="office_reservation_propose"),
    path("reservations/<int:reservation_id>/confirm/", deciding.confirm, name="office_reservation_confirm"),
    path("differences/<int:channel_difference_id>/", deciding.difference, name="office_channel_difference"),
    path("differences/<int:channel_difference_id>/propose/", deciding.propose_end, name="office_channel_propose"),
    path("differences/<int:channel_difference_id>/confirm/", deciding.confirm_end, name="office_channel_confirm"),
    path("<int:channel_id>/", overview.channel, name="office_channel"),
]
