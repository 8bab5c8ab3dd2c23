"""Relations between tables keep the direction of the floors, also where no import shows it."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from house.source import floors

OURS = "bawabati."


def relations() -> Iterator[models.ForeignKey[models.Model, models.Model]]:
    for model in apps.get_models():
        if model.__module__.startswith(OURS):
            for field in model._meta.get_fields():
                if isinstance(field, models.ForeignKey | models.ManyToManyField):
                    yield field


def room(model: type[models.Model]) -> str:
    return model.__module__.removeprefix(OURS).partition(".")[0]


def test_no_relation_climbs_the_floors() -> None:
    height = floors()
    climbing = [
        str(field)
        for field in relations()
        if room(field.model) != room(field.related_model)
        and height[room(field.related_model)] <= height[room(field.model)]
    ]
    assert climbing == []


def test_a_relation_to_another_app_leaves_no_name_behind_there() -> None:
    leaking = [
        str(field)
        for field in relations()
        if room(field.model) != room(field.related_model) and field.remote_field.related_name != "+"
    ]
    assert leaking == []


def test_every_room_of_the_portal_has_models_on_a_floor() -> None:
    assert {room(field.model) for field in relations()} <= floors().keys()
