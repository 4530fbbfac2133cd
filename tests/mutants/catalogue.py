"""The mutants: a rule, a file of the package, a piece of one line, and what takes its place."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """One fault."""

    rule: str
    path: str
    """Below the package."""
    old: str
    """Occurs exactly once in the file."""
    new: str


def faults_in(path: str, *faults: tuple[str, str, str]) -> list[Mutant]:
    """Mutants of one file: for each its rule, what is there and what takes its place."""
    return [Mutant(rule, path, old, new) for rule, old, new in faults]


ID_BY_COUNT = "            element = Element(self._pipeline, owner, len(self._elements))"

MUTANTS = [
    *faults_in(
        "engine/emitter.py",
        ("E94", "or originating_time <= last[2] or", "or originating_time < last[2] or"),
        ("E94", "number <= last_number or", ""),
        (
            "E92",
            "self._sequence_id = number = self._sequence_id + 1\n        message",
            "self._sequence_id = number = self._sequence_id + 2\n        message",
        ),
        ("E92", "else monotonic_ns() + offset", "else offset"),
        ("E117", "receiver.accept(its, time, now)", "receiver.accept(its, time, created)"),
        (
            "E122",
            "if receiver.is_limited and not receiver.has_room(message):",
            "if receiver.is_limited and False:",
        ),
        ("E93", "            created = given.creation_time", "            created = now"),
        (
            "E95",
            "        if self._validator is not None:",
            "        if self._validator is not None and self._last is not NO_MESSAGE:",
        ),
        ("E100", "receivers, self._receivers = self._receivers, ()", "receivers = self._receivers"),
        (
            "E105",
            "values = own_copies(data, len(receivers)) if is_private else (data,) * len(receivers)",
            "values = (data,) * len(receivers)",
        ),
        (
            "E13",
            "policy = policy or self.pipeline.default_delivery_policy",
            "policy = policy or DeliveryPolicy.UNLIMITED",
        ),
    ),
    *faults_in(
        "engine/message.py",
        (
            "E105",
            "            flags.writeable = False\n        return array, False",
            "            pass\n        return array, False",
        ),
        ("E105", "    frozen = array.copy()\n", "    frozen = array\n"),
        ("E2", "isinstance(other, Envelope) and tuple", "tuple"),
    ),
    *faults_in(
        "engine/delivery.py",
        ("E122", 'name="LatestMessage", maximum_queue_size=1', 'name="LatestMessage", maximum_queue_size=2'),
        ("E122", 'name="Throttle", throttle_queue_size=1', 'name="Throttle"'),
        ("E123", "earlier(data) or guarantee(data)", "earlier(data) and guarantee(data)"),
        (
            "E124",
            "                self._forget(self.messages.popleft())\n                return True",
            "                self._forget(self.messages.pop())\n                return True",
        ),
        ("E124", "                if not waiting[5]:", "                if waiting[5]:"),
        ("E125", "        self.drop_after(closing_time)\n", ""),
        ("E126", "now() - originating_time <= limit", "now() - originating_time < limit"),
        ("E126", "limit is None or is_guaranteed or", "limit is None or"),
        ("E129", "len(self.messages) >= limit", "len(self.messages) > limit"),
    ),
    *faults_in(
        "engine/receiver.py",
        ("E44", "if message[2] <= self.context.final_time:", "if True:"),
        ("E47", "            self._queue.drop_after(self.context.final_time)\n", ""),
        (
            "E102",
            "            errors = self._tell_end(closing_time)",
            "            errors = self._tell_end(0)",
        ),
        (
            "E115",
            "            self.is_scheduled = True\n        return due",
            "            self.is_scheduled = True\n        return None",
        ),
        (
            "E111",
            "            self.is_scheduled = True\n        return due",
            "            pass\n        return due",
        ),
        (
            "E110",
            "        self.is_scheduled = False\n        messages = self._queue.messages\n"
            "        due = messages[0][2] if messages else self._queue.closing_time\n"
            "        if due is not None:\n            self.is_scheduled = True\n",
            "        messages = self._queue.messages\n"
            "        due = messages[0][2] if messages else self._queue.closing_time\n"
            "        self.is_scheduled = due is not None\n",
        ),
        (
            "E120",
            "        if self._is_synchronous and not self.is_scheduled",
            "        if False and not self.is_scheduled",
        ),
        ("E131", "            self._scheduler.turns.hold(self.source.element.lock)", "            pass"),
    ),
    *faults_in(
        "engine/running_on.py",
        (
            "E44",
            "if lock.waiting or context.final_time is not final_time:",
            "if lock.waiting:",
        ),
    ),
    *faults_in(
        "engine/handing.py",
        ("E99", "self.source_id, self.last = receiver_id, END_MESSAGE", "self.last = NO_MESSAGE"),
    ),
    *faults_in(
        "engine/agenda.py",
        ("E7", "        self.now = before_the_run\n\n    def real", "\n    def real"),
        ("E119", "        self.is_enforced = is_enforced\n", "        self.is_enforced = True\n"),
        ("E113", "return min(limit, first[0] - 1)", "return limit"),
        ("E117", "self.future if self.is_enforced and now < due <= context.final_time else", ""),
        ("E117", "self.future[0][0] <= now:", "self.future[0][0] <= now + 10**9:"),
        ("E20", "        if not context.is_open:", "        if False:"),
    ),
    *faults_in(
        "engine/turns.py",
        ("E109", "            lock.is_busy = True\n            return item", "            return item"),
    ),
    *faults_in(
        "engine/workers.py",
        ("E110", "            self._idle.set_guardian()", "            pass"),
    ),
    *faults_in(
        "engine/scheduler.py",
        ("E120", "            and threading.get_ident() in self._workers.idents\n", ""),
    ),
    *faults_in(
        "engine/completion.py",
        (
            "E25",
            "            if element not in self._open:\n"
            "                return False, False\n"
            "            self._open.remove(element)",
            "            self._open.discard(element)",
        ),
        ("E26", "            return is_finite, not self._open", "            return is_finite, is_finite"),
        ("E34", "self._latest = max(self._latest, time)", "self._latest = time"),
    ),
    *faults_in(
        "engine/running.py",
        ("E35", "time = body.start_time if time == TIME_MIN else time", "time = time"),
        ("E26", "elif body.parent is None and body.completion.has_finite:", "elif body.parent is None:"),
        ("E66", "            self._tell_parent(TIME_MAX)  #", "            pass  #"),
        ("E66", "            self._tell_parent(latest)  #", "            pass  #"),
        ("E23", "        if errors or self._is_called_off:", "        if self._is_called_off:"),
        (
            "E140",
            "body.start_time = clock.now() if descriptor.is_live else descriptor.start",
            "body.start_time = clock.now() - 5 * 10**9",
        ),
        ("E146", "TimeInterval.coverage(body.proposals))\n        clock", "None)\n        clock"),
        (
            "E65",
            "body.descriptor = descriptor.within(TimeInterval.coverage(body.proposals))\n        body",
            "body.descriptor = descriptor\n        body",
        ),
    ),
    *faults_in(
        "engine/stopping.py",
        ("E38", "            if not acknowledged:  #", "            if False:  #"),
        ("E68", "                self._body.cut(final_time)", "                pass"),
        ("E49", "        if element.was_activated:", "        if True:"),
        ("E50", "and is_due:", "and True:"),
    ),
    *faults_in(
        "engine/finalization.py",
        (
            "E51",
            "        if _finalize_those(candidates, scope.has_no_input, finalize):",
            "        if _finalize_those(candidates, lambda e: True, finalize):",
        ),
        (
            "E51",
            "            if source is element or id(source) in verified:",
            "            if id(source) in verified:",
        ),
        (
            "E51",
            "self.upstream(source)))\n        return True",
            "self.upstream(source)))\n        return False",
        ),
    ),
    *faults_in(
        "engine/ending.py",
        ("E35", "        if not body.scheduler.is_enforced:", "        if False:"),
        ("E55", "            self._disposed.wait()", "            pass"),
        ("E58", "            self._keep_errors(dispose)", "            dispose()"),
        ("E59", "        return is_worker or is_stopper or", "        return is_stopper or"),
        ("E67", "            child.ending.finish_with_parent(final_time, has_abandoned)", "            pass"),
        ("E58", "                        body.ending.dispose_components()", "                        pass"),
        ("E41", "            self._body.root.failures.keep(error)  # PORT of rule E41", "            pass"),
        ("E34", "        times = [latest, body.scheduler.now()]", "        times = [latest]"),
    ),
    *faults_in(
        "engine/wiring.py",
        ("E61", "    pipeline.body.lifecycle.require_configurable(call)", "    pass"),
        ("E69", "    for body in pipeline.body.lineage:", "    for body in (pipeline.body,):"),
    ),
    *faults_in(
        "engine/pipeline.py",
        (
            "E70",
            "                body.failures.tell(error)",
            "                body.parent or body.failures.tell(error)",
        ),
    ),
    *faults_in(
        "engine/graph.py",
        ("E10", "        if owner is self._pipeline:", "        if False:"),
        ("E12", "    if receiver.source is not None:", "    if False:"),
        ("E12", "    if receiver.element.pipeline is not emitter.pipeline:", "    if False:"),
        ("E3", "            element = Element(self._pipeline, owner, next(self._element_ids))", ID_BY_COUNT),
    ),
    *faults_in(
        "engine/replay.py",
        ("E138", "        if self.is_live and self.interval.is_right_bounded:", "        if False:"),
    ),
    *faults_in(
        "engine/posting_check.py",
        ("E75", "        if inside is None and not element.is_source:", "        if False:"),
        ("E75", "        if inside is not None and inside.owner is not element.owner:", "        if False:"),
        (
            "E75",
            "                self._thread.element = before  #",
            "                self._thread.element = None  #",
        ),
    ),
    *faults_in(
        "engine/retiring.py",
        ("E72", "    parent.remove(body)", "    pass"),
        ("E72", "                    other.graph.forget(half)", "                    pass"),
        ("E104", "            source.release(receiver, now)", "            pass"),
        (
            "E103",
            "max(now, emitter.last_envelope.originating_time)",
            "min(now, emitter.last_envelope.originating_time - 1)",
        ),
    ),
    *faults_in(
        "engine/body.py",
        ("E229", "return self.is_added and not is_shown", "return self.is_added"),
        ("E63", "return self.is_added and not is_shown", "return not is_shown"),
    ),
    *faults_in(
        "engine/failures.py",
        ("E176", "            self.keep(failure)  #", "            pass  #"),
        (
            "E175",
            "            unraised, self._unraised = self._unraised, []",
            "            unraised = self._unraised",
        ),
    ),
    *faults_in(
        "engine/generators.py",
        (
            "E81",
            "        following = max(following, current + 1)",
            "        following = max(following, current)",
        ),
        ("E82", "        self._final_time = min(self._final_time, final_originating_time)", "        pass"),
        ("E83", "            self._next_time = TIME_MAX  # so", "            pass  # so"),
        (
            "E87",
            "return start if align_time is None else start + (align_time - start) % interval",
            "return start",
        ),
        ("E84", "        if self._current[1] <= time:", "        if False:"),
        ("E86", "        pipeline.propose_replay_time(TimeInterval(start_time))", "        pass"),
    ),
    *faults_in(
        "engine/timers.py",
        (
            "E89",
            "            notify_completion_time(TIME_MAX)\n"
            "        else:\n"
            "            self._notify_completion_time",
            "            pass\n        else:\n            self._notify_completion_time",
        ),
        ("E91", "        self._unsubscribe(self._on_event)\n", ""),
        ("E170", "            if now >= self._end_time:", "            if False:"),
    ),
    *faults_in(
        "engine/progress.py",
        (
            "E186",
            "part = max(self._last, self._estimate_now())",
            "part = 0.9 - self._last",
        ),
        ("E187", "if part < 1.0:", "if part <= 1.0:"),
        ("E187", "        self._report(1.0)\n", "        pass\n"),
    ),
    *faults_in(
        "engine/connector.py",
        ("E134", "                exit_.element.lock = entrance.element.lock", "                pass"),
        ("E50", "            exit_.element.entrance = entrance.element\n", ""),
    ),
    *faults_in(
        "engine/metering.py",
        ("E231", "            element.told_state = str(element.owner)\n", ""),
        ("E230", "readings[0][0] < now - self._span", "readings[0][0] < now - 2 * self._span"),
        (
            "E232",
            "            for _ in range(dropped - self._dropped_before):",
            "            for _ in range(dropped):",
        ),
    ),
    *faults_in(
        "timing/interval.py",
        ("E145", "time == self.right and self.right_inclusive", "False"),
        ("E149", "for interval in intervals if not interval.is_empty]", "for interval in intervals]"),
        (
            "E147",
            "            return TimeInterval(left, left)",
            "            return TimeInterval(right, left)",
        ),
    ),
    *faults_in(
        "timing/replay_clock.py",
        ("E136", "int(elapsed * self.speed)", "int(elapsed / self.speed) if self.speed else 0"),
        ("E135", "max(time, to)", "to"),
    ),
]
