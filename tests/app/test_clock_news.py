"""A recording is told everything about its clock once, whatever comes late."""

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.app.clock_news import BEFORE, ClockNews
from studio.timing import NS_PER_S
from studio.timing.clock_algorithm import terms_of
from studio.timing.segments import Segment
from studio.timing.sync_status import ClockLog, ProbeRecord, Reference, StateChange, SyncState, SyncStatus

BEGUN = 1000 * NS_PER_S
SYNC = SyncStatus(SyncState.SYNCHRONISED, "well", reference=Reference("10.0.0.2", 11511, "LAB-MASTER"))


class Known:
    """What is known of a clock; grows."""

    def __init__(self) -> None:
        self.log = ClockLog(
            segments=(Segment(0, 0, 0),), references=(SYNC.reference,) if SYNC.reference else ()
        )
        self.asked: list[int] = []

    def since(self, monotonic: int) -> ClockLog:
        """As the synchroniser says it."""
        self.asked.append(monotonic)
        return ClockLog(
            tuple(probe for probe in self.log.probes if probe.received >= monotonic),
            self.log.segments,
            tuple(change for change in self.log.changes if change.monotonic >= monotonic),
            self.log.references,
            tuple(bound for bound in self.log.bounds if bound[0] >= monotonic),
        )

    def add(self, at: int) -> None:
        """A probe was received, a bound was so, a state changed."""
        self.log = ClockLog(
            (*self.log.probes, ProbeRecord(at - 5, at, at)),
            self.log.segments,
            (*self.log.changes, StateChange(at, SyncState.HOLDOVER)),
            self.log.references,
            (*self.log.bounds, (at, 7)),
        )


def news_of(known: Known) -> ClockNews:
    return ClockNews(known.since, begun=BEGUN, sync=SYNC, terms=terms_of())


def test_a_run_on_the_own_clock_is_not_told_how_exact_another_one_is() -> None:
    known = Known()
    known.add(BEGUN + NS_PER_S)
    own = (Segment(BEGUN, 5, 0),)
    news = ClockNews(known.since, begun=BEGUN, sync=SYNC, terms=terms_of(), own_line=own).take(BEGUN)
    assert news is not None
    assert (news.segments, news.bounds) == (own, ())
    assert len(news.probes) == 1, "for a correction afterwards"


def test_the_first_part_says_how_it_stood_and_by_what_rules() -> None:
    known = Known()
    for before in (BEGUN - 2 * BEFORE, BEGUN - NS_PER_S):
        known.add(before)
    first = news_of(known).take(BEGUN)
    assert first is not None
    assert first.terms == terms_of()
    assert first.changes == (StateChange(BEGUN, SyncState.SYNCHRONISED, "well"),)
    assert first.references == (SYNC.reference,)
    assert [probe.received for probe in first.probes] == [BEGUN - NS_PER_S]
    assert first.bounds == ()
    assert first.segments == known.log.segments


@settings(deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.integers(1, 20 * NS_PER_S), st.integers(0, 5 * NS_PER_S)), min_size=1, max_size=30
    )
)
def test_what_is_known_late_is_told_once_and_in_order(steps: list[tuple[int, int]]) -> None:
    known = Known()
    news, now, measured, told = news_of(known), BEGUN, BEGUN, list[ClockLog]()
    for wait, late in steps:
        now += wait
        if now - late > measured:
            measured = now - late
            known.add(measured)
        part = news.take(now)
        if part is not None:
            told.append(part)
    assert [probe for part in told for probe in part.probes] == list(known.log.probes)
    assert [bound for part in told for bound in part.bounds] == list(known.log.bounds)
    assert [change for part in told for change in part.changes][1:] == list(known.log.changes)


def test_a_second_without_anything_new_tells_nothing() -> None:
    known = Known()
    news = news_of(known)
    assert news.take(BEGUN) is not None
    assert news.take(BEGUN + NS_PER_S) is None
    known.add(BEGUN + 2 * NS_PER_S)
    assert news.take(BEGUN + 3 * NS_PER_S) is not None
    assert news.take(BEGUN + 100 * NS_PER_S) is None
    assert known.asked[-1] == BEGUN + 40 * NS_PER_S, "hours of silence are not gone through each second"
