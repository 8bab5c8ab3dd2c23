"""The addresses of the work list, under /<language>/office/cases/."""

from django.urls import path

from bawabati.web.office.cases import credit, one_case, work_list

case_urls = [
    path("", work_list.work_list, name="office_cases"),
    path("credit/", credit.credit, name="office_credit"),
    path("<int:case_id>/", one_case.case, name="office_case"),
    path("<int:case_id>/comment/", one_case.comment, name="office_case_comment"),
    path("<int:case_id>/hand-over/", one_case.hand_over, name="office_case_hand_over"),
    path("<int:case_id>/promise/", one_case.promise, name="office_case_promise"),
    path("<int:case_id>/close/", one_case.close, name="office_case_close"),
]
