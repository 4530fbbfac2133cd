"""What can be recorded: microphones, cameras, and devices that are simulated.

A device is a source component (rule E74) with one or more streams. It never fails the pipeline for what its
hardware does: it reports `LOST` with a sentence that people understand, tries again every second and accounts
for the silence as a gap.

**Parts.** Devices share no parent; they are put together from parts. `SourceThread` starts and stops the
loop, `Outlet` is an emitter with its counters, `DeviceMonitor` the state, `Outage` the sentence, the note and
the gap of one silence. `SampleGrid` and `run_paced` keep simulated devices and films in step with the clock,
`SampleClock` gives recorded sound its times.

**Threads.** Each device has one, `studio.<name>`, which opens, reads, posts and closes. PortAudio's own
thread only counts, copies and hands over (`CaptureQueue`). `health()` may be asked from any thread.

**Rules.**

- *Produced* is counted before anything can drop, in samples of sampled streams and in messages of all others
  (decision 27). A gap adds what would have come to both produced and dropped. What a device sent while Stop
  was on its way, with times after the click, is taken back: it is not part of the recording.
- What cannot be right about a message (`plausibility`: times of long ago or far ahead, blocks of another
  width) is lost and counted at the outlet, and shown; it ends neither the recording nor the device.
- The originating time of a block is that of its last sample (decision 3); no device posts a time that lies
  ahead of the clock.
- At Stop a device delivers what its hardware holds up to the click, and only then says that it is done.
- Devices on their own thread are never throttled (decision 11).
- Describing devices (`device`, `simulated_devices`, `camera_target`) loads no driver and does not even know
  one, so the window may. `portaudio` is the only importer of sounddevice, and only discovery and a microphone
  that is really opened load it.
"""
