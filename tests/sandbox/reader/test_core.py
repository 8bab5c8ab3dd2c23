"""The reader itself, without sockets: what a sale goes through, and what stays in the issuers' books."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.gateway.cards import DECK
from sandbox.gateway.issuer import Issuer
from sandbox.reader.core import Reader, Stage
from sandbox.reader.faults import ReaderFaults
from sandbox.reader.settings import How, ReaderSettings
from sandbox.reader.transactions import Category, Ending, Refusal, Transaction, Wanted, Why
from sandbox.shelf import SqliteShelf

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.reader.conftest import InProcess

GOOD = "6280581110007215"
WANTED = Wanted(amount_centimes=600_000, currency="DZD", service_id="A1", sale_id="T1", reference="S-1")

Start = Callable[..., "InProcess"]


def begun(world: InProcess, wanted: Wanted = WANTED) -> Transaction:
    found = world.reader.begin(wanted, now=world.now)
    assert isinstance(found, Transaction)
    return found


def test_a_sale_goes_through_card_pin_host_and_printer(in_process: Start) -> None:
    world = in_process()
    sale = begun(world)
    stages = [world.reader.stage]
    assert world.reader.present_card(GOOD, how=How.CONTACT, now=world.now)
    stages.append(world.reader.stage)
    assert world.reader.give_pin("1234", now=world.now)
    stages.append(world.reader.stage)
    world.passes(1)
    stages.append(world.reader.stage)
    assert not sale.is_over
    world.passes(1)
    assert [*stages, world.reader.stage] == [Stage.CARD, Stage.PIN, Stage.AUTHORISING, Stage.PRINTING, Stage.IDLE]
    assert (sale.ending, sale.amount_centimes, sale.is_over) == (Ending.APPROVED, 600_000, True)
    assert len(sale.approval_code) == 6
    assert len(sale.rrn) == 12
    assert world.books == (600_000, 0)
    assert [slip.whom for slip in world.reader.paper] == ["customer", "merchant"]


def test_a_jump_of_the_clock_does_everything_that_was_due_on_the_way(in_process: Start) -> None:
    world = in_process(autopilot=True)
    sale = begun(world)
    world.passes(3600)
    assert (sale.ending, sale.is_over, sale.ended_at - sale.began_at) == (Ending.APPROVED, True, 3.0)


def test_nobody_presents_a_card(in_process: Start) -> None:
    world = in_process()
    sale = begun(world)
    world.passes(59.9)
    assert not sale.is_over
    world.passes(0.2)
    assert (sale.ending, world.books) == (Ending.TIMED_OUT, (0, 0))


def test_a_small_contactless_sale_asks_for_no_pin_and_a_large_one_does(in_process: Start) -> None:
    world = in_process()
    begun(world, Wanted(amount_centimes=500_000, currency="DZD"))
    world.reader.present_card(GOOD, how=How.CONTACTLESS, now=world.now)
    assert world.reader.stage is Stage.AUTHORISING
    world.passes(2)
    begun(world)
    world.reader.present_card(GOOD, how=How.CONTACTLESS, now=world.now)
    assert world.reader.stage is Stage.PIN


def test_three_wrong_pins_block_the_card_on_every_reader_until_it_is_unlocked(in_process: Start) -> None:
    world = in_process()
    sale = begun(world)
    world.reader.present_card(GOOD, how=How.CONTACT, now=world.now)
    for _ in range(3):
        assert world.reader.give_pin("9999", now=world.now)
    world.passes(5)
    assert (sale.ending, sale.response_code, world.books) == (Ending.WRONG_PIN, "75", (0, 0))
    again = begun(world, Wanted(amount_centimes=1_000, currency="DZD"))
    world.reader.present_card(GOOD, how=How.CONTACTLESS, now=world.now)
    world.passes(5)
    assert again.ending is Ending.WRONG_PIN
    world.issuer.unlock(DECK[GOOD])
    assert not world.issuer.is_pin_blocked(DECK[GOOD])


def test_the_right_pin_forgives_the_wrong_ones(in_process: Start) -> None:
    world = in_process(host_seconds=0, printing_seconds=0)
    for _ in range(3):
        sale = begun(world, Wanted(amount_centimes=1_000, currency="DZD"))
        world.reader.present_card(GOOD, how=How.CONTACT, now=world.now)
        world.reader.give_pin("0000", now=world.now)
        world.reader.give_pin("1234", now=world.now)
        assert sale.ending is Ending.APPROVED


@pytest.mark.parametrize(
    ("pan", "ending", "code"),
    [
        ("6280581110006712", Ending.REFUSED, "37"),
        ("6280581110006316", Ending.REFUSED, "41"),
        ("6280580610061110", Ending.REFUSED, "51"),
        ("6280580610056615", Ending.REFUSED, "33"),
        ("6280581110003927", Ending.INVALID_CARD, "62"),
        ("9999000000030001", Ending.REFUSED, "61"),
        ("4000000000000002", Ending.INVALID_CARD, ""),
        # These two are closed to payment on a page only.
        ("6280581110007017", Ending.APPROVED, "00"),
        ("6280580610061318", Ending.APPROVED, "00"),
    ],
)
def test_each_card_of_the_deck(in_process: Start, pan: str, ending: Ending, code: str) -> None:
    world = in_process(host_seconds=0, printing_seconds=0)
    sale = begun(world)
    world.reader.present_card(pan, how=How.CONTACT, now=world.now)
    world.reader.give_pin("1234", now=world.now)
    assert (sale.ending, sale.response_code, sale.is_over) == (ending, code, True)
    assert world.books == ((600_000, 0) if ending is Ending.APPROVED else (0, 0))


def test_a_card_that_was_locked_on_the_page_still_pays_on_a_reader(in_process: Start) -> None:
    world = in_process(autopilot=True)
    world.issuer.lock(DECK[GOOD])
    sale = begun(world)
    world.passes(60)
    assert sale.ending is Ending.APPROVED


def test_a_card_has_one_account_wherever_it_pays(in_process: Start) -> None:
    world = in_process(autopilot=True, autopilot_card="9999000000010003")
    account = world.issuer.account("INVENTED-010003")
    world.issuer.debit(account.number, centimes=account.balance_centimes - 500_000, now=world.now, md_order="online")
    sale = begun(world)
    world.passes(60)
    assert (sale.ending, sale.response_code) == (Ending.REFUSED, "51")


def test_the_red_key_the_abort_and_the_card_pulled_out_all_end_a_sale_before_the_host_is_asked(
    in_process: Start,
) -> None:
    world = in_process()
    cancelled = begun(world)
    assert world.reader.press_red(now=world.now)
    aborted = begun(world, Wanted(amount_centimes=5, currency="DZD"))
    assert world.reader.abort(aborted, now=world.now)
    removed = begun(world, Wanted(amount_centimes=5, currency="DZD"))
    world.reader.present_card(GOOD, how=How.CONTACT, now=world.now)
    world.reader.remove_card(now=world.now)
    ends = [each.ending for each in (cancelled, aborted, removed)]
    assert ends == [Ending.CANCELLED, Ending.ABORTED, Ending.CARD_REMOVED]
    assert sum(each.centimes for each in world.issuer.account("CIB-007215").entries) == 100_000_000_000


def test_once_the_host_is_asked_nothing_stops_it(in_process: Start) -> None:
    world = in_process()
    sale = begun(world)
    world.reader.present_card(GOOD, how=How.CONTACT, now=world.now)
    world.reader.give_pin("1234", now=world.now)
    assert not world.reader.abort(sale, now=world.now)
    assert not world.reader.press_red(now=world.now)
    world.reader.remove_card(now=world.now)
    world.passes(60)
    assert sale.ending is Ending.APPROVED


def test_one_sale_at_a_time_and_each_service_id_once(in_process: Start) -> None:
    world = in_process()
    begun(world)
    other = world.reader.begin(Wanted(amount_centimes=5, currency="DZD", service_id="A2"), now=world.now)
    again = world.reader.begin(WANTED, now=world.now)
    assert isinstance(other, Refusal)
    assert isinstance(again, Refusal)
    assert (other.why, again.why) == (Why.BUSY, Why.REPEATED)
    world.reader.press_red(now=world.now)
    assert isinstance(
        world.reader.begin(Wanted(amount_centimes=5, currency="DZD", service_id="A2"), now=world.now), Transaction
    )


def test_a_reversal_gives_the_whole_back_once_and_only_before_the_batch_is_closed(in_process: Start) -> None:
    world = in_process(autopilot=True, autopilot_seconds=0, host_seconds=0, printing_seconds=0)
    first, second = begun(world), begun(world, Wanted(amount_centimes=700, currency="DZD"))

    def reverse(original: Transaction, centimes: int) -> Transaction | Refusal:
        return world.reader.reverse(Wanted(amount_centimes=centimes, currency="DZD"), original=original, now=world.now)

    less = reverse(first, 599_999)
    done = reverse(first, 600_000)
    assert world.books == (600_000, 600_000)
    twice = reverse(first, 600_000)
    world.reader.close_batch(now=world.now)
    late = reverse(second, 700)
    assert isinstance(done, Transaction)
    assert (done.ending, done.reverses, first.reversed_by) == (Ending.APPROVED, first.identifier, done.identifier)
    refused = [each.why for each in (less, twice, late) if isinstance(each, Refusal)]
    assert refused == [Why.NOT_ALLOWED] * 3


def test_a_power_cut_before_the_host_was_asked_takes_nothing_and_one_after_it_forgets_nothing(
    in_process: Start,
) -> None:
    world = in_process()
    sale = begun(world)
    world.reader.present_card(GOOD, how=How.CONTACT, now=world.now)
    world.reader.restart(now=world.now)
    assert (sale.ending, sale.line_is_cut, world.books) == (Ending.POWER_CUT, True, (0, 0))
    other = begun(world, Wanted(amount_centimes=700, currency="DZD", service_id="A2"))
    world.reader.present_card(GOOD, how=How.CONTACTLESS, now=world.now)
    world.passes(1.5)
    assert world.reader.stage is Stage.PRINTING
    world.reader.restart(now=world.now)
    assert (other.ending, other.line_is_cut, world.books) == (Ending.APPROVED, True, (700, 0))
    assert world.reader.find_by_service("A2", category=Category.PAYMENT) is other


def test_a_restart_without_memory_leaves_the_debit_and_forgets_the_sale(in_process: Start) -> None:
    world = in_process(autopilot=True, autopilot_seconds=0, host_seconds=0, printing_seconds=0)
    sale = begun(world)
    world.reader.restart(now=world.now, wipe=True)
    assert world.reader.transactions() == []
    assert world.issuer.captured_centimes(sale.books) == 600_000
    assert world.reader.boot == 2


def test_the_identifier_of_a_sale_is_new_even_after_the_memory_was_lost(in_process: Start) -> None:
    world = in_process(autopilot=True, autopilot_seconds=0, host_seconds=0, printing_seconds=0)
    first = begun(world)
    world.reader.restart(now=world.now, wipe=True)
    second = begun(world)
    assert first.identifier != second.identifier


def test_its_memory_is_kept_on_the_shelf(tmp_path: Path) -> None:
    shelf = SqliteShelf(tmp_path / "kept.sqlite3")

    def reader() -> Reader:
        return Reader(
            settings=ReaderSettings(poi_id="P-1", host_seconds=0, printing_seconds=0),
            issuer=Issuer(cards=DECK.values(), opened_at=0.0, shelf=shelf),
            faults=ReaderFaults(),
            random=Random(1),
            shelf=shelf,
        )

    old = reader()
    paid = old.begin(WANTED, now=1000.0)
    old.present_card(GOOD, how=How.CONTACT, now=1000.0)
    old.give_pin("1234", now=1000.0)
    old.close_batch(now=1001.0)
    old.log_out("T1")
    open_one = old.begin(Wanted(amount_centimes=5, currency="DZD", service_id="A2", sale_id="T2"), now=1002.0)
    assert isinstance(paid, Transaction)
    assert isinstance(open_one, Transaction)
    new = reader()
    found = new.find_by_service("A1", category=Category.PAYMENT)
    assert found is not None
    assert (found.ending, found.approval_code, found.wanted) == (Ending.APPROVED, paid.approval_code, paid.wanted)
    cut = new.find_by_service("A2", category=Category.PAYMENT)
    assert cut is not None
    assert (cut.ending, cut.is_over) == (Ending.POWER_CUT, True)
    assert (new.batch, new.boot, new.closings) == (2, 2, old.closings)
    refused = new.begin(Wanted(amount_centimes=5, currency="DZD", sale_id="T1"), now=1003.0)
    assert isinstance(refused, Refusal)
    assert refused.why is Why.LOGGED_OUT
    assert reader().boot == 3
    shelf.close()


def test_settings_that_cannot_be_are_refused_with_a_sentence() -> None:
    wrong: list[dict[str, Any]] = [
        {},
        {"poi_id": "a b"},
        {"poi_id": "P-1", "port": 70_000},
        {"poi_id": "P-1", "protocol": "zvt"},
        {"poi_id": "P-1", "autopilot": "yes"},
        {"poi_id": "P-1", "card_seconds": -1},
        {"poi_id": "P-1", "card_seconds": float("nan")},
        {"poi_id": "P-1", "passphrase": "كلمة"},
        {"poi_id": "P-1", "colour": "red"},
    ]
    for row in wrong:
        with pytest.raises(ValueError, match=r"reader|poi_id"):
            ReaderSettings.from_row(row)


def test_a_passphrase_is_not_shown_by_accident() -> None:
    assert "open sesame" not in repr(ReaderSettings(poi_id="P-1", passphrase="open sesame"))
