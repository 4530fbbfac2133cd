"""A chain runs over a recording; what it gives becomes a partition beside it, whole or not at all."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.app.chains.derivation import Derivation, derived_path
from studio.app.chains.preparing import read_info
from studio.app.chains.requests import ProcessRequest
from studio.app.chains.run import process
from studio.errors import Cancelled, ChainError, StoreEnvironmentError
from studio.formats.payload import Event, PayloadKind
from studio.formats.recording import StreamRef
from studio.store import verify
from studio.timing import NS_PER_MS, NS_PER_S, TimeInterval, monotonic_ns
from tests.app.chains.chain_files import DOUBLED, FIRST_LINE, Told, content, written
from tests.store.recordings import MS, SCALAR, T0, small_recording, write_recording


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Sound, numbers and words; a second long."""
    return small_recording(tmp_path / "r.h5")


def run(chain: Path | str, recording: Path, told: Told | None = None, **fields: Any) -> Path:
    request = ProcessRequest(str(chain), (str(recording),), **fields)
    outcome = process(request, told if told is not None else Told())
    return Path(outcome.paths[0])


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != "__pycache__"}


def test_its_output_lies_beside_the_recording_and_is_sound(tmp_path: Path, recording: Path) -> None:
    made = run(written(tmp_path, DOUBLED), recording)
    assert made == tmp_path / "r.doubled.h5"
    assert content(made) == {"doubled": [(T0 + i * MS, 2.0 * i) for i in range(1000)]}
    assert verify(made).is_sound
    assert left_in(tmp_path) == {"mine.py", "r.h5", "r.doubled.h5"}


def test_it_says_what_it_was_computed_from(tmp_path: Path, recording: Path) -> None:
    made = run(written(tmp_path, DOUBLED), recording, parameters=(("factor", 3.0),))
    info = read_info(str(made))
    found = Derivation.from_attribute(info.derivation, str(made))
    assert (found.chain, found.parameters, found.complete) == ("doubled", {"factor": 3.0}, True)
    assert found.inputs == {"numbers": ("r.h5", "numbers")}
    assert found.reference == str(tmp_path / "mine.py")
    assert len(found.file_hash) == 64
    original = read_info(str(recording))
    assert [(source.name, source.created) for source in found.sources] == [("r.h5", original.created)]
    assert info.session_id == original.session_id
    assert info.studio_version
    assert not original.derivation


def test_only_the_interval_is_processed_both_ends_included(tmp_path: Path, recording: Path) -> None:
    interval = TimeInterval(T0 + 100 * MS, T0 + 200 * MS)
    made = run(written(tmp_path, DOUBLED), recording, interval=interval)
    assert [time for time, _ in content(made)["doubled"]] == [T0 + i * MS for i in range(100, 201)]
    assert Derivation.from_attribute(read_info(str(made)).derivation, "").interval == interval


def test_in_real_time_it_takes_as_long_as_the_recording_and_tells_how_far_it_is(
    tmp_path: Path, recording: Path
) -> None:
    told, begun = Told(), monotonic_ns()
    run(written(tmp_path, DOUBLED), recording, told, real_time=True)
    assert monotonic_ns() - begun > 900 * NS_PER_MS
    assert any(0.2 < done < 0.9 for done, _ in told.reports)
    assert "Running doubled" in {text for _, text in told.reports}
    assert told.reports[0][0] == 0.0


def test_several_outputs_have_names_units_and_a_place_even_when_empty(
    tmp_path: Path, recording: Path
) -> None:
    chain = written(
        tmp_path,
        "@chain\n"
        "def many(sound: Audio, words: Texts):\n"
        "    peak = sound.select(lambda block: float(abs(block).max()))\n"
        "    return {\n"
        "        'peak': Output(peak, PayloadKind.SCALAR, units='V', rate=100.0),\n"
        "        'said': words.select(lambda word: Event(word, duration_ns=5)),\n"
        "        'never': Output(words.where(lambda word: False), PayloadKind.STRING),\n"
        "    }\n",
    )
    made = run(chain, recording)
    streams = {stream.name: stream for stream in read_info(str(made)).streams}
    assert set(streams) == {"peak", "said", "never"}
    assert (streams["peak"].format.units, streams["peak"].format.rate) == ("V", 100.0)
    assert (streams["never"].format.kind, streams["never"].message_count) == (PayloadKind.STRING, 0)
    assert content(made)["said"][3] == (T0 + 300 * MS, Event("word 3", duration_ns=5))
    sound = content(recording)["sound"]
    assert content(made)["peak"] == [(time, float(np.abs(block).max())) for time, block in sound]


