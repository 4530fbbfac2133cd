"""Opening the settings of a device never changes them, and every choice arrives where it belongs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.devices.device import DeviceInfo, DeviceKind, DeviceSettings
from studio.ui.devices.settings_fields import setting_fields, with_value

settings_of_a_device = st.builds(
    DeviceSettings,
    rate=st.sampled_from([0.0, 0.5, 29.97, 48000.0, 12345.0]),
    channels=st.integers(0, 64),
    width=st.integers(1, 4000),
    height=st.integers(1, 4000),
    jpeg_quality=st.integers(0, 100),
    faults=st.sampled_from(["", "unplug@10+5 / 20", "stall@1+2"]),
)


@given(st.sampled_from(DeviceKind), settings_of_a_device)
def test_what_is_set_is_among_the_choices_and_stays_set(kind: DeviceKind, settings: DeviceSettings) -> None:
    after = settings
    for field in setting_fields(DeviceInfo(id="d", name="D", kind=kind, simulated=True, settings=settings)):
        assert field.value in [choice.value for choice in field.choices]
        after = with_value(after, field.name, field.value)
    assert after == settings


def test_a_camera_can_be_given_size_rate_and_quality() -> None:
    names = [field.name for field in setting_fields(DeviceInfo(id="c", name="C", kind=DeviceKind.CAMERA))]
    assert names == ["rate", "size", "jpeg_quality"]
    settings = with_value(DeviceSettings(), "size", (1280, 720))
    assert (settings.width, settings.height) == (1280, 720)
    assert with_value(settings, "jpeg_quality", 0).jpeg_quality == 0


def test_only_what_is_simulated_can_fail_on_purpose() -> None:
    real = DeviceInfo(id="m", name="M", kind=DeviceKind.MICROPHONE)
    assert "faults" not in [field.name for field in setting_fields(real)]
    (field,) = [f for f in setting_fields(replace(real, simulated=True)) if f.name == "faults"]
    for choice in field.choices:
        assert with_value(DeviceSettings(), "faults", choice.value).faults == choice.value


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(KeyError):
        with_value(DeviceSettings(), "colour", 1)
    with pytest.raises(KeyError):
        with_value(DeviceSettings(), "rate", (1, 2))
