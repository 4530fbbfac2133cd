"""The sessions of one or more folders: listed, searched, described, renamed, thrown away. Opens no file.

Another process looks at the folders, so that one that hangs costs the window nothing: `folder_watch` asks it
what has changed, `session_book` keeps the answers, filtered and sorted, `session_model` shows them to Qt as a
tree (`tree_nodes`: what stands below what; `arranging`: the steps that Qt must be told), and `session_tree`
draws it with `row_painter`. What a row says is a value (`session_rows`, `tree_columns`). Streams are asked
for when a recording is opened up, a page at a time.

Changes go through `session_edits`: each is a step that can be taken back, and is written by the other
process, whole or not at all. `session_panel` is where people type, `session_deeds` asks before it acts.
What is meant when several rows are selected, or all that the search has found, is a value, `chosen`;
`many_deeds` throws away many at once. A folder of sessions is a dataset: `dataset_edits` says what it is.
`stream_filter` narrows the streams of what is opened up. `sessions_dock` holds the list together; `wiring`
connects it with the rest of the window.
"""
