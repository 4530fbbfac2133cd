"""The pre-flight: all ticked devices run for ten seconds, nothing is recorded, and a card says what came.

It looks at a preview, which goes on as it is where it runs already; where none runs one is begun for it and
ended after it. Every stream of a preview has a `StreamProbe`, which sleeps until a pre-flight wakes it: it
sees each message that a recording would store, counts it, and encodes pictures as a recording would.
`measuring` makes figures of that, `judgement` makes reasons of the figures, `card` is what people and other
processes get to see, `text` says it in words. Meanwhile `store.disk_trial` writes to the disk that will be
recorded to, into a file that has no name and is gone whatever happens.

`Preflights` keeps the newest one and belongs to the recorder; its watch thread looks, the disk has a thread
of its own, so that a disk that hangs holds up nobody. No recording file is ever made. A recording that
begins, other devices, or the end of the preview call a pre-flight off, and it says why.
"""
