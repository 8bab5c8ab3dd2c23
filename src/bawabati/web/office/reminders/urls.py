"""The addresses of reminders, under /<language>/office/reminders/."""

from django.urls import path

from bawabati.web.office.reminders import desk, overview, plan, runs, words

reminders_urls = [
    path("", overview.reminders, name="office_reminders"),
    path("switch/", overview.switch, name="office_reminders_switch"),
    path("plan/", plan.plan, name="office_reminder_plan"),
    path("words/<slug:stage>/", words.words, name="office_reminder_words"),
    path("days/", runs.runs, name="office_reminder_runs"),
    path("days/<int:run_id>/", runs.run, name="office_reminder_run"),
    path("stop/", desk.stop, name="office_reminder_stop"),
]
