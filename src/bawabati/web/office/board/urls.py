"""The addresses of the board, under /<language>/office/board/."""

from django.urls import URLPattern, path

from bawabati.web.office.board import morning, page, targets

board_urls: list[URLPattern] = [
    path("", page.board, name="office_board"),
    path("tables/<slug:slug>/", page.table, name="office_board_table"),
    path("targets/", targets.targets, name="office_targets"),
    path("targets/<int:target_id>/withdraw/", targets.withdraw, name="office_target_withdraw"),
    path("morning/", morning.choose, name="office_morning"),
    path("morning/page/", morning.paper, name="office_morning_page"),
]
