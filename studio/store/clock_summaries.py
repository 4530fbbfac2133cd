"""The summary of a recording's clock: noted when it is closed, computed anew where that did not happen."""

import json
from typing import Any

import numpy as np

from studio.store import layout
from studio.timing import Timestamp
from studio.timing.clock_summary import ClockSummary, summaries_of
from studio.timing.sync_status import ClockLog


def summary_attributes(
    logs: tuple[ClockLog, ...], begin_time: Timestamp, end_time: Timestamp
) -> dict[str, Any]:
    """Attributes of the group of the clock; none for a recording that noted nothing.

    The figures that lists show stand on their own, so that thousands of recordings can be asked.
    """
    summaries = summaries_of(logs, begin_time, end_time)
    if not summaries:
        return {}
    attributes: dict[str, Any] = {layout.SUMMARY: np.bytes_(summaries_text(summaries))}
    if (bound := guaranteed(summaries)) is not None:
        attributes[layout.GUARANTEED] = bound
    return attributes


def summaries_text(summaries: tuple[ClockSummary, ...]) -> str:
    """As JSON, ASCII."""
    return json.dumps([json.loads(summary.to_json()) for summary in summaries])


def summaries_from(text: str) -> tuple[ClockSummary, ...]:
    """What was noted. ValueError, KeyError or TypeError if it makes no sense."""
    return tuple(ClockSummary.from_json(fields) for fields in json.loads(text))


def guaranteed(summaries: tuple[ClockSummary, ...]) -> int | None:
    """The widest guarantee of all; None if one has none."""
    bounds = [summary.guaranteed for summary in summaries]
    known = [bound for bound in bounds if bound is not None]
    return max(known) if known and len(known) == len(bounds) else None
