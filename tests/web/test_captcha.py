"""The captcha as a form and a sound: what passes, and what never does."""

import base64
import io
import json
import wave
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha
import pytest
from django.template.loader import render_to_string
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from bawabati.guard.models import SpentChallenge
from bawabati.web.public.captcha import Occasion, captcha_context, captcha_passed, picture_asked
from bawabati.web.public.captcha.digits import TICKET_LENGTH, Ticket, new_ticket, read_ticket
from bawabati.web.public.captcha.form import Captcha
from bawabati.web.public.captcha.picture import HEIGHT, WIDTH, picture_of
from bawabati.web.public.captcha.sound import RATE, spoken
from bawabati.web.public.captcha.work import solved_challenge

NOW = datetime(2026, 11, 22, 9, 38, tzinfo=UTC)
TOO_LATE = NOW + timedelta(minutes=10, seconds=1)
PAYING = Occasion(company_code="oran", action="start_payment", form_key="a form's own key")
ELSEWHERE = [
    Occasion(company_code="other", action="start_payment", form_key="a form's own key"),
    Occasion(company_code="oran", action="find_bill", form_key="a form's own key"),
    Occasion(company_code="oran", action="start_payment", form_key="another form's key"),
]

on_the_site = pytest.mark.urls("web.captcha_urls")


@pytest.fixture(autouse=True)
def nothing_but_the_captcha(settings: Settings) -> None:
    settings.MIDDLEWARE = []
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def shown(post: dict[str, str] | None = None) -> Captcha:
    return captcha_context(occasion=PAYING, cost=10, language="fr", post=post, now=NOW)["captcha"]


def worked() -> dict[str, str]:
    """What a browser sends after it has done the work."""
    challenge = altcha.Challenge.from_dict(json.loads(shown().challenge))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return {"captcha_work": altcha.Payload(challenge, solution).to_base64()}


def read() -> dict[str, str]:
    """What somebody sends who has read the picture."""
    picture = shown({"captcha_way": "picture"}).picture
    assert picture is not None
    return {"captcha_ticket": picture.ticket, "captcha_code": digits_of(picture.ticket)}


def digits_of(text: str) -> str:
    ticket = read_ticket(text, now=NOW)
    assert ticket is not None
    return ticket.digits


def passes(post: dict[str, str], *, occasion: Occasion = PAYING, now: datetime = NOW) -> bool:
    return captcha_passed(post, occasion=occasion, now=now)


both_ways = pytest.mark.parametrize("solve", [worked, read])
Solve = Callable[[], dict[str, str]]


@both_ways
@pytest.mark.usefixtures("database")
def test_a_solved_captcha_passes_once(solve: Solve) -> None:
    post = solve()
    assert passes(post)
    assert not passes(post)


@both_ways
def test_of_the_same_solution_sent_many_times_at_once_one_passes(
    solve: Solve, together: Callable[..., list[Any]]
) -> None:
    post = solve()
    assert sorted(together(*[lambda: passes(post)] * 6)) == [False] * 5 + [True]


@both_ways
@pytest.mark.usefixtures("database")
def test_a_captcha_lives_ten_minutes(solve: Solve) -> None:
    assert not passes(solve(), now=TOO_LATE)
    assert passes(solve(), now=NOW + timedelta(minutes=9, seconds=59))


@both_ways
@pytest.mark.parametrize("elsewhere", ELSEWHERE, ids=["company", "action", "form"])
@pytest.mark.usefixtures("database")
def test_a_captcha_of_another_company_action_or_form_does_not_pass(solve: Solve, elsewhere: Occasion) -> None:
    post = solve()
    assert not passes(post, occasion=elsewhere)
    assert passes(post)


@pytest.mark.usefixtures("database")
def test_a_form_without_a_captcha_does_not_pass() -> None:
    assert not passes({})
    assert not passes({"captcha_work": "", "captcha_ticket": "", "captcha_code": ""})
    assert not SpentChallenge.objects.exists()


@pytest.mark.usefixtures("database")
def test_work_that_was_not_done_does_not_pass() -> None:
    challenge = altcha.Challenge.from_dict(json.loads(shown().challenge))
    lazy = altcha.Payload(challenge, altcha.Solution(counter=1, derived_key="00" * 32))
    assert not passes({"captcha_work": lazy.to_base64()})


@pytest.mark.usefixtures("database")
def test_work_that_was_made_easier_does_not_pass() -> None:
    challenge = json.loads(shown().challenge)
    challenge["parameters"] |= {"keyPrefix": "", "keySignature": None}
    easy = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(easy)
    assert solution is not None
    assert not passes({"captcha_work": altcha.Payload(easy, solution).to_base64()})


@given(
    st.text(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["challenge", "solution", "parameters", "signature", "data", "counter", "algorithm"]),
                inner,
                max_size=4,
            )
        ),
    ).map(lambda value: base64.b64encode(json.dumps(value).encode()).decode())
)
def test_nonsense_instead_of_work_does_not_pass(payload: str) -> None:
    assert solved_challenge(payload, occasion=PAYING, now=NOW) is None


def test_a_payload_without_end_is_not_read() -> None:
    assert solved_challenge(worked()["captcha_work"] + "=" * 4_000, occasion=PAYING, now=NOW) is None


