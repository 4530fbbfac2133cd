"""What is seen and heard of a replay, and when: the clock of the person in front of the screen.

The pipeline runs a little ahead of this clock, so that pictures are decoded and sound lies ready when it is
their moment. While there is sound, the clock follows what the loudspeaker really plays: it is slewed, it
never jumps. Everything here belongs to the player's thread, except what receivers and the sound device call.
"""

from collections.abc import Callable, Mapping

from studio.app.player_pictures import PictureSinks, PictureTrack
from studio.app.player_run import Action, PlayerRun
from studio.app.player_sound import SoundMix, SoundTrack
from studio.app.player_speaker import OpenSpeaker, Speaker
from studio.app.player_status import PlayedPictures
from studio.formats.payload import PayloadKind
from studio.formats.recording import StreamInfo, StreamRef
from studio.timing import NS_PER_MS, NS_PER_S, Duration, ReplayClock, Timestamp, monotonic_ns
from studio.timing.replay_clock import FASTEST, SLOWEST

LEAD: Duration = 250 * NS_PER_MS
"""How much of the recording the pipeline is ahead, and by a block of sound more: that comes at its end."""
MOST_LEAD: Duration = 3 * NS_PER_S
CATCH_UP: Duration = 20 * NS_PER_MS
"""A lead that is wrong is put right about this quickly."""
SLEW_OVER: Duration = NS_PER_S
MOST_SLEW = 0.01
"""Nobody sees a picture run by a hundredth faster or slower."""
BEHIND: Duration = NS_PER_S // 4
"""Pictures later than that, as the person waits, are more than the computer can do: time goes slower."""
SLOWED = 0.25
LAG_COUNTS_FOR: Duration = NS_PER_S // 2
"""Where no picture has been shown for so long there are none."""
SCREEN_DELAY: Duration = 12 * NS_PER_MS
"""So long it takes on the average until a window has looked for a new picture and painted it."""
TICK: Duration = 20 * NS_PER_MS
HURRIED_TICK: Duration = 4 * NS_PER_MS
NORMAL = 1.0


