"""The choice of devices: what is ticked at first, what is remembered, what the user adds."""

from studio.devices.device import DeviceInfo, DeviceKind, DeviceSettings
from studio.ui.devices.device_book import DeviceBook

MICROPHONE = DeviceInfo(id="microphone:a", name="A", kind=DeviceKind.MICROPHONE)
SECOND_MICROPHONE = DeviceInfo(id="microphone:b", name="B", kind=DeviceKind.MICROPHONE)
CAMERA = DeviceInfo(
    id="camera:0", name="Camera 0", kind=DeviceKind.CAMERA, settings=DeviceSettings(source="/dev/video0")
)
IMU = DeviceInfo(id="simulated:imu", name="Simulated IMU", kind=DeviceKind.SIGNAL, simulated=True)
TONES = DeviceInfo(
    id="simulated:microphone", name="Simulated microphone", kind=DeviceKind.MICROPHONE, simulated=True
)
TYPED = DeviceInfo(
    id="camera:http://c/", name="c", kind=DeviceKind.CAMERA, settings=DeviceSettings(source="http://c/")
)


def test_without_hardware_the_simulated_devices_are_ticked_at_first() -> None:
    assert DeviceBook().with_found([IMU, TONES]).chosen == (TONES, IMU)


def test_with_hardware_one_microphone_and_one_camera_are_ticked_at_first() -> None:
    book = DeviceBook().with_found([IMU, SECOND_MICROPHONE, CAMERA, MICROPHONE, TONES])
    assert book.chosen == (SECOND_MICROPHONE, CAMERA)


def test_finding_nothing_ticks_nothing() -> None:
    book = DeviceBook().with_found([])
    assert book.devices == ()
    assert book.chosen == ()


def test_who_unticked_everything_is_not_overruled_by_a_new_look_around() -> None:
    book = DeviceBook().with_found([IMU]).with_tick(IMU.id, False).with_found([IMU, TONES])
    assert book.chosen == ()


def test_an_unplugged_device_is_ticked_again_when_it_comes_back() -> None:
    book = DeviceBook(ticked=frozenset({MICROPHONE.id})).with_found([IMU])
    assert book.chosen == ()
    assert book.with_found([IMU, MICROPHONE]).chosen == (MICROPHONE,)


def test_real_devices_stand_before_simulated_ones() -> None:
    book = DeviceBook().with_found([TONES, IMU, CAMERA, MICROPHONE])
    assert book.devices == (MICROPHONE, CAMERA, TONES, IMU)


def test_a_camera_typed_in_is_ticked_and_there_once() -> None:
    book = DeviceBook().with_found([IMU]).with_added(TYPED).with_added(TYPED).with_found([TYPED, IMU])
    assert book.devices == (TYPED, IMU)
    assert TYPED in book.chosen
    assert book.is_added(TYPED.id)
    gone = book.without_added(TYPED.id).with_found([IMU])
    assert gone.devices == (IMU,)
    assert not gone.is_ticked(TYPED.id)


def test_settings_are_kept_but_never_where_the_device_is_reached() -> None:
    settings = DeviceSettings(source="/dev/video7", width=1280, height=720)
    book = DeviceBook().with_found([CAMERA]).with_settings(CAMERA.id, settings)
    found = book.device(CAMERA.id)
    assert found is not None
    assert (found.settings.width, found.settings.source) == (1280, "/dev/video0")
    assert book.device("nobody") is None


def test_what_was_found_the_last_time_can_be_chosen_before_anybody_has_looked() -> None:
    ticked = frozenset({MICROPHONE.id, TYPED.id})
    book = DeviceBook(found=(MICROPHONE, CAMERA), added=(TYPED,), ticked=ticked, remembered=True)
    assert book.chosen == (MICROPHONE, TYPED)
    assert book.with_found([CAMERA]).chosen == (TYPED,)


def test_less_than_was_ticked_is_not_offered_before_anybody_has_looked() -> None:
    ticked = frozenset({MICROPHONE.id, TYPED.id})
    book = DeviceBook(found=(CAMERA,), added=(TYPED,), ticked=ticked, remembered=True)
    assert book.chosen == ()
    assert book.with_found([MICROPHONE]).chosen == (MICROPHONE, TYPED)
    assert book.with_found([CAMERA]).chosen == (TYPED,)  # looked for, and not there
