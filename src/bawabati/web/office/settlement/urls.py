"""The addresses of the settlement section, under /<language>/office/settlement/."""

from django.urls import path

from bawabati.web.office.settlement import bringing, days, differences, fees, files, profiles

settlement_urls = [
    path("", days.days, name="office_settlement"),
    path("files/", files.files, name="office_settlement_files"),
    path("files/bring/", bringing.bring, name="office_settlement_bring"),
    path("files/<int:statement_id>/", files.file, name="office_settlement_file"),
    path("differences/", differences.differences, name="office_settlement_differences"),
    path("differences/<int:difference_id>/", differences.difference, name="office_settlement_difference"),
    path("differences/<int:difference_id>/settle/", differences.settle, name="office_settlement_settle"),
    path("differences/<int:difference_id>/confirm/", differences.confirm, name="office_settlement_confirm"),
    path("profiles/", profiles.profiles, name="office_settlement_profiles"),
    path("profiles/add/", profiles.profile, name="office_settlement_add_profile"),
    path("profiles/<slug:code>/", profiles.profile, name="office_settlement_profile"),
    path("fees/", fees.fees, name="office_settlement_fees"),
]