@pytest.mark.usefixtures("database")
def test_three_wrong_answers_end_a_picture() -> None:
    post = read()
    wrong = post | {"captcha_code": f"{(int(post['captcha_code']) + 1) % 10**6:06}"}
    for _ in range(3):
        assert not passes(wrong)
    assert not passes(post)


@pytest.mark.usefixtures("database")
def test_two_wrong_answers_leave_a_third_try() -> None:
    post = read()
    for _ in range(2):
        assert not passes(post | {"captcha_code": ""})
    assert passes(post)


@pytest.mark.usefixtures("database")
def test_digits_may_be_typed_in_arabic_and_with_spaces() -> None:
    post = read()
    arabic = post["captcha_code"].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert passes(post | {"captcha_code": f" {arabic[:3]} {arabic[3:]} "})


@given(st.text(max_size=80) | st.text("abcXYZ019-_=", min_size=TICKET_LENGTH, max_size=TICKET_LENGTH))
def test_nonsense_is_no_ticket(text: str) -> None:
    assert read_ticket(text, now=NOW) is None


@given(st.integers(0, TICKET_LENGTH - 1), st.sampled_from("Aa0-_="))
@hypothesis_settings(suppress_health_check=[HealthCheck.filter_too_much])
def test_a_changed_ticket_is_none_of_ours(place: int, character: str) -> None:
    text = new_ticket(occasion=PAYING, now=NOW).text
    changed = text[:place] + character + text[place + 1 :]
    assert (read_ticket(changed, now=NOW) is None) == (changed != text)


def test_whoever_chose_the_picture_keeps_getting_pictures() -> None:
    assert picture_asked({"captcha_way": "picture"})
    assert not picture_asked({"captcha_ticket": "…", "captcha_code": "123456"})
    assert shown().picture is None
    assert shown({"email": ""}).picture is None
    assert shown({"captcha_ticket": "…"}).picture is not None


def test_the_picture_is_a_small_png_in_the_page_itself() -> None:
    kind, _, content = picture_of("012345").partition(",")
    assert kind == "data:image/png;base64"
    assert len(content) < 2_000
    assert Image.open(io.BytesIO(base64.b64decode(content))).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_digit_is_spoken_in_every_language(language: str) -> None:
    with wave.open(io.BytesIO(spoken("0123456789", language))) as sound:
        assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (RATE, 1, 1)
        assert 10 < sound.getnframes() / RATE < 20
    assert len({spoken(digit, language) for digit in "0123456789"}) == 10


def live_ticket() -> Ticket:
    """Made as the test runs, for views that ask the clock: minutes may lie between NOW and this test."""
    return new_ticket(occasion=PAYING, now=datetime.now(UTC))


@on_the_site
@pytest.mark.usefixtures("database")
def test_the_sound_says_the_digits_of_the_picture(client: Client) -> None:
    ticket = live_ticket()
    answer = client.get(f"/ar/captcha/{ticket.text}.wav")
    assert answer.headers["Content-Type"] == "audio/wav"
    assert answer.content == spoken(ticket.digits, "ar")


@on_the_site
@pytest.mark.usefixtures("database")
def test_the_sound_comes_in_parts_for_players_that_ask_so(client: Client) -> None:
    ticket = live_ticket()
    address = f"/fr/captcha/{ticket.text}.wav"
    sound = spoken(ticket.digits, "fr")
    first = client.get(address, headers={"Range": "bytes=0-1"})
    rest = client.get(address, headers={"Range": "bytes=2-"})
    beyond = client.get(address, headers={"Range": f"bytes={len(sound)}-"})
    assert (first.status_code, first.headers["Content-Range"]) == (206, f"bytes 0-1/{len(sound)}")
    assert first.content + rest.content == sound
    assert beyond.status_code == 416


@on_the_site
@pytest.mark.usefixtures("database")
def test_there_is_no_sound_without_a_ticket_of_ours(client: Client) -> None:
    ticket = new_ticket(occasion=PAYING, now=datetime.now(UTC) - timedelta(minutes=11))
    assert client.get(f"/ar/captcha/{ticket.text}.wav").status_code == 404
    assert client.get("/ar/captcha/nonsense.wav").status_code == 404
    assert client.get(f"/de/captcha/{live_ticket().text}.wav").status_code == 404


@on_the_site
@pytest.mark.usefixtures("database")
def test_one_sound_is_not_fetched_for_ever(client: Client) -> None:
    address = f"/en/captcha/{live_ticket().text}.wav"
    answers = [client.get(address, headers={"Range": "bytes=0-1"}).status_code for _ in range(41)]
    assert answers == [206] * 40 + [429]


@on_the_site
@pytest.mark.parametrize("post", [None, {"captcha_way": "picture"}])
def test_the_part_of_the_page_holds_the_captcha(post: dict[str, str] | None) -> None:
    captcha = shown(post)
    html = render_to_string("web/captcha.html", {"captcha": captcha})
    if captcha.picture is None:
        assert 'name="captcha_work"' in html
        assert "data-challenge=" in html
    else:
        assert captcha.picture.image in html
        assert f'src="/fr/captcha/{captcha.picture.ticket}.wav"' in html
        assert 'name="captcha_code"' in html
