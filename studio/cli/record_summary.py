"""What a recording has come to, for people and for scripts."""

from dataclasses import dataclass
from typing import Any

from studio.app.status import FinishedRecording, StreamStatus
from studio.app.value_text import bytes_text, duration_text
from studio.app.watch import should_flow
from studio.cli.output import print_json, print_table, print_text, remark
from studio.timing import NS_PER_S


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a recording ended."""

    recording: FinishedRecording
    is_interrupted: bool
    """By the user, which is a proper end."""
    is_complete: bool
    """It lasted as long as it should."""

    @property
    def empty_streams(self) -> tuple[str, ...]:
        """Those that should have flowed and stored nothing at all."""
        return tuple(s.name for s in self.recording.streams if not s.stored and should_flow(s.format))

    @property
    def exit_code(self) -> int:
        """0: as it was meant to be."""
        return 0 if self.is_complete and not self.empty_streams else 1


def show(outcome: Outcome, *, json: bool) -> None:
    """Print it."""
    if json:
        print_json(_document(outcome))
    else:
        _print(outcome.recording)
    if not outcome.is_complete:
        remark("The recording ended too early: see the problems.")
    if outcome.empty_streams:
        remark(f"Nothing was delivered by: {', '.join(outcome.empty_streams)}.")


def _document(outcome: Outcome) -> dict[str, Any]:
    recording = outcome.recording
    return {
        "path": recording.path,
        "duration_s": recording.duration_ns / NS_PER_S,
        "byte_size": recording.byte_size,
        "interrupted": outcome.is_interrupted,
        "complete": outcome.is_complete,
        "streams": [_stream(stream) for stream in recording.streams],
        "problems": [
            {"time": problem.time, "severity": problem.severity.value, "text": problem.text}
            for problem in recording.problems
        ],
    }


def _stream(stream: StreamStatus) -> dict[str, Any]:
    return {
        "name": stream.name,
        "kind": stream.format.kind.value,
        "unit": _unit(stream),
        "produced": stream.produced,
        "stored": stream.stored,
        "dropped": stream.dropped,
        "gaps": stream.gaps,
    }


def _unit(stream: StreamStatus) -> str:
    return "samples" if stream.format.kind.is_sampled else "messages"


def _print(recording: FinishedRecording) -> None:
    rows = [
        (s.name, str(s.produced), str(s.stored), str(s.dropped), str(s.gaps), _unit(s))
        for s in recording.streams
    ]
    print_table(("stream", ">produced", ">stored", ">dropped", ">gaps", ""), rows)
    for problem in recording.problems:
        print_text(f"{problem.severity.value}: {problem.text}")
    duration = duration_text(recording.duration_ns / NS_PER_S)
    print_text(f"{duration}, {bytes_text(recording.byte_size)} in {recording.path}")


def _row(stream: StreamStatus) -> tuple[str, ...]:
    counts = (stream.produced, stream.stored, stream.dropped, stream.gaps)
    return (stream.name, *map(str, counts), _unit(stream))
