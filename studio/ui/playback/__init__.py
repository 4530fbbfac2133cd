"""Playing a session on the timeline: buttons and keys, the moving cursor, pictures as they are played.

The player is another process (`host/player_client.py`, reached through `player_port`). It plays recordings
through the engine and sounds them; here is only said what to play, and shown what comes: the cursor follows
the player's clock between two statuses, since all processes of this machine share the monotonic clock, and
pictures are pulled from its rings when the display timer comes round. While it plays, nobody asks the reader
for pictures; a click on the ruler is a seek.
"""
