"""A dead stream is said to be dead, a silent one of events is not."""

import math

import pytest

from studio.devices.device import DeviceState
from studio.formats.payload import PayloadKind
from studio.ui.panels.stream_health import Health, StreamHealth, health_of


def judged(
    kind: PayloadKind = PayloadKind.IMAGE,
    rate: float = 30.0,
    state: DeviceState = DeviceState.RUNNING,
    message: str = "",
    age_s: float | None = 0.03,
) -> StreamHealth:
    return health_of(kind=kind, rate=rate, device_state=state, message=message, age_s=age_s)


def test_what_delivers_is_alive() -> None:
    assert judged() == StreamHealth(Health.ALIVE)


def test_a_second_without_data_is_no_signal() -> None:
    assert judged(age_s=0.99).health is Health.ALIVE
    told = judged(age_s=3.2)
    assert told.health is Health.DEAD
    assert told.text.replace("\u00a0", " ") == "no signal for 3 s"


def test_a_slow_stream_has_the_patience_of_its_period() -> None:
    assert judged(PayloadKind.SCALAR, rate=0.5, age_s=4.0).health is Health.ALIVE
    assert judged(PayloadKind.SCALAR, rate=0.5, age_s=6.0).health is Health.DEAD


@pytest.mark.parametrize("kind", [PayloadKind.EVENT, PayloadKind.STRING, PayloadKind.JSON])
def test_silence_of_what_comes_by_chance_means_nothing(kind: PayloadKind) -> None:
    assert judged(kind, age_s=1000.0).health is Health.ALIVE
    assert judged(kind, age_s=math.inf).health is Health.ALIVE


def test_the_device_has_the_last_word() -> None:
    lost = judged(state=DeviceState.LOST, message="The camera was unplugged.")
    assert lost == StreamHealth(Health.DEAD, "The camera was unplugged.")
    assert judged(state=DeviceState.STALLED).health is Health.DEAD
    assert judged(PayloadKind.EVENT, state=DeviceState.LOST).health is Health.DEAD


def test_before_the_first_datum_it_waits() -> None:
    assert judged(age_s=math.inf).health is Health.WAITING
    assert judged(age_s=None, state=DeviceState.OPENING).text == "opening…"
    assert judged(age_s=None).text == "no live picture"
