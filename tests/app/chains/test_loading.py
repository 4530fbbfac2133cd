"""Chains are found in files and plug-ins, and what is wrong with one is said with its place."""

import sys
from pathlib import Path

import pytest

from studio.app.chains.description import ChainDescription, Input, Parameter, ParameterType
from studio.app.chains.loading import GROUP, describe, describe_for_dialog, installed, load
from studio.app.chains.references import absolute_reference, split_reference
from studio.app.chains.requests import DescribeChainRequest
from studio.errors import ChainError
from studio.formats.payload import PayloadKind
from tests.app.chains.chain_files import DOUBLED, FIRST_LINE, Told, written

RICH = """\
class Side(Enum):
    LEFT = "left"
    RIGHT = "right"

@chain
def rich(
    sound: Audio,
    video: Video,
    anything: Emitter,
    marks: Events | None = None,
    *,
    gain: Annotated[float, Range(0, 40, units="dB", help="How much")] = 6,
    count: int = 3,
    is_loud: bool = False,
    title: str = "a",
    side: Side = Side.RIGHT,
    mode: Literal["fast", "slow"] = "slow",
    must: Annotated[int, "what it is"],
):
    '''Says all.

    More.
    '''
    return sound
"""


def test_a_signature_says_what_is_asked_for(tmp_path: Path) -> None:
    found = describe(str(written(tmp_path, RICH)))
    assert found.inputs == (
        Input("sound", (PayloadKind.AUDIO,)),
        Input("video", (PayloadKind.JPEG, PayloadKind.IMAGE)),
        Input("anything", ()),
        Input("marks", (PayloadKind.EVENT,), is_optional=True),
    )
    assert found.parameters == (
        Parameter("gain", ParameterType.NUMBER, 6, (), 0, 40, "dB", "How much"),
        Parameter("count", ParameterType.WHOLE, 3),
        Parameter("is_loud", ParameterType.TRUTH, False),
        Parameter("title", ParameterType.TEXT, "a"),
        Parameter("side", ParameterType.CHOICE, "right", ("left", "right")),
        Parameter("mode", ParameterType.CHOICE, "slow", ("fast", "slow")),
        Parameter("must", ParameterType.WHOLE, None, help="what it is"),
    )
    assert (found.name, found.summary, found.is_reproducible) == ("rich", "Says all.", True)
    assert found.place == f"mine.py:{FIRST_LINE + 4}"
    assert len(found.file_hash) == 64


def test_a_description_survives_the_way_to_the_window(tmp_path: Path) -> None:
    path = written(tmp_path, RICH)
    outcome = describe_for_dialog(DescribeChainRequest(str(path)), Told())
    assert ChainDescription.from_json(outcome.remarks[0]) == describe(str(path))


def test_kinds_can_be_said_beside_the_function(tmp_path: Path) -> None:
    text = "@chain(inputs={'a': PayloadKind.JSON}, name='other name')\ndef f(a):\n    return a\n"
    found = describe(str(written(tmp_path, text)))
    assert found.inputs == (Input("a", (PayloadKind.JSON,)),)
    assert found.name == "other name"


def test_one_of_several_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, DOUBLED + DOUBLED.replace("doubled", "again"))
    with pytest.raises(ChainError, match=r"several chains: doubled, again. Name one: mine.py:doubled"):
        load(str(path))
    assert load(f"{path}:again").name == "again"
    with pytest.raises(ChainError, match="no chain 'agian'; it has: doubled, again"):
        load(f"{path}:agian")


def test_a_file_may_import_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "beside_the_chain.py").write_text("FACTOR = 7.0\n")
    path = written(tmp_path, "from beside_the_chain import FACTOR\n" + DOUBLED)
    assert load(str(path)).name == "doubled"
    sys.modules.pop("beside_the_chain")
    sys.path.remove(str(tmp_path))


WRONG = {
    "no chain": ("x = 1\n", "has no chain: write @chain"),
    "a syntax error": ("def f(:\n", f"mine.py:{FIRST_LINE}"),
    "an error while loading": ("y = [][3]\n", f"mine.py:{FIRST_LINE}"),
    "an exit": ("import sys; sys.exit()\n", f"mine.py:{FIRST_LINE}"),
    "no stream": ("@chain\ndef f(*, a: int = 1):\n    return a\n", "takes no stream"),
    "a setting among the streams": ("@chain\ndef f(s: Audio, a: int):\n    return s\n", "behind a *"),
    "a default among the streams": ("@chain\ndef f(s: Audio, a=3):\n    return s\n", "behind a *"),
    "any streams": ("@chain\ndef f(*streams):\n    return streams\n", "name each"),
    "a setting of another type": ("@chain\ndef f(s: Audio, *, a: list = []):\n    return s\n", "is a list"),
    "a type that is not there": ("@chain\ndef f(s: 'Sound'):\n    return s\n", "'Sound'"),
    "inputs that are not there": ("@chain(inputs={'t': PayloadKind.JSON})\ndef f(s):\n    return s\n", "'t'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_file_is_said_with_its_place(tmp_path: Path, name: str) -> None:
    text, words = WRONG[name]
    with pytest.raises(ChainError) as raised:
        load(str(written(tmp_path, text)))
    assert words in str(raised.value)
    assert "mine.py" in str(raised.value)


def test_a_file_that_is_not_there_and_a_name_nobody_installed(tmp_path: Path) -> None:
    with pytest.raises(ChainError, match="There is no file"):
        load(str(tmp_path / "nothing.py"))
    with pytest.raises(ChainError, match=r"No chain 'nothing' is installed; there are: .*audio_level"):
        load("nothing")


def test_installed_chains_are_listed_without_running_them_and_loaded_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, DOUBLED, "a_plug_in.py")
    (tmp_path / "broken_plug_in.py").write_text("1 / 0\n")
    (tmp_path / "plain_plug_in.py").write_text("f = 1\n")
    info = tmp_path / "a_plug_in-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: a_plug_in\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        f"[{GROUP}]\nplugged = a_plug_in:doubled\nbroken = broken_plug_in:f\nplain = plain_plug_in:f\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert set(installed()) == {"audio_level", "motion_energy", "plugged", "broken", "plain"}
    assert "a_plug_in" not in sys.modules
    assert load("plugged").name == "doubled"
    with pytest.raises(ChainError, match="ZeroDivisionError"):
        load("broken")
    with pytest.raises(ChainError, match="not marked with @chain"):
        load("plain")
    for name in ("a_plug_in", "plain_plug_in"):
        sys.modules.pop(name, None)


def test_references_hold_a_file_and_perhaps_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert split_reference("a.py:b") == (tmp_path / "a.py", "b")
    assert split_reference("x:y/a.py") == (tmp_path / "x:y/a.py", "")
    assert split_reference("audio_level") == (None, "audio_level")
    assert absolute_reference("a.py:b") == f"{tmp_path / 'a.py'}:b"
    assert absolute_reference("name") == "name"
