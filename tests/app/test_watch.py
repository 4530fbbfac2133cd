"""What is worth a word is said once, in time, and taken back when it is over."""

import pytest

from studio.app.problems import MOST_KEPT, ProblemList
from studio.app.status import DeviceStatus, HeldUp, Severity, StreamStatus
from studio.app.watch import DeviceWatch, RefusalWatch, SleepWatch
from studio.devices.device import DeviceKind, DeviceState
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import NS_PER_S, SystemClock

AUDIO = StreamFormat(PayloadKind.AUDIO, dtype="float32", rate=48_000.0)
EVENTS = StreamFormat(PayloadKind.EVENT, rate=20.0)
START = 1_000 * NS_PER_S


@pytest.fixture
def problems() -> ProblemList:
    return ProblemList(SystemClock())


def seen(
    state: DeviceState = DeviceState.RUNNING,
    produced: int = 0,
    format: StreamFormat = AUDIO,
    message: str = "",
) -> DeviceStatus:
    stream = StreamStatus("mic", format, produced=produced)
    return DeviceStatus("microphone:mic", "mic", DeviceKind.MICROPHONE, state, message, (stream,))


def look(
    watch: DeviceWatch, problems: ProblemList, device: DeviceStatus, after_s: float, others: int = 0
) -> None:
    watch.look(device, START + round(after_s * NS_PER_S), problems, others)


def told(problems: ProblemList) -> list[tuple[Severity, str]]:
    return [(problem.severity, problem.text) for problem in problems.newest]


def test_a_stream_that_delivers_nothing_in_three_seconds_is_said_once(problems: ProblemList) -> None:
    watch = DeviceWatch(START, is_recording=True)
    look(watch, problems, seen(), 2.9)
    assert told(problems) == []
    for after_s in (3.0, 3.2, 9.0):
        look(watch, problems, seen(), after_s)
    ((severity, text),) = told(problems)
    assert severity is Severity.WARNING
    assert text.startswith("'mic' delivered nothing in its first 3 seconds.")
    look(watch, problems, seen(produced=5), 10.0)
    look(watch, problems, seen(produced=9), 11.0)
    assert told(problems)[1:] == [(Severity.NOTE, "'mic' delivers now.")]


def test_a_stream_that_delivers_or_may_be_silent_is_no_problem(problems: ProblemList) -> None:
    look(DeviceWatch(START, is_recording=True), problems, seen(produced=1), 3.5)
    look(DeviceWatch(START, is_recording=True), problems, seen(format=EVENTS), 3.5)
    assert told(problems) == []


def test_a_device_that_goes_and_comes_is_said_each_time(problems: ProblemList) -> None:
    watch = DeviceWatch(START, is_recording=True)
    lost = seen(DeviceState.LOST, produced=5, message="The microphone 'mic' stopped answering.")
    for state in (seen(produced=5), lost, lost, seen(produced=6), lost):
        look(watch, problems, state, 1.0, others=3)
    text = "The microphone 'mic' stopped answering. The other 3 devices go on."
    assert told(problems) == [
        (Severity.ERROR, text),
        (Severity.NOTE, "'mic' is back."),
        (Severity.ERROR, text),
    ]
    assert {problem.device_id for problem in problems.newest} == {"microphone:mic"}


def test_what_is_lost_in_a_preview_is_a_warning(problems: ProblemList) -> None:
    look(DeviceWatch(START, is_recording=False), problems, seen(DeviceState.LOST), 1.0)
    assert told(problems) == [(Severity.WARNING, "'mic' stopped answering.")]


def test_a_device_that_only_stalls_is_a_warning(problems: ProblemList) -> None:
    look(
        DeviceWatch(START, is_recording=True), problems, seen(DeviceState.STALLED, 5, message="Silent."), 1.0
    )
    assert told(problems) == [(Severity.WARNING, "'mic': Silent.")]


def test_data_lost_in_our_queues_is_an_alarm_that_does_not_flood(problems: ProblemList) -> None:
    watch = RefusalWatch()
    for count in (0, 1, 2, 9, 10, 11, 99, 100):
        watch.look({"video": count, "other": 0}, problems)
    assert [text.split(":")[1].split(" of")[0] for _, text in told(problems)] == [" 1", " 10", " 100"]
    assert {severity for severity, _ in told(problems)} == {Severity.ERROR}


def test_what_is_to_blame_is_named_as_what_loses_data(problems: ProblemList) -> None:
    watch = RefusalWatch()
    watch.look({"video": 3}, problems, HeldUp.BY_DISK)
    watch.look({"video": 30}, problems, HeldUp.BY_PROCESSORS)
    watch.look({"video": 300}, problems)
    texts = [text for _, text in told(problems)]
    assert ["disk is too slow" in text for text in texts] == [True, False, False]
    assert ["processors are too busy" in text for text in texts] == [False, True, False]
    assert texts[2].startswith("This machine cannot keep up: 300 of 'video'")


def test_the_newest_problems_are_kept_and_numbers_go_on(problems: ProblemList) -> None:
    for number in range(MOST_KEPT + 7):
        problems.add(Severity.NOTE, str(number))
    assert [problem.number for problem in problems.newest] == list(range(8, MOST_KEPT + 8))
    assert [problem.text for problem in problems.since(MOST_KEPT + 5)] == ["55", "56"]
    assert problems.count == MOST_KEPT + 7


def test_sleep_and_standstill_are_told_apart_and_said_once() -> None:
    watch = SleepWatch(slept=40 * NS_PER_S, now=START)
    assert watch.look(slept=40 * NS_PER_S, now=START + NS_PER_S) == ""
    assert "slept for 8 min 20 s" in watch.look(slept=540 * NS_PER_S, now=START + 2 * NS_PER_S)
    assert watch.look(slept=540 * NS_PER_S, now=START + 3 * NS_PER_S) == ""
    assert "stood still for 10" in watch.look(slept=540 * NS_PER_S, now=START + 13 * NS_PER_S)
    assert watch.look(slept=540 * NS_PER_S, now=START + 14 * NS_PER_S) == ""
