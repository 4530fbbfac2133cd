"""One anchor for all processes; the first wins; a starting recorder puts right what is off (decision 5)."""

import json
import subprocess
import sys

import pytest

from studio.host.run_directory import RunDirectory
from studio.host.shared_clock import boot_id, renewed_clock, shared_clock
from studio.timing import NS_PER_S, ClockAnchor, monotonic_ns

ASK = """
from studio.host.run_directory import RunDirectory
from studio.host.shared_clock import shared_clock
anchor = shared_clock(RunDirectory.open()).anchor
print(anchor.utc_time, anchor.monotonic)
"""


def test_processes_that_start_at_once_share_one_anchor() -> None:
    asked = [subprocess.Popen([sys.executable, "-c", ASK], stdout=subprocess.PIPE) for _ in range(4)]
    answers = {process.communicate()[0] for process in asked}
    assert len(answers) == 1
    anchor = shared_clock(RunDirectory.open()).anchor
    assert answers == {f"{anchor.utc_time} {anchor.monotonic}\n".encode()}


def test_an_anchor_of_another_start_of_the_machine_is_not_taken() -> None:
    directory = RunDirectory.open()
    old = json.dumps({"utc_time": 1, "monotonic": 1})
    directory.file("clock-0123.json").write_text(old)
    clock = shared_clock(directory)
    assert abs(clock.now() - ClockAnchor.read().utc_time) < NS_PER_S


@pytest.mark.parametrize("content", ["", "{", "[]", '{"utc_time": 5}', '{"utc_time": 5, "monotonic": 9e40}'])
def test_a_damaged_anchor_is_replaced(content: str) -> None:
    directory = RunDirectory.open()
    directory.file(f"clock-{boot_id()}.json").write_text(content)
    clock = shared_clock(directory)
    assert abs(clock.now() - ClockAnchor.read().utc_time) < NS_PER_S
    assert shared_clock(directory).anchor == clock.anchor


def test_only_a_starting_recorder_renews_an_anchor_that_is_off() -> None:
    directory = RunDirectory.open()
    slept = ClockAnchor.read().utc_time - 3600 * NS_PER_S  # the monotonic clock stood still for an hour
    text = json.dumps({"utc_time": slept, "monotonic": monotonic_ns()})
    directory.file(f"clock-{boot_id()}.json").write_text(text)
    assert shared_clock(directory).anchor.utc_time == slept
    renewed = renewed_clock(directory)
    assert abs(renewed.now() - ClockAnchor.read().utc_time) < NS_PER_S
    assert shared_clock(directory).anchor == renewed.anchor
    assert renewed_clock(directory).anchor == renewed.anchor
