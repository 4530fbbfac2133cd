"""Panels: what one stream looks like over time.

A panel is a header (name, rate, values at the cursor), a value axis and a plot, fed by a source. The plots
paint themselves on plain widgets; all of them are told the same `TimeFrame`, so that one moment lies at one
place in all panels. Once per frame a live stream reads its ring in shared memory, and a stored one asks the
reader process and hands on what it answers, newest question only.

Decisions (where ticks lie, which range is shown, which request is due, whether a stream is alive) are values
that need no application: `time_axis`, `time_ticks`, `value_ticks`, `auto_range`, `column_spans`, `mark_rows`,
`latest_request`, `stored_window`, `stream_health`. Nothing here waits, and nothing knows of the timeline.
"""