class Presentation:
    """Pictures, sound and their clock."""

    def __init__(self, sinks: PictureSinks, opens: OpenSpeaker, wake: Callable[[], None]) -> None:
        self._sinks = sinks
        self._wake = wake
        self._mix = SoundMix()
        self._speaker = Speaker(opens, self._mix.fill)
        self._pictures: dict[StreamRef, PictureTrack] = {}
        self._sounds: dict[StreamRef, SoundTrack] = {}
        self._is_muted = False
        self._refusals_told: set[StreamRef] = set()
        self._clock = ReplayClock(0, is_paused=True)
        self._speed = NORMAL
        self._is_paced = True
        self._lead = LEAD
        self._run_speed = 0.0
        self._lead_error: Duration = 0
        self._shown_at = 0
        self.lag: Duration = 0
        """How late the last picture was."""

    # -- what is shown ------------------------------------------------------------------------------------

    def load(self, streams: Mapping[StreamRef, StreamInfo]) -> None:
        """Show the pictures among these, and sound their sound."""
        self.unload()
        kinds = {ref: info.format.kind for ref, info in streams.items()}
        for ref, kind in kinds.items():
            if kind.is_picture:
                sink = self._sinks.open(ref, streams[ref].format)
                self._pictures[ref] = PictureTrack(sink, self._wake, self._now)
        sounds = [ref for ref, kind in kinds.items() if kind is PayloadKind.AUDIO]
        if not sounds:
            return
        formats = [streams[ref].format for ref in sounds]
        self._speaker.rate = next((each.rate for each in formats if each.rate), self._speaker.rate)
        self._speaker.channels = min(2, max(each.channels for each in formats))
        for ref, each in zip(sounds, formats, strict=True):
            self._sounds[ref] = SoundTrack(each, rate=self._speaker.rate, channels=self._speaker.channels)
        self._lead = min(MOST_LEAD, LEAD + max(_block_of(streams[ref]) for ref in sounds))
        self._mix.set_tracks(tuple(self._sounds.values()))

    def unload(self) -> None:
        """Show nothing. Idempotent."""
        self._mix.follow(None)
        self._mix.set_tracks(())
        self._speaker.release()
        for track in self._pictures.values():
            track.sink.close()
        self._pictures, self._sounds, self._lead = {}, {}, LEAD
        self._refusals_told.clear()

    @property
    def actions(self) -> dict[StreamRef, Action]:
        """Who takes the messages of which stream."""
        pictures: dict[StreamRef, Action] = {ref: track.receive for ref, track in self._pictures.items()}
        return pictures | {ref: track.receive for ref, track in self._sounds.items()}

    @property
    def picture_actions(self) -> dict[StreamRef, Action]:
        """As `actions`, of the pictures alone."""
        return {ref: track.receive for ref, track in self._pictures.items()}

    @property
    def rings(self) -> tuple[PlayedPictures, ...]:
        """Where the pictures are."""
        return tuple(PlayedPictures(ref, track.sink.view) for ref, track in self._pictures.items())

    def _refused(self) -> str:
        """Of which stream pictures cannot be decoded, in people's words, once for each; empty: no news."""
        for ref, track in self._pictures.items():
            if track.refused and ref not in self._refusals_told:
                self._refusals_told.add(ref)
                return f"Some pictures of '{ref.name}' are damaged and cannot be shown."
        return ""

    # -- the clock ----------------------------------------------------------------------------------------

    def begin(self, start: Timestamp, speed: float, *, is_paced: bool) -> None:
        """A run begins at `start`; unless it is paced it goes as fast as it can."""
        self._clock = ReplayClock(start, speed)
        self._is_paced, self._run_speed, self.lag = is_paced, FASTEST, 0
        for picture in self._pictures.values():
            picture.begin(speed, paced=is_paced)
        for sound in self._sounds.values():
            sound.clear()
        self.set_speed(speed)

    def set_speed(self, speed: float) -> None:
        """Go on so fast; sound is heard at normal speed only."""
        self._speed = speed
        self._clock.set_speed(speed)
        for track in self._pictures.values():
            track.set_speed(speed, paced=self._is_paced)
        self._sound_or_not()

    def mute(self, muted: bool) -> None:
        """Let no sound come out; the clock goes on following it."""
        self._is_muted = muted
        self._mix.mute(muted)

    def _now(self) -> Timestamp:
        return self._clock.now()

    def end(self) -> None:
        """The run is to end: take nothing of it any more. The screen keeps what it shows."""
        self.pause()
        for track in self._pictures.values():
            track.end()

    def pause(self) -> None:
        """Stand still."""
        self._clock.pause()
        self._sound_or_not()

    def resume(self) -> None:
        """Go on."""
        self._clock.resume()
        self._sound_or_not()

    def _sound_or_not(self) -> None:
        is_heard = (
            self._is_paced and self._speed == NORMAL and not self._clock.is_paused and bool(self._sounds)
        )
        if is_heard:
            self._speaker.want()
        self._mix.follow(self._clock if is_heard else None)

    def silence(self) -> None:
        """Nothing is played any more, and perhaps not for long: give the loudspeaker back."""
        self._mix.follow(None)
        self._speaker.release()

    def time(self, run: PlayerRun) -> Timestamp:
        """What is being seen."""
        return self._clock.now() if self._is_paced else run.latest

    @property
    def rate(self) -> float:
        """How fast the clock runs just now; 0.0 where it does not tell what is seen."""
        return self._clock.speed if self._is_paced and not self._clock.is_paused else 0.0

    @property
    def is_heard(self) -> bool:
        """Whether sound comes out."""
        return self._speaker.is_open and self._mix.error is not None

    def take_problem(self) -> str:
        """What is wrong with sound or pictures, once; nobody misses sound that is switched off."""
        return ("" if self._is_muted else self._speaker.take_problem()) or self._refused()

    # -- from moment to moment ----------------------------------------------------------------------------

    def show_due(self, time: Timestamp) -> None:
        """Show the pictures that will be those of `time` when they are painted."""
        if not self._clock.is_paused and self._is_paced:
            time += round(SCREEN_DELAY * self._speed)
        for track in self._pictures.values():
            shown = track.show_due(time)
            if shown is not None:
                self.lag, self._shown_at = max(0, time - shown), monotonic_ns()

    def steer(self, run: PlayerRun) -> None:
        """Follow the loudspeaker, and keep the pipeline ahead."""
        if not self._is_paced or self._clock.is_paused:
            return
        if self._speed == NORMAL:
            error = self._mix.error or 0
            self._clock.set_speed(NORMAL + _limited(error / SLEW_OVER, -MOST_SLEW, MOST_SLEW))
        elif self._speed > NORMAL:
            is_behind = self.lag > BEHIND * self._speed
            is_behind = is_behind and monotonic_ns() - self._shown_at < LAG_COUNTS_FOR
            self._clock.set_speed(self._speed * SLOWED if is_behind else self._speed)
        self._lead_error = self._lead - (run.time - self._clock.now())
        hurry = _limited(self._lead_error / CATCH_UP, -0.5 * self._speed, FASTEST)
        wanted = _limited(self._clock.speed + hurry, SLOWEST, FASTEST)
        if abs(wanted - self._run_speed) > 0.001:
            self._run_speed = wanted
            run.set_speed(wanted)

    def until_next(self) -> Duration:
        """How long nothing has to be shown or steered, ns."""
        tick = HURRIED_TICK if abs(self._lead_error) > CATCH_UP else TICK
        times = [track.next_time for track in self._pictures.values()]
        due = min((time for time in times if time is not None), default=None)
        if due is None or not self._is_paced:
            return tick
        return max(0, min(tick, self._clock.to_monotonic(due) - SCREEN_DELAY - monotonic_ns()))


def _block_of(stream: StreamInfo) -> Duration:
    """How long a message of a sampled stream lasts, about."""
    if not stream.message_count or not stream.format.rate:
        return 0
    return round(stream.sample_count / stream.message_count / stream.format.rate * NS_PER_S)


def _limited(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))
