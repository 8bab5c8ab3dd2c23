"""The addresses of the crew, under /<language>/crew/."""

from django.urls import path

from bawabati.web.crew import asking, offline

crew_urls = [
    path("", asking.ask, name="crew"),
    path("list/", offline.take, name="crew_list"),
    path("offline/", offline.shell, name="crew_offline"),
    path("worker.js", offline.worker, name="crew_worker"),
]
