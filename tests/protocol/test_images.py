"""Shapes, digests and bands."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photostyle_protocol.errors import BadImageError, PhotostyleError, PictureTooLargeError, ProtocolError
from photostyle_protocol.images import DTYPE_BYTES, ImageSpec, bands, check_digest, digest
from photostyle_protocol.limits import BAND_BYTES, PIXELS


def test_sizes() -> None:
    spec = ImageSpec(7, 5, 3, "float16")
    assert (spec.row_bytes, spec.nbytes) == (30, 210)


@pytest.mark.parametrize(
    ("height", "width", "channels", "dtype"),
    [
        (0, 1, 3, "uint8"),
        (1, 0, 3, "uint8"),
        (-1, -1, 3, "uint8"),
        (1, 1, 0, "uint8"),
        (1, 1, 5, "uint8"),
        (1, 1, 3, "f8"),
    ],
)
def test_no_pictures(height: int, width: int, channels: int, dtype: str) -> None:
    with pytest.raises(BadImageError):
        ImageSpec(height, width, channels, dtype)


def test_the_limit_of_pixels() -> None:
    assert ImageSpec(1, PIXELS, 1, "uint8").nbytes == PIXELS
    for height, width in [(1, PIXELS + 1), (2**31, 2**31), (2**62, 4)]:
        with pytest.raises(PictureTooLargeError, match="more than the limit"):
            ImageSpec(height, width, 1, "uint8")


def test_digest_covers_shape_and_pixels() -> None:
    pixels = bytes(range(12))
    expected = hashlib.sha256(b"photostyle image 2 2 3 uint8\n" + pixels).hexdigest()
    assert digest(ImageSpec(2, 2, 3, "uint8"), pixels) == expected
    assert digest(ImageSpec(2, 3, 2, "uint8"), pixels) != expected
    assert digest(ImageSpec(2, 2, 3, "uint8"), memoryview(bytearray(pixels))) == expected


@pytest.mark.parametrize("text", ["", "0" * 63, "0" * 65, "G" * 64, "A" * 64, "../" + "0" * 61, "0" * 63 + "\n"])
def test_what_is_no_digest(text: str) -> None:
    with pytest.raises(ProtocolError, match="is no digest"):
        check_digest(text)


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(1, 4), st.sampled_from(sorted(DTYPE_BYTES)))
def test_bands_cover_everything_in_whole_rows(height: int, width: int, channels: int, dtype: str) -> None:
    spec = ImageSpec(height, width, channels, dtype)
    position = 0
    for offset, length in bands(spec):
        assert offset == position
        assert 0 < length <= BAND_BYTES
        assert offset % spec.row_bytes == length % spec.row_bytes == 0
        position += length
    assert position == spec.nbytes


def test_a_row_larger_than_a_band_is_cut() -> None:
    spec = ImageSpec(2, BAND_BYTES, 1, "uint16")
    assert list(bands(spec)) == [(i * BAND_BYTES, BAND_BYTES) for i in range(4)]


@given(st.integers(), st.integers(), st.integers(), st.text(max_size=8))
def test_a_spec_is_valid_or_refused(height: int, width: int, channels: int, dtype: str) -> None:
    try:
        spec = ImageSpec(height, width, channels, dtype)
    except PhotostyleError:
        return
    assert 0 < spec.nbytes <= PIXELS * 16
