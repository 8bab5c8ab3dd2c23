import threading

import pytest

from bawabati.adapters.gateways.slots import Slots


def test_no_more_calls_than_slots_are_under_way_at_once() -> None:
    slots = Slots(2)
    in_, out = threading.Semaphore(0), threading.Event()

    def hold() -> None:
        with slots.take() as taken:
            assert taken
            in_.release()
            out.wait()

    threads = [threading.Thread(target=hold) for _ in range(2)]
    for thread in threads:
        thread.start()
        in_.acquire()
    assert not slots.any_free()
    with slots.take() as taken:
        assert not taken
    out.set()
    for thread in threads:
        thread.join()
    assert slots.any_free()
    with slots.take() as taken:
        assert taken


def test_a_thread_that_reserved_a_slot_calls_with_it() -> None:
    slots = Slots(1)
    with slots.take() as reserved, slots.take() as again:
        assert reserved
        assert again
        assert slots.any_free(), "the thread's own slot is free for itself"
    assert slots.any_free()


def test_a_slot_is_given_back_when_the_call_breaks() -> None:
    slots = Slots(1)

    def break_off() -> None:
        with slots.take() as taken:
            assert taken
            raise ConnectionAbortedError

    for _ in range(3):
        with pytest.raises(ConnectionAbortedError):
            break_off()
    assert slots.any_free()
