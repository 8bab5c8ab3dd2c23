"""The addresses of the company's texts, under /<language>/office/texts/."""

from django.urls import path

from bawabati.web.office.texts import accepted, editing, overview, versions

texts_urls = [
    path("", overview.texts, name="office_texts"),
    path("version/<int:text_id>/", versions.version, name="office_text_version"),
    path("accepted/<int:payment_id>/", accepted.accepted, name="office_accepted_texts"),
    path("<slug:kind>/", editing.text, name="office_text"),
    path("<slug:kind>/preview/", editing.preview, name="office_text_preview"),
    path("<slug:kind>/versions/", versions.versions, name="office_text_versions"),
]
