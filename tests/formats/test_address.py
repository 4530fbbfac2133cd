"""What of an address may be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.formats.address import public_address


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("http://ada:s3cret@10.0.0.7:8080/video", "http://10.0.0.7:8080/video"),
        ("rtsp://ada:p@ss@cam/1", "rtsp://cam/1"),
        ("http://cam/video?user=ada&pwd=s3cret", "http://cam/video"),
        ("rtsp://cam/1", "rtsp://cam/1"),
        ("0", "0"),
        ("/dev/video0", "/dev/video0"),
        ("a film? #1 @home.mp4", "a film? #1 @home.mp4"),
    ],
)
def test_user_password_and_query_are_left_out(typed: str, shown: str) -> None:
    assert public_address(typed) == shown


@given(st.text())
def test_what_may_be_shown_stays_as_it_is(text: str) -> None:
    for address in (text, f"http://{text}"):
        assert public_address(public_address(address)) == public_address(address)
