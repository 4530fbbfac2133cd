"""Mutants of the operators and interpolators (rules E189 to E227)."""

from tests.mutants.catalogue import faults_in

OPERATORS = "engine/operators/"
INTERPOLATORS = "engine/interpolators/"

OPERATOR_MUTANTS = [
    *faults_in(
        OPERATORS + "processing.py",
        (
            "E189",
            "        source.pipe_to(receiver, policy)\n",
            "        source.pipe_to(receiver)\n",
        ),
        (
            "E190",
            "post(f(data), time), policy)",
            "post(f(data), max(time, processor.out.pipeline.get_current_time())), policy)",
        ),
        ("E191", "        if predicate(data):\n", "        if predicate(data) or True:\n"),
    ),
    *faults_in(
        OPERATORS + "picking.py",
        ("E193", "    left = iter(range(n))", "    left = iter(range(n + 1))"),
        ("E193", "        if next(left, None) is not None:\n", "        if next(left, None):\n"),
        ("E194", "maxlen=n)", "maxlen=n + 1)"),
        (
            "E194",
            "post(message.data, message.envelope.originating_time)",
            "post(message.data, _closing_time)",
        ),
        ("E191", "None if data is None else f(data)", "f(data)"),
    ),
    *faults_in(
        OPERATORS + "aggregation.py",
        (
            "E192",
            "        state = copy.deepcopy(f(state, data, envelope, out))",
            "        state = f(state, data, envelope, out)",
        ),
        ("E192", "    state = copy.deepcopy(initial)", "    state = initial"),
        ("E192", "[f(state[0], data) if state else data]", "[f(state[0], data) if state else f(data, data)]"),
    ),
    *faults_in(
        OPERATORS + "time_shifting.py",
        (
            "E195",
            "envelope.creation_time - envelope.originating_time,",
            "envelope.originating_time - envelope.creation_time,",
        ),
        (
            "E196",
            "max(envelope.creation_time + duration, last + 1)",
            "max(envelope.originating_time + duration, last + 1)",
        ),
        ("E196", "max(envelope.creation_time + duration, last + 1)", "envelope.creation_time + duration"),
        (
            "E196",
            "post(message.data, message.envelope.originating_time),",
            "post(message.data, _envelope.originating_time),",
        ),
    ),
    *faults_in(
        OPERATORS + "iterating.py",
        ("E197", "self._condition is None or self._condition(data)", "True"),
        ("E197", "            self.unsubscribe(observer)\n", ""),
        ("E197", "        source.pipeline.pipeline_completed.connect(self._on_end)\n", ""),
    ),
    *faults_in(OPERATORS + "bridging.py", ("E198", "    if source.pipeline is pipeline:", "    if False:")),
    *faults_in(
        OPERATORS + "fusing.py",
        ("E200", "        if len(values) == len(answers):", "        if values:"),
        ("E200", "            secondary.forget(answer.obsolete_time)", "            pass"),
        ("E201", "            secondary.closing_time = closing_time\n", ""),
        (
            "E202",
            "numbers = known if self._relevant is None else self._relevant(primary.data)",
            "numbers = known",
        ),
        ("E183", "                self._primaries.popleft()  # asked", "                pass  # asked"),
    ),
    *faults_in(
        OPERATORS + "matching.py",
        ("E203", "    if not interpolator_of(match).is_reproducible:", "    if False:"),
        ("E203", "        return (*primary, secondary)", "        return (primary, secondary)"),
        (
            "E203",
            "        return reproducible.nearest(RelativeTimeInterval.around(match))",
            "        return reproducible.nearest(RelativeTimeInterval.past(match))",
        ),
    ),
    *faults_in(
        OPERATORS + "joining_many.py",
        ("E204", "Values((data, *values))", "Values((*values, data))"),
        ("E204", "        return select(primary, lambda data: Values((data,)))", "        return primary"),
    ),
    *faults_in(
        INTERPOLATORS + "searching.py",
        ("E206", "abs(offset) > best_distance", "abs(offset) >= best_distance"),
        ("E206", "        limit = time if right is None else time + min(right, 0)", "        limit = time"),
        ("E206", "found_at >= limit:", "True:"),
        (
            "E207",
            "DoesNotExist(limit) if is_certain or is_closed else",
            "DoesNotExist(limit) if is_certain or is_closed or (messages and "
            "messages[-1].envelope.originating_time >= limit) else",
        ),
        ("E209", "                return DoesNotExist(obsolete)\n", "                continue\n"),
        ("E209", "        if self.window.left is None:\n", "        if False:\n"),
        ("E210", "is_certain = is_certain or offset == self.window.right", "pass"),
        ("E210", "        is_certain = is_closed\n", "        is_certain = True\n"),
    ),
    *faults_in(
        INTERPOLATORS + "choice.py",
        (
            "E212",
            "is_closed = closing_time is not None or not self.is_reproducible",
            "is_closed = closing_time is not None",
        ),
        (
            "E205",
            "found = self.choice.interpolate(time, messages, closing_time)\n"
            "        return Created(self.default, found.obsolete_time) if isinstance(found, "
            "DoesNotExist) else found",
            "found = self.choice.interpolate(time, messages, closing_time)\n"
            "        return found if isinstance(found, Created) else Created(self.default, time)",
        ),
    ),
    *faults_in(
        INTERPOLATORS + "adjacent.py",
        ("E211", "right - left >= self.max_span", "right - left > self.max_span"),
        ("E211", "(1 - ratio) * before + ratio * after", "ratio * before + (1 - ratio) * after"),
        ("E211", "if right == time else DoesNotExist(time)", "if True else DoesNotExist(time)"),
    ),
    *faults_in(
        OPERATORS + "sampling.py",
        ("E213", "interval=clock, align_time=align_time)", "interval=clock)"),
        (
            "E213",
            "        return fuse_into(clock, [source], match, lambda _tick, values: values[0])",
            "        return fuse_into(source, [clock], match, lambda data, _tick: data)",
        ),
    ),
    *faults_in(
        OPERATORS + "pairing.py",
        ("E214", "        if self._latest is not _NOTHING:\n", "        if True:\n"),
        (
            "E214",
            "        self._latest = data",
            "        self._latest = data if self._latest is _NOTHING else self._latest",
        ),
    ),
    *faults_in(
        OPERATORS + "merging.py",
        ("E215", "time = max(now, out.last_envelope.originating_time + 1)", "time = now"),
        ("E215", "        now = pipeline.get_current_time()", "        now = envelope.originating_time"),
        (
            "E216",
            "(envelope.originating_time, source.id, index, data)",
            "(envelope.originating_time, -source.id, index, data)",
        ),
        ("E216", "        complete = min(self._seen)", "        complete = max(self._seen)"),
        ("E216", "self._has_seen(index, TIME_MAX)", "None"),
        ("E217", "        if output is not None:\n", "        if True:\n"),
        ("E217", "    if key in keys:\n", "    if False:\n"),
    ),
    *faults_in(
        OPERATORS + "parallel.py",
        ("E218", "        if len(data) != len(self.outputs):", "        if len(data) < len(self.outputs):"),
        (
            "E218",
            "        fuse.connect(exit_.out, _exact(default))",
            "        fuse.connect(exit_.out, _exact(_NOTHING))",
        ),
        (
            "E219",
            "combine, never, default, joins_absent=False",
            "combine, when_key_not_present, default, joins_absent=False",
        ),
    ),
    *faults_in(
        OPERATORS + "branching.py",
        ("E219", "if self._joins_absent or key in items]", "]"),
        (
            "E220",
            "            del self._branches[key]\n            branch.feed.close(closing_time)\n",
            "            branch.feed.close(closing_time)\n",
        ),
        ("E220", "        exit_.receiver.unsubscribed.connect(exit_.out.close)\n", ""),
        (
            "E221",
            "branch.absences = 0 if is_present else branch.absences + 1",
            "branch.absences += not is_present",
        ),
    ),
    *faults_in(
        OPERATORS + "termination.py",
        ("E221", "state.absences > n else None", "state.absences >= n else None"),
    ),
    *faults_in(
        OPERATORS + "index_window.py",
        ("E222", "    if start > end:\n", "    if False:\n"),
        ("E222", "len(kept) == kept.maxlen:", "kept:"),
        (
            "E223",
            "post(make(window), kept[-oldest].envelope",
            "post(make(window), kept[max(first, 0) - oldest].envelope",
        ),
        ("E223", "    last = end if end_inclusive else end - 1", "    last = end"),
    ),
    *faults_in(
        OPERATORS + "time_window.py",
        ("E224", "self._anchors[0] + right <= time:", "self._anchors[0] + right < time:"),
        ("E224", "            if not interval.is_before(offset):\n", "            if True:\n"),
        (
            "E225",
            "        while self._anchors and right is not None",
            "        if self._anchors and right is not None",
        ),
        (
            "E225",
            "        while self._anchors:\n            self._post(self._anchors.popleft())\n",
            "        while self._anchors:\n            self._post(self._anchors.popleft())\n"
            "            self._kept.popleft()\n",
        ),
    ),
    *faults_in(
        OPERATORS + "dynamic_window.py",
        ("E226", "self._asked[0][1].right <= self._latest:", "self._asked[0][1].right < self._latest:"),
        ("E226", "        if interval.left < self._obsolete:\n", "        if False:\n"),
        ("E226", "        if obsolete < self._obsolete:\n", "        if False:\n"),
        ("E226", "        self._latest = TIME_MAX\n", ""),
    ),
    *faults_in(
        OPERATORS + "statistics.py",
        (
            "E227",
            "        return history(stream, size, policy)",
            "        return history(stream, size + 1, policy)",
        ),
        (
            "E227",
            "RelativeTimeInterval.past(time_span), policy",
            "RelativeTimeInterval.past(time_span, inclusive=False), policy",
        ),
        ("E227", "math.sqrt(squares / (n - 1)) if n > 1", "math.sqrt(squares / n) if n > 1"),
        ("E227", "(state[0] + 1, state[1] + float(data))", "(state[0] + 1, state[1] + data)"),
    ),
    *faults_in(
        OPERATORS + "array_statistics.py",
        (
            "E227",
            "    return _of_some(average, _numbers(values))",
            "    return _of_some(average, [v or 0 for v in values])",
        ),
    ),
]
