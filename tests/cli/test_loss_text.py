"""What is missing of a recording, for people: once for each stream and reason, with when it was."""

import pytest

from studio.cli.loss_text import print_losses
from studio.formats.recording import LossEntry
from tests.store.recordings import SECOND, T0


def test_losses_are_summed_by_stream_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    print_losses(
        [
            LossEntry("video", "queue full", 20, T0 + 2 * SECOND, T0 + 3 * SECOND),
            LossEntry("sound", "gap", 0, T0 + SECOND, T0 + 2 * SECOND),
            LossEntry("video", "queue full", 22, T0 + 7 * SECOND, T0 + 9 * SECOND),
        ],
        T0,
    )
    _, video, sound = (" ".join(line.split()) for line in capsys.readouterr().out.splitlines())
    assert video == "video queue full 42 2 2.0 s 9.0 s"
    assert sound == "sound gap unknown 1 1.0 s 2.0 s"


def test_nothing_is_said_where_nothing_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    print_losses([], T0)
    assert capsys.readouterr().out == ""
