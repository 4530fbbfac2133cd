"""In which order components end: upstream first, cycles where they can be cut (rules E49-E54)."""

from collections.abc import Callable, Iterator, Sequence

from studio.engine.element import Element, ElementState

Finalize = Callable[[Element], None]
Candidates = Callable[[], Sequence[Element]]
Stage = Callable[[Element], bool]


def finalize_all(
    candidates_now: Candidates,
    finalize: Finalize,
    wait_until_empty: Callable[[], None],
    next_ended: Callable[[], Sequence[Element]],
) -> None:
    """Finalize every element, a round at a time, each by the first stage that yields anything (rule E51).

    `next_ended` waits for elements of which an input has ended, until nothing moves any more: they are the
    only ones that can have lost their last input, so a long chain is not searched again for every link.
    """
    scope = _Scope()
    while candidates := scope.enter(candidates_now()):
        if _finalize_those(candidates, scope.has_no_input, finalize):
            while ended := next_ended():
                _finalize_those(ended, scope.has_no_input, finalize)
            continue
        wait_until_empty()
        stages: tuple[Stage, ...] = (scope.has_no_input, scope.feeds_only_itself, scope.is_in_pure_cycle)
        if not any(_finalize_those(candidates, stage, finalize) for stage in stages):
            finalize(max(candidates, key=_count_of_used_outputs))


def _finalize_those(candidates: Sequence[Element], stage: Stage, finalize: Finalize) -> bool:
    # Asked one by one while finalizing: closing one element can change the answer for a later one.
    any_finalized = False
    for element in candidates:
        if element.state is not ElementState.FINALIZED and stage(element):
            finalize(element)
            any_finalized = True
    return any_finalized


class _Scope:
    """The pipelines that end together; what comes from others, through connectors, is not waited for."""

    def __init__(self) -> None:
        self._pipelines: set[int] = set()

    def enter(self, elements: Sequence[Element]) -> Sequence[Element]:
        self._pipelines.update(id(element.pipeline) for element in elements)
        return elements

    def upstream(self, element: Element) -> Iterator[Element]:
        return (source for source in element.upstream() if id(source.pipeline) in self._pipelines)

    def has_no_input(self, element: Element) -> bool:
        return not any(True for _ in self.upstream(element))

    def feeds_only_itself(self, element: Element) -> bool:
        return all(source is element for source in self.upstream(element))

    def is_in_pure_cycle(self, element: Element) -> bool:
        """Whether every way upstream leads back to the element, and to nothing else that has to end."""
        verified: set[int] = set()
        path: set[int] = {id(element)}
        stack: list[tuple[Element, Iterator[Element]]] = [(element, self.upstream(element))]
        while stack:
            current, sources = stack[-1]
            source = next(sources, None)
            if source is None:
                stack.pop()
                verified.add(id(current))
                continue
            if source is element or id(source) in verified:
                continue
            is_dead_end = source.state is ElementState.FINALIZED or self.has_no_input(source)
            if is_dead_end or id(source) in path:
                return False
            path.add(id(source))
            stack.append((source, self.upstream(source)))
        return True


def _count_of_used_outputs(element: Element) -> int:
    return sum(emitter.has_subscribers for emitter in element.emitters.values())
