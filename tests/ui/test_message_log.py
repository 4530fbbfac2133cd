"""Every message is shown once, the worst stands in front, and notes go by themselves."""

from studio.app.status import Problem, Severity
from studio.ui.message_log import HISTORY_LIMIT, NOTE_STAYS_NS, Message, MessageLog


def message(text: str, severity: Severity = Severity.ERROR, time: int = 0) -> Message:
    return Message(time=time, severity=severity, text=text)


def problem(number: int, severity: Severity = Severity.WARNING) -> Problem:
    return Problem(number=number, time=number, severity=severity, text=f"problem {number}")


def test_an_error_stands_before_a_newer_note() -> None:
    log = MessageLog().with_message(message("error")).with_message(message("note", Severity.NOTE, 5))
    assert log.shown is not None
    assert log.shown.text == "error"
    below = log.without_shown().shown
    assert below is not None
    assert below.text == "note"
    assert log.without_shown().without_shown().shown is None


def test_each_problem_of_the_recorder_is_told_once() -> None:
    log = MessageLog().with_problems([problem(2), problem(1)]).with_problems([problem(1), problem(2)])
    assert [m.text for m in log.history] == ["problem 1", "problem 2"]
    dismissed = log.without_shown().without_shown()
    assert dismissed.with_problems([problem(2)]).shown is None


def test_another_recorder_counts_from_the_beginning() -> None:
    log = MessageLog().with_problems([problem(7)])
    assert log.with_problems([problem(1)]) is log
    assert log.with_new_recorder().with_problems([problem(1)]).history[-1].text == "problem 1"


def test_the_same_text_does_not_pile_up_in_the_strip_but_is_kept_in_the_list() -> None:
    log = MessageLog().with_message(message("again")).with_message(message("again", time=9))
    assert len(log.standing) == 1
    assert len(log.history) == 2


def test_notes_go_by_themselves_and_errors_stay() -> None:
    log = MessageLog().with_message(message("note", Severity.NOTE)).with_message(message("error"))
    assert log.at(NOTE_STAYS_NS - 1) is log
    later = log.at(NOTE_STAYS_NS)
    assert [m.text for m in later.standing] == ["error"]
    assert len(later.history) == 2


def test_the_list_has_an_end() -> None:
    log = MessageLog()
    for number in range(HISTORY_LIMIT + 3):
        log = log.with_message(message(f"m{number}"))
    assert len(log.history) == HISTORY_LIMIT
    assert log.history[0].text == "m3"


def test_a_device_that_answers_again_is_no_longer_called_lost() -> None:
    lost = Problem(1, 10, Severity.ERROR, "The camera stopped answering.", "camera:0")
    other = Problem(2, 11, Severity.ERROR, "The microphone stopped answering.", "mic:0")
    back = Problem(3, 12, Severity.NOTE, "The camera answers again after 3.0 seconds.", "camera:0")
    log = MessageLog().with_problems([lost, other, back])
    assert [message.text for message in log.standing] == [other.text, back.text]
    assert len(log.history) == 3
