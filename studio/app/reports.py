"""Carries what is not data into the recording: gaps, notes, and the counts that close the loss account."""

import threading
from collections import Counter

from studio.app.branch import Branch
from studio.devices.device import Gap, StreamHealth
from studio.engine import Pipeline
from studio.store.exporter import Exporter

QUEUE_FULL = "queue full"
DEVICE_LOSS = "lost by the device"


class RecordingReports:
    """Where devices tell of gaps and notes (see `DeviceReports`). Any thread; a preview has no exporter."""

    def __init__(self) -> None:
        self._exporter: Exporter | None = None
        self._full_reason = QUEUE_FULL
        self._lock = threading.Lock()
        self._gaps: Counter[str] = Counter()
        self._told: Counter[tuple[str, str]] = Counter()

    def write_to(self, exporter: Exporter) -> None:
        """From now on; devices are made before the file, so that a wrong device leaves no file behind."""
        self._exporter = exporter

    def why_full(self, reason: str) -> None:
        """What the loss account says of messages that find no room from now on; empty: a full queue."""
        self._full_reason = reason or QUEUE_FULL
        if self._exporter is not None:
            self._exporter.why_full(reason)

    def gap(self, gap: Gap) -> None:
        """Something is missing in a stream."""
        if self._exporter is None:
            return
        with self._lock:
            self._gaps[gap.stream] += gap.expected
        self._exporter.report_gap(gap.stream, gap.from_time, gap.to_time, gap.expected, gap.reason)

    def note(self, device: str, text: str) -> None:
        """Something happened that belongs into the log of the recording."""
        if self._exporter is not None:
            self._exporter.log(text, device=device)

    def count(self, pipeline: Pipeline, branch: Branch, health: StreamHealth) -> None:
        """Tell the store what a stream has produced so far, and what was lost before it could see it."""
        exporter = self._exporter
        if exporter is None:
            return
        exporter.report_produced(health.name, health.produced)
        with self._lock:
            lost = {
                DEVICE_LOSS: health.dropped - self._gaps[health.name],
                QUEUE_FULL: branch.refused,
            }
            new = {reason: count - self._told[health.name, reason] for reason, count in lost.items()}
            self._told.update({(health.name, reason): count for reason, count in new.items() if count > 0})
        now = pipeline.clock.now()
        for reason, count in new.items():
            if count > 0:
                told = self._full_reason if reason == QUEUE_FULL else reason
                exporter.report_loss(health.name, count, health.last_time or now, now, told)
