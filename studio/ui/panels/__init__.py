"""Panels: what streams look like over time.

A panel is a header (name, rate, values at the cursor), a value axis and a plot, fed by a source. The plots
paint themselves on plain widgets; all of them are told the same `TimeFrame`, so that one moment lies at one
place in all panels. Once per frame a live stream reads its ring in shared memory (`live_stream`), and a
stored one asks the reader process and hands on what it answers, newest question only.

Reviewing, a panel is made from a `PanelPlan` (`stored_panel`): its kind decides the content
(`panel_contents`), which owns the plot and what carries data to it: curves and waveforms, numbers inside
messages (`series_content`), spectrogram, XY plot (`plane_content`), picture, marks, text, message ticks,
latency, rate. Over pictures lie the figures of other streams (`stored_shapes`, `picture_layers`); pictures of
measured values get colours when they are drawn (`picture_colours`). What the user chooses goes into the plan,
which whoever owns the panels keeps. Nothing asks for
more than a few points per pixel column, whatever the length of the recording; what has very many messages is
sketched first and counted soon (`stored_messages`, `stored_series`), a spectrogram comes tile by tile.

Live, every stream has its usual panel (`live_stream`); what is inside messages, XY plots and figures over
pictures are the contents of stored panels again (`live_added`, `live_figures`), whose questions are answered
from the rings at once (`live_reader`). JSON is parsed only while such a panel is in sight, some of it with
each look, and what is kept of it is bounded (`live_members`).

Decisions (where ticks lie, which range is shown, which request is due, whether a stream is alive) are values
that need no application: `time_axis`, `time_ticks`, `value_ticks`, `auto_range`, `value_range`,
`value_gestures`, `axis_scale`, `column_spans`, `signal_oddities`, `mark_rows`, `latest_request`,
`stored_window`, `series_names`, `message_stretch`, `spectrum_tiles`, `picture_fit`, `plane_view`,
`stream_health`, `curve_look`, `threshold`. Nothing here waits, and nothing knows of the timeline.
"""
