"""The page for taking cash while the line is cut: in a real bridge, over real HTTP, both languages."""

from __future__ import annotations

import hashlib
import re
from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agency_bridge.desk.cashiers import code_holds
from agency_bridge.desk.duty import NoDuty, stamp_duty_centimes
from agency_bridge.desk.figures import dinars
from agency_bridge.desk.typed import NotReadable, read_amount, read_payment_number
from agency_bridge.desk.words import WORDS
from bawabati.money.amount import Money
from bawabati.money.stamp_duty import STAMP_DUTY_TABLE, stamp_duty
from bridge.cashier import CODE, Cashier
from bridge.running import bridge_in
from bridge.scripted import Json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.scene import Scene

SALT = bytes(range(16))
ROWS: Json = [
    {
        "from_on": row.from_on.isoformat(),
        "brackets": [
            {
                "above_centimes": bracket.above.centimes,
                "for_each_hundred_dinars_centimes": bracket.for_each_hundred_dinars.centimes,
            }
            for bracket in row.brackets
        ],
        "least_centimes": row.least.centimes,
        "most_centimes": row.most.centimes if row.most else None,
    }
    for row in STAMP_DUTY_TABLE
]
BLOCK: Json = {
    "block": 3,
    "desk": "AG07-C1",
    "kind": "C1B",
    "year": 2026,
    "first": 101,
    "last": 103,
    "session": 55,
    "cashier": "Nadia B.",
    "code_scrypt": f"{SALT.hex()}${hashlib.scrypt(CODE.encode(), salt=SALT, n=16384, r=8, p=1, dklen=32).hex()}",
    "stamp_duty": ROWS,
    "company": {"name_ar": "شركة المياه والتطهير لوهران", "name_fr": "Société des eaux d'Oran"},
}


# --- what is computed and read ---


@settings(deadline=None)
@given(st.integers(1, 50_000_000), st.dates(date(2019, 1, 1), date(2030, 12, 31)))
def test_the_duty_is_the_portals_duty(centimes: int, on: date) -> None:
    assert stamp_duty_centimes(centimes, rows=ROWS, on=on) == stamp_duty(Money(centimes), on=on).centimes


@pytest.mark.parametrize("rows", [[], [{}], [{"from_on": "soon"}], [ROWS[-1] | {"from_on": "2999-01-01"}]])
def test_without_a_row_for_the_day_nothing_is_guessed(rows: Json) -> None:
    with pytest.raises(NoDuty):
        stamp_duty_centimes(143_000, rows=rows, on=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("typed", "centimes"),
    [
        ("1430,50", 143_050),
        ("1 430.5", 143_050),
        ("١٤٣٠٫٥٠", 143_050),
        ("70", 7_000),
        ("0,05", 5),
        ("1\u202f430", 143_000),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, centimes: int) -> None:
    assert read_amount(typed) == centimes


@pytest.mark.parametrize("typed", ["", "0", "-5", "1,430", "1.430,50", "abc", "1e3", "12345678", "1430,505", "١٢٫"])
def test_what_could_be_two_amounts_is_none(typed: str) -> None:
    with pytest.raises(NotReadable):
        read_amount(typed)


def test_a_card_number_is_refused_where_a_payment_number_belongs() -> None:
    assert read_payment_number(" 3104 0000-0000.0017 ") == "3104000000000017"
    with pytest.raises(NotReadable) as why:
        read_payment_number("6280 5811 1000 7215")
    assert why.value.word == "card_number"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_anything_may_be_typed(text: str) -> None:
    for read in (read_amount, read_payment_number):
        word = "title"
        try:
            read(text)
        except NotReadable as why:
            word = why.word
        assert word in WORDS


def test_a_code_holds_only_against_its_own_sum() -> None:
    assert code_holds(CODE, BLOCK["code_scrypt"])
    assert code_holds(" ٤٧١١-٠٨ ١٥ ", BLOCK["code_scrypt"])
    for told in ("", "$", "zz$zz", "00$00", BLOCK["code_scrypt"][:-2] + "00"):
        assert not code_holds(CODE, told)
    assert not code_holds("4711-0816", BLOCK["code_scrypt"])


def test_every_word_is_there_in_both_languages() -> None:
    for word, (arabic, french) in WORDS.items():
        assert re.search(r"[\u0600-\u06ff]", arabic) or word == "language"
        assert french.strip()
        assert re.findall(r"%\(\w+\)s", arabic) == re.findall(r"%\(\w+\)s", french)


def test_amounts_are_shown_without_a_place_to_break() -> None:
    assert dinars(123_456_789, "fr") == "1\u00a0234\u00a0567,89\u00a0DA"


# --- the page ---


@pytest.fixture
def desk(scene: Scene) -> Iterator[Cashier]:
    """A bridge that had its block, and whose line is then cut."""
    scene.side.blocks = [BLOCK]
    with bridge_in(scene.folder) as bridge:
        scene.side.wait_for(lambda: scene.side.polls)
        scene.side.down = True
        scene.side.wait_for(lambda: "does not answer" in bridge.said())
        with Cashier.at(scene.folder) as page:
            yield page
        assert bridge.process.poll() is None, bridge.said()


def test_cash_while_the_line_is_cut_reaches_the_portal_when_it_is_back(scene: Scene, desk: Cashier) -> None:
    assert "Ligne coupée depuis" in desk.sign_in().text
    reviewed = desk.review().text
    assert "1\u00a0430,00\u00a0DA" in reviewed
    assert "15,00\u00a0DA" in reviewed
    assert "1\u00a0445,00\u00a0DA" in reviewed
    given = desk.confirm(reviewed).text
    assert "2026-C1B-0000101" in given
    assert "Le reçu n&#39;est pas imprimé" in given  # there is no printer here
    desk.take(number="31040000000000000025", amount="500")
    scene.side.down = False
    scene.side.wait_for(lambda: len(scene.side.receipts) == 2)
    told = scene.side.receipts[3, 101]
    assert told | {"taken_at": ""} == {
        "block": 3,
        "number": 101,
        "payment_number": "31040000000000000017",
        "amount_centimes": 143_000,
        "stamp_duty_centimes": 1_500,
        "taken_at": "",
        "cashier": "Nadia B.",
        "voided": False,
    }
    scene.side.wait_for(lambda: "Facture déjà payée" in desk.get())
    assert "La ligne fonctionne" in desk.get()
    assert 'action="/review"' not in desk.get()


def test_the_same_form_twice_is_one_receipt(desk: Cashier) -> None:
    desk.sign_in()
    reviewed = desk.review().text
    assert desk.confirm(reviewed).text.count("0000101") == desk.confirm(reviewed).text.count("0000101")
    assert "0000102" not in desk.get()
    assert "a déjà été donné" in desk.review().text


def test_numbers_end_with_the_block(desk: Cashier) -> None:
    desk.sign_in()
    for number in ("31040000000000000017", "31040000000000000025", "31040000000000000033"):
        assert desk.take(number=number).status_code == 200
    refused = desk.take(number="31040000000000000041")
    assert (refused.status_code, "sont épuisés" in refused.text) == (422, True)


def test_a_voided_receipt_keeps_its_number_and_goes_up_as_voided(scene: Scene, desk: Cashier) -> None:
    desk.sign_in()
    desk.take()
    page = desk.void(101).text
    assert "Annulé" in page
    assert "0000102" in desk.take(number="31040000000000000025").text
    scene.side.down = False
    scene.side.wait_for(lambda: len(scene.side.receipts) == 2)
    assert [scene.side.receipts[3, number]["voided"] for number in (101, 102)] == [True, False]
    late = desk.void(102).text
    assert "ne s&#39;annule plus ici" in late


def test_nothing_without_the_code(desk: Cashier) -> None:
    assert "Espèces seulement" in desk.get()
    assert desk.sign_in("0000").status_code == 422
    assert desk.post("/review", payment_number="31040000000000000017", amount="5").url.path == "/"
    assert 'action="/sign-in"' in desk.get("/receipts/101")
    for _ in range(5):
        desk.sign_in("0000")
    assert "Attendez cinq minutes" in desk.sign_in().text


def test_a_form_of_somebody_else_does_nothing(desk: Cashier) -> None:
    desk.sign_in()
    desk.post("/confirm", form_key="x", token="y", payment_number="31040000000000000017", amount="5")
    assert "0000101" not in desk.get()
    assert desk.browser.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert desk.browser.post("/sign-in", headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": "1,430"}, "Ce n&#39;est pas un montant"),
        ({"number": "x"}, "Ce n&#39;est pas un numéro de paiement"),
        ({"number": "6280581110007215"}, "Cela ressemble à un numéro de carte"),
    ],
)
def test_what_cannot_be_is_said_and_not_taken(desk: Cashier, typed: dict[str, str], sentence: str) -> None:
    desk.sign_in()
    refused = desk.review(**typed)
    assert (refused.status_code, sentence in refused.text) == (422, True)
    assert "6280581110007215" not in refused.text