def test_streams_may_come_from_several_partitions_of_the_session(tmp_path: Path, recording: Path) -> None:
    doubled = run(written(tmp_path, DOUBLED), recording)
    chain = written(
        tmp_path,
        "@chain\ndef both(a: Numbers, b: Numbers):\n    return a.join(b).select(lambda ab: ab[0] + ab[1])\n",
        "both.py",
    )
    chosen = (("a", StreamRef(str(recording), "numbers")), ("b", StreamRef(str(doubled), "doubled")))
    request = ProcessRequest(str(chain), (str(recording), str(doubled)), streams=chosen)
    made = Path(process(request, Told()).paths[0])
    assert content(made)["both"] == [(T0 + i * MS, 3.0 * i) for i in range(1000)]


def test_a_result_is_replaced_only_when_that_is_allowed_and_in_one_step(
    tmp_path: Path, recording: Path
) -> None:
    chain = written(tmp_path, DOUBLED)
    made = run(chain, recording)
    with pytest.raises(StoreEnvironmentError, match="exists already"):
        run(chain, recording, parameters=(("factor", 5.0),))
    assert content(made)["doubled"][1] == (T0 + MS, 2.0)
    assert run(chain, recording, parameters=(("factor", 5.0),), replace=True) == made
    assert content(made)["doubled"][1] == (T0 + MS, 5.0)
    assert left_in(tmp_path) == {"mine.py", "r.h5", "r.doubled.h5"}


def test_a_recording_is_never_replaced(tmp_path: Path, recording: Path) -> None:
    before = recording.read_bytes()
    with pytest.raises(StoreEnvironmentError, match="not the result of a chain"):
        run(written(tmp_path, DOUBLED), recording, target=str(recording), replace=True)
    (tmp_path / "text.h5").write_text("mine")
    with pytest.raises(StoreEnvironmentError, match="not the result of a chain"):
        run(written(tmp_path, DOUBLED), recording, target=str(tmp_path / "text.h5"), replace=True)
    assert recording.read_bytes() == before


