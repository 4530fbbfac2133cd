"""In which order components end: upstream first, cycles where they can be cut (rules E49-E54)."""

from collections.abc import Callable, Iterator, Sequence

from studio.engine.element import Element, ElementState

Finalize = Callable[[Element], None]
Stage = Callable[[Element, Sequence[Element]], bool]


def finalize_all(
    elements: Sequence[Element], finalize: Finalize, wait_until_empty: Callable[[], None]
) -> None:
    """Finalize every element, a round at a time, each by the first stage that yields anything (rule E51)."""
    while candidates := [e for e in elements if e.state is not ElementState.FINALIZED]:
        if _finalize_those(candidates, _has_no_input, finalize):
            continue
        wait_until_empty()
        stages: tuple[Stage, ...] = (_has_no_input, _feeds_only_itself, _is_in_pure_cycle)
        if not any(_finalize_those(candidates, stage, finalize) for stage in stages):
            finalize(max(candidates, key=_count_of_used_outputs))


def _finalize_those(candidates: Sequence[Element], stage: Stage, finalize: Finalize) -> bool:
    # Asked one by one while finalizing: closing one element can change the answer for a later one.
    any_finalized = False
    for element in candidates:
        if stage(element, candidates):
            finalize(element)
            any_finalized = True
    return any_finalized


def _has_no_input(element: Element, _candidates: Sequence[Element]) -> bool:
    return not any(True for _ in element.upstream())


def _feeds_only_itself(element: Element, _candidates: Sequence[Element]) -> bool:
    return all(source is element for source in element.upstream())


def _is_in_pure_cycle(element: Element, _candidates: Sequence[Element]) -> bool:
    """Whether every way upstream leads back to the element, and to nothing else that would have to end."""
    verified: set[int] = set()
    path: set[int] = {id(element)}
    stack: list[tuple[Element, Iterator[Element]]] = [(element, element.upstream())]
    while stack:
        current, sources = stack[-1]
        source = next(sources, None)
        if source is None:
            stack.pop()
            verified.add(id(current))
            continue
        if source is element or id(source) in verified:
            continue
        is_dead_end = source.state is ElementState.FINALIZED or _has_no_input(source, ())
        if is_dead_end or id(source) in path:
            return False
        path.add(id(source))
        stack.append((source, source.upstream()))
    return True


def _count_of_used_outputs(element: Element) -> int:
    return sum(emitter.has_subscribers for emitter in element.emitters.values())
