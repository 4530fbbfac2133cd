"""Lets go of a subpipeline that was added to a running pipeline and has ended, so that nothing piles up.

Otherwise a pipeline that adds and ends subpipelines for days would keep every one of them. What joined it to
the pipelines around it ends with it: nothing can come or go there any more.
"""

from studio.engine.body import Body
from studio.engine.element import Element, ElementState


def retire(body: Body) -> None:
    """Forget the subpipeline and its connectors. Called while no other part of the tree stops.

    What waits in front of it is dropped; what it has posted outside still arrives, then that stream closes.
    """
    parent = body.parent
    if parent is None:
        return
    inside = {id(inner) for inner in body.tree()}
    for element in body.elements():
        for half in (element.entrance, element.exit):
            if half is not None and half.pipeline.scheduler is body.scheduler:
                other = half.pipeline.body
                if id(other) not in inside:
                    _let_go(half)
                    other.graph.forget(half)
    itself = parent.graph.standing_for(body)
    if itself is not None:
        _let_go(itself)
        parent.graph.forget(itself)
    parent.remove(body)


def _let_go(element: Element) -> None:
    """End its streams both ways; the time is that of the clock, as for any input that is let go (E104)."""
    now = element.scheduler.now()
    for receiver in tuple(element.receivers.values()):
        source = receiver.source
        if source is not None:
            source.release(receiver, now)
    for emitter in tuple(element.emitters.values()):
        emitter.close(max(now, emitter.last_envelope.originating_time))
    element.state = ElementState.FINALIZED
