"""Which host name a company may have of its own."""

import pytest

from bawabati.companies.rules import HostNameOurs, HostNameWrong, check_host_name, read_host_name

OURS = ("bawabati.example.dz", "127.0.0.1", ".portal.dz")


@pytest.mark.parametrize("host", ["", "pay.eau-tafna.dz", "xn--mgbb1bce.xn--lgbbat1ad8j", "a.b.c.example.com"])
def test_a_name_that_a_browser_can_be_sent_to_is_taken(host: str) -> None:
    check_host_name(host, ours=OURS)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "tafna",
            "http://pay.tafna.dz",
            "pay.tafna.dz/ar",
            "pay.tafna.dz:8000",
            "10.0.0.1",
            "-a.dz",
            "a-.dz",
            "a..dz",
        ),
        *("pay tafna.dz", "ماء.dz", "x" * 64 + ".dz", ".".join(["abcdefgh"] * 29) + ".dz", "*.dz", "pay.tafna.d1"),
    ],
)
def test_whatever_else_is_refused(host: str) -> None:
    with pytest.raises(HostNameWrong):
        check_host_name(host, ours=OURS)


@pytest.mark.parametrize("host", ["bawabati.example.dz", "any.portal.dz", "portal.dz"])
def test_a_host_of_the_portal_is_nobody_elses(host: str) -> None:
    with pytest.raises(HostNameOurs):
        check_host_name(host, ours=OURS)


def test_a_host_is_compared_in_small_letters_without_its_last_dot() -> None:
    assert read_host_name(" Pay.Tafna.DZ. ") == "pay.tafna.dz"
