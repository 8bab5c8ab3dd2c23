"""The demonstration's people can sign in."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bawabati.flows.sign_in import check_code, check_password
from bawabati.guard.rules import Visitor
from bawabati.notices.models import Notice
from bawabati.people.rules import Factor
from demo.devices import code_of
from demo.people import PASSWORD, PEOPLE
from staff import code_of as code_by_allauth


@pytest.mark.usefixtures("database")
def test_they_come_in_with_what_the_terminal_says_and_no_letter_leaves(tmp_path: Path) -> None:
    call_command("demo_company", sandbox_url="http://127.0.0.1:1")
    file = tmp_path / "people.json"
    file.write_text(json.dumps([asdict(person) for person in PEOPLE]))
    for _ in range(2):
        call_command("demo_staff", str(file))
    now = timezone.now()
    for person in PEOPLE:
        staff = check_password(login=person.login, password=PASSWORD, visitor=Visitor("127.0.0.1"), now=now)
        code = code_of(person.device, at=now.timestamp())
        assert check_code(staff_id=staff.id, code=code, now=now) is Factor.TOTP
    assert not Notice.objects.exists()


@pytest.mark.usefixtures("database")
def test_nobody_else_gets_a_password_that_everybody_knows(tmp_path: Path) -> None:
    file = tmp_path / "people.json"
    file.write_text(json.dumps([{"login": "director@seor.dz", "password": PASSWORD, "device": "", "pin": ""}]))
    with pytest.raises(CommandError, match="nobody of the demonstration"):
        call_command("demo_staff", str(file))


def test_the_devices_show_what_authenticators_show() -> None:
    now = timezone.now()
    assert code_of(PEOPLE[0].device, at=now.timestamp()) == code_by_allauth(PEOPLE[0].device, now=now)