def test_the_page_speaks_arabic_too_and_keeps_it(desk: Cashier) -> None:
    page = desk.get(language="ar")
    assert 'lang="ar"' in page
    assert 'dir="rtl"' in page
    assert "الخط مقطوع منذ" in page
    assert "شباك الطوارئ" in desk.sign_in().text


def test_strange_requests_get_an_answer_and_never_a_fault(desk: Cashier) -> None:
    desk.sign_in()
    key = desk.form_key()
    for path in ("/receipts/999", "/receipts/99999999999999999999999", "/receipts/x", "/nothing"):
        assert desk.browser.get(path).status_code in {200, 404, 422}
    for path in ("/review", "/confirm", "/sign-in", "/receipts/999/void", "/receipts/999/print"):
        assert desk.browser.post(path, content=b"\xff" * 100).status_code < 500
        assert desk.browser.post(path, data={"form_key": key, "token": "t" * 9000}).status_code < 500
        assert desk.browser.post(path, data={"x": "y" * 100_000}).status_code < 500
        assert desk.browser.post(path, data={f"f{n}": "v" for n in range(100)}).status_code < 500


def test_no_page_needs_a_script_or_another_host(desk: Cashier) -> None:
    answer = desk.browser.get("/")
    assert "<script" not in answer.text
    assert "http" not in answer.text.replace("http-equiv", "")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("dies_at", ["", "journal: receipt given"])
def test_a_number_is_not_given_again_after_a_restart_without_a_line(scene: Scene, dies_at: str) -> None:
    scene.side.blocks = [BLOCK]
    with bridge_in(scene.folder, dies_at=dies_at) as bridge:
        scene.side.wait_for(lambda: scene.side.polls > 1)
        scene.side.down = True
        scene.side.wait_for(lambda: "does not answer" in bridge.said())
        with Cashier.at(scene.folder) as page:
            page.sign_in()
            reviewed = page.review().text
            with pytest.raises(httpx.HTTPError) if dies_at else nullcontext():
                page.confirm(reviewed)
        bridge.kill()
    (scene.folder / "log").unlink()
    with bridge_in(scene.folder) as bridge, Cashier.at(scene.folder) as page:
        scene.side.wait_for(lambda: "does not answer" in bridge.said() or "page is at" in bridge.said())
        page.sign_in()
        assert "0000101" in page.get()
        assert "0000102" in page.take(number="31040000000000000025").text
