"""The addresses of files of bills, under /<language>/office/bills/."""

from django.urls import path

from bawabati.web.office.bills import batches, bringing, following

bills_urls = [
    path("", batches.batches, name="office_bills"),
    path("bring/", bringing.bring, name="office_bring_bills"),
    path("uploads/<int:upload_id>/", following.upload, name="office_bill_upload"),
    path("uploads/<int:upload_id>/look/", following.look, name="office_bill_upload_look"),
    path("<int:batch_id>/", batches.batch, name="office_bill_batch"),
    path("<int:batch_id>/bad-lines.csv", batches.bad_lines, name="office_bad_bill_lines"),
]
