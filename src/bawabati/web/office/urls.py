"""The addresses of the operator, under /<language>/office/."""

from django.urls import path

from bawabati.web.office import places, readers

office_urls = [
    path("readers/", readers.fleet, name="office_readers"),
    path("readers/add/", readers.reader, name="office_add_reader"),
    path("readers/<int:reader_id>/", readers.reader, name="office_reader"),
    path("desks/add/", places.desk, name="office_add_desk"),
    path("desks/<int:desk_id>/", places.desk, name="office_desk"),
    path("bridges/code/", places.bridge, name="office_bridge"),
]
