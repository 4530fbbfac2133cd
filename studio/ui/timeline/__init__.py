"""The timeline: one axis of time, one cursor, one selection, one panel per stream or several overlaid.

`timeline.py` is the widget the window shows. What part of time is in view, what is selected and where the
cursor stands belongs to the `Navigator`; the mouse (`time_mouse`, `overview`), the keys (`timeline_keys`,
`timeline_actions`) and what is typed (`selection_bar`, `time_entry`) turn into moves of it, and every move is
told to the ruler and all panels as one `TimeFrame`. Live, one timer pulls (`live_pulse`: pictures at 33 Hz,
all else at 17 Hz; 10 Hz while another window has the focus; none while hidden); reviewing, nothing runs but
answers to what the user does, and a look at the files now and then (`growth`): a recording that grows,
shrinks, vanishes or is replaced is shown as it is now, with a word.

Which panels stand there is a tuple of `PanelPlan`s, in rows as `plan_rows` reads them (what shows an instant
may stand beside its like; `placed` and `panel_stack` lay it out): `first_plans` makes those of a session
nobody has arranged, `arrangement` changes them (each change can be taken back), `session_streams` makes and
keeps panels so that they match, `layouts` remembers them for each set of streams and under names, by the
names of partitions and streams, so that they serve every session that has such streams.

Live panels stand as they stood (`live_arrangement`, `live_layout`); what `live_menus` adds to them is found
again in the recording, by the names of its streams, unless its panels were arranged already. How a stream is
drawn is as it was chosen last, live or in review.

Decisions are values without Qt: `time_view`, `selection`, `timing`, `time_entry`, `overview_parts`,
`overview_hint`, `plan_edits`, `plan_rows`, `stack_heights`, `row_widths`, `session`, `kept_layout`.
"""