FAILURES = {
    "an operator that raises": (
        "@chain\ndef bad(numbers: Numbers):\n    return numbers.select(lambda x: 1 / (x - 500))\n",
        ["mine.py", f"mine.py:{FIRST_LINE + 2}", "ZeroDivisionError"],
    ),
    "a function that raises": (
        "@chain\ndef bad(numbers: Numbers):\n    table = {}\n    return table['x']\n",
        [f"mine.py:{FIRST_LINE + 3}", "KeyError", "table['x']"],
    ),
    "messages out of order": (
        "@chain\ndef bad(numbers: Numbers):\n"
        "    def back(x, envelope, out):\n"
        "        out.post(x, envelope.originating_time // 1_000_000_000 * 1_000_000_000)\n"
        "    return numbers.process(back)\n",
        [f"mine.py:{FIRST_LINE + 3}", "not later than"],
    ),
    "what cannot be stored": (
        "@chain\ndef bad(numbers: Numbers):\n    return numbers.select(lambda x: object())\n",
        [f"mine.py:{FIRST_LINE}", "cannot be stored", "post numbers"],
    ),
    "a stream that changes its kind": (
        "@chain\ndef bad(numbers: Numbers):\n    return numbers.select(lambda x: x if x < 5 else 'five')\n",
        [f"mine.py:{FIRST_LINE}", "'bad'", "single numbers"],
    ),
    "no stream at all": (
        "@chain\ndef bad(numbers: Numbers):\n    return 5\n",
        [f"mine.py:{FIRST_LINE}", "returns a int", "expected a stream"],
    ),
    "nothing": (
        "@chain\ndef bad(numbers: Numbers):\n    return {}\n",
        [f"mine.py:{FIRST_LINE}", "returns no stream"],
    ),
    "a component whose start raises": (
        "class Source:\n"
        "    def __init__(self, pipeline):\n"
        "        self.out = pipeline.create_emitter(self, 'out')\n"
        "    def start(self, notify):\n"
        "        raise RuntimeError('no power')\n"
        "    def stop(self, time, notify):\n"
        "        notify()\n"
        "@chain\ndef bad(numbers: Numbers):\n    return Source(numbers.pipeline).out\n",
        [f"mine.py:{FIRST_LINE + 4}", "no power"],
    ),
    "an exit": (
        "import sys\n@chain\ndef bad(numbers: Numbers):\n    sys.exit(3)\n",
        [f"mine.py:{FIRST_LINE + 3}", "SystemExit"],
    ),
    "a missing stream": (
        "@chain\ndef bad(video: Video):\n    return video\n",
        ["'video'", "jpeg or image", "numbers (scalar)"],
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_what_goes_wrong_is_said_with_file_and_line_and_nothing_is_left(
    tmp_path: Path, recording: Path, name: str
) -> None:
    source, words = FAILURES[name]
    with pytest.raises(ChainError) as raised:
        run(written(tmp_path, source), recording)
    for word in words:
        assert word in str(raised.value)
    assert "Traceback" not in str(raised.value)
    assert left_in(tmp_path) == {"mine.py", "r.h5"}


def test_a_chain_that_fails_leaves_the_result_of_before(tmp_path: Path, recording: Path) -> None:
    made = run(written(tmp_path, DOUBLED), recording)
    written(tmp_path, DOUBLED.replace("factor * x", "1 / 0"))
    with pytest.raises(ChainError, match="ZeroDivisionError"):
        run(tmp_path / "mine.py", recording, replace=True)
    assert len(content(made)["doubled"]) == 1000
    assert left_in(tmp_path) == {"mine.py", "r.h5", "r.doubled.h5"}


def test_it_can_be_called_off_and_leaves_nothing(tmp_path: Path, recording: Path) -> None:
    with pytest.raises(Cancelled):
        run(written(tmp_path, DOUBLED), recording, Told(limit=2), real_time=True)
    assert left_in(tmp_path) == {"mine.py", "r.h5"}


def test_a_selection_outside_the_data_is_told(tmp_path: Path, recording: Path) -> None:
    with pytest.raises(ChainError, match="No message of the chosen streams lies in the selection"):
        run(written(tmp_path, DOUBLED), recording, interval=TimeInterval(T0 - NS_PER_S, T0 - 1))
    assert left_in(tmp_path) == {"mine.py", "r.h5"}


def test_streams_without_messages_give_a_result_without_messages(tmp_path: Path) -> None:
    empty = write_recording(tmp_path / "e.h5", {"numbers": (SCALAR, [])})
    assert content(run(written(tmp_path, DOUBLED), empty)) == {}


def test_a_big_output_waits_for_the_disk_instead_of_filling_memory_or_dropping(tmp_path: Path) -> None:
    path = write_recording(
        tmp_path / "r.h5", {"numbers": (SCALAR, [(T0 + i * MS, float(i)) for i in range(60)])}
    )
    chain = written(
        tmp_path,
        "import numpy as np\n@chain\ndef big(numbers: Numbers):\n"
        "    return numbers.select(lambda x: np.full((500_000, 1), x, np.float32))\n",
    )
    made = run(chain, path)
    with_counts = read_info(str(made)).streams[0]
    assert (with_counts.message_count, with_counts.dropped) == (60, 0)
    made.unlink()


def test_a_name_that_no_file_can_have_is_made_one() -> None:
    assert derived_path(Path("r.h5"), "a/b: c").name == "r.a_b_ c.h5"
