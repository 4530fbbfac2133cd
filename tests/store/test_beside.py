"""Work beside the writer's thread gives what it would give there, failures included."""

import threading
from functools import partial

import pytest

from studio.store.beside import Beside, Piece


def test_pieces_are_worked_out_in_turn_on_a_thread_of_their_own() -> None:
    beside = Beside()
    seen: list[int] = []

    def work(number: int) -> int:
        seen.append(threading.get_ident())
        return number * number

    try:
        pieces = [beside.begin(partial(work, number)) for number in range(20)]
        assert [piece.result() for piece in pieces] == [number * number for number in range(20)]
        assert len(set(seen)) == 1
        assert seen[0] != threading.get_ident()
    finally:
        beside.close()


def test_a_failure_is_raised_where_the_result_is_wanted_and_the_next_piece_is_done() -> None:
    beside = Beside()
    try:
        failing = beside.begin(lambda: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            failing.result()
        assert beside.begin(lambda: "done").result() == "done"
    finally:
        beside.close()


def test_without_work_there_is_no_thread_and_closing_twice_is_nothing() -> None:
    before = threading.active_count()
    beside = Beside()
    assert threading.active_count() == before
    beside.close()
    begun = beside.begin(lambda: 7)
    beside.close()
    assert begun.result() == 7, "what was begun is finished"
    beside.close()
    assert threading.active_count() == before


def test_a_piece_can_be_worked_out_at_once() -> None:
    piece = Piece(lambda: 3)
    piece.run()
    assert piece.result() == 3
