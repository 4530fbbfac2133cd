"""The examples of the document on pipeline execution that need a camera and a store, line by line.

The C# line stands in a comment above its transcription. The other examples are in
`tests/engine/test_document_examples.py`, those of replay intervals also in `tests/store/test_replay.py`.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from studio import store
from studio.devices import barcode
from studio.devices.camera import Camera
from studio.devices.device import DeviceKind, DeviceState
from studio.devices.discovery import camera_from
from studio.devices.factory import make_device
from studio.devices.imaging import decode, encode_jpeg, resize
from studio.devices.simulated_devices import simulated_devices
from studio.engine import DeliveryPolicy, Pipeline, ReplayDescriptor
from studio.store import StoreReader
from studio.timing import NS_PER_MS, NS_PER_S
from tests.devices.running import Received, Reports
from tests.lab.camera import CameraServer
from tests.waiting import wait_until

pytestmark = pytest.mark.device


def record_camera(folder: Path, camera_server: CameraServer, press_any_key: Callable[[], None]) -> None:
    """The first example: record a camera until a key is pressed."""
    # using (var p = Pipeline.Create())
    with Pipeline() as p:
        # // Create a webcam media source component
        # var webcam = new MediaCapture(p, 1920, 1080, 30);
        webcam = Camera(p, camera_from(camera_server.url), Reports())
        # // Encode the raw image stream to JPEG
        # var imageStream = webcam.Out.EncodeJpeg(90, DeliveryPolicy.LatestMessage);
        image_stream = encode_jpeg(webcam.streams[0].emitter, 90, DeliveryPolicy.LATEST_MESSAGE)
        # // Create a store
        # var store = PsiStore.Create(pipeline, "demo", "c:\\recordings");
        demo = store.create(p, "demo", folder)
        # // Write the JPEG image stream to the store
        # imageStream.Write("Image", store);
        image_stream.write("Image", demo)
        # // Run the pipeline asynchronously
        # p.RunAsync();
        p.run_async()
        # Console.WriteLine("Press any key to stop recording...");
        # Console.ReadKey();
        press_any_key()


def test_a_camera_is_recorded_until_a_key_is_pressed(camera_server: CameraServer, tmp_path: Path) -> None:
    record_camera(tmp_path, camera_server, lambda: wait_until(lambda: len(camera_server.served()) >= 30))
    with StoreReader(store.recording_path("demo", tmp_path)) as reader:
        assert reader.info().clean
        frames = list(reader.messages("Image"))
    times = [frame.envelope.originating_time for frame in frames]
    assert times == sorted(set(times))
    assert len(frames) >= 20  # LatestMessage may skip, and counts only what it skipped


def test_recorded_pictures_are_decoded_and_resized_as_fast_as_they_can_be(
    camera_server: CameraServer, tmp_path: Path
) -> None:
    record_camera(tmp_path, camera_server, lambda: wait_until(lambda: len(camera_server.served()) >= 30))
    resized = Received()
    # using (var p = Pipeline.Create())
    with Pipeline() as p:
        # // Open the store
        # var store = PsiStore.Open(p, "demo", "c:\\recordings");
        demo = store.open(p, "demo", tmp_path)
        # // Open the saved stream
        # var jpegImageStream = store.OpenStream<Shared<EncodedImage>>("Image");
        jpeg_image_stream = demo.open_stream("Image")
        # // Decode the image
        # var imageStream = jpegImageStream.Decode();
        image_stream = decode(jpeg_image_stream)
        # // Resize the image
        # var resizedImageStream = imageStream.Resize(640, 480);
        resized_image_stream = resize(image_stream, 320, 240)
        resized_image_stream.pipe_to(p.create_receiver(resized, resized.take))
        # // Run the pipeline
        # p.Run();
        p.run(ReplayDescriptor.REPLAY_ALL)
    with StoreReader(store.recording_path("demo", tmp_path)) as reader:
        stored = [m.envelope.originating_time for m in reader.messages("Image")]
    assert resized.times == stored
    assert {image.shape for image in resized.payloads} == {(240, 320, 3)}
    codes = [barcode.read(image, cell=barcode.CELL // 2) for image in resized.payloads]
    indices = [code[0] for code in codes if code is not None]
    assert len(indices) == len(stored)
    assert indices == sorted(set(indices))


class StartAndStop:
    """The second example: a pipeline behind two buttons."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # // Store a reference to the pipeline
        # private Pipeline pipeline;
        self.pipeline: Pipeline | None = None

    def start_button_click(self) -> None:
        # // Create the pipeline and save a reference to it
        # this.pipeline = Pipeline.Create();
        self.pipeline = Pipeline()
        # // Configure the pipeline here, wire components, etc...
        simulated = next(info for info in simulated_devices() if info.kind is DeviceKind.EVENTS)
        self.device = make_device(self.pipeline, simulated, Reports())
        demo = store.create(self.pipeline, "buttons", self._folder)
        self.device.streams[0].emitter.write("Events", demo, format=self.device.streams[0].format)
        # // Run the pipeline
        # this.pipeline.RunAsync();
        self.pipeline.run_async()

    def stop_button_click(self) -> None:
        # if (this.pipeline != null)
        if self.pipeline is not None:
            # // Dispose the pipeline to stop it
            # this.pipeline.Dispose();
            self.pipeline.dispose()
            # this.pipeline = null;
            self.pipeline = None


def test_a_device_is_recorded_between_two_clicks(tmp_path: Path) -> None:
    buttons = StartAndStop(tmp_path)
    buttons.stop_button_click()  # before a start there is nothing to stop
    buttons.start_button_click()
    wait_until(lambda: buttons.device.health().streams[0].produced >= 2, 20.0)
    assert buttons.device.health().state is DeviceState.RUNNING
    buttons.stop_button_click()
    with StoreReader(store.recording_path("buttons", tmp_path)) as reader:
        assert reader.info().clean
        assert reader.info().streams[0].message_count == buttons.device.health().streams[0].produced


def test_latency_can_be_read_from_a_live_recording_and_survives_replay(
    camera_server: CameraServer, tmp_path: Path
) -> None:
    """Creation less originating time is the latency, live and in what the importer posts."""
    record_camera(tmp_path, camera_server, lambda: wait_until(lambda: len(camera_server.served()) >= 15))
    replayed = Received()
    with Pipeline() as p:
        image = store.open(p, "demo", tmp_path).open_stream("Image")
        image.pipe_to(p.create_receiver(replayed, replayed.take))
        p.run(ReplayDescriptor.REPLAY_ALL)
    latencies = [e.creation_time - e.originating_time for _, e in replayed.messages]
    assert all(0 < latency < NS_PER_S for latency in latencies)
    assert min(latencies) < 200 * NS_PER_MS
