"""Every key is listed once, where one looks for it."""

from studio.ui.actions import ACTIONS
from studio.ui.key_groups import key_groups, key_list


def test_every_key_of_an_action_is_listed() -> None:
    assert {action.keys for action in ACTIONS.values() if action.keys} <= {keys for keys, _ in key_list()}


def test_no_key_is_given_twice() -> None:
    keys = [keys for keys, _ in key_list()]
    assert len(set(keys)) == len(keys)


def test_every_key_says_what_it_does_in_a_group_of_a_size_that_can_be_read() -> None:
    assert all(keys and text for keys, text in key_list())
    assert all(3 <= len(lines) <= 12 for lines in key_groups().values())
