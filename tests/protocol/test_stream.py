"""Messages over a pipe: what is written is read, and nothing that breaks a limit is even allocated."""

import io
import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photostyle_protocol.errors import ProtocolError
from photostyle_protocol.limits import BAND_BYTES, FRAMES, HEADER_BYTES
from photostyle_protocol.stream import read_frames, write_frames


class Trickle(io.RawIOBase):
    """A stream that takes and gives only a few bytes at a time, as a pipe may."""

    def __init__(self, data: bytes = b"") -> None:
        self.inner = io.BytesIO(data)

    def write(self, data) -> int:
        return self.inner.write(bytes(data[:3]))

    def readinto(self, view) -> int:
        return self.inner.readinto(memoryview(view)[:3])


def written(frames: list[bytes]) -> bytes:
    stream = Trickle()
    write_frames(stream, frames)
    return stream.inner.getvalue()


@given(st.lists(st.lists(st.binary(max_size=40), min_size=1, max_size=FRAMES), max_size=4))
def test_messages_come_back(messages: list[list[bytes]]) -> None:
    stream = Trickle(b"".join(written(frames) for frames in messages))
    assert [read_frames(stream) for _ in messages] == messages
    assert read_frames(stream) is None


def test_any_buffer_is_written() -> None:
    pixels = memoryview(struct.pack("<4f", 1, 2, 3, 4)).cast("f", (2, 2))
    assert read_frames(Trickle(written([b"head", pixels]))) == [b"head", pixels.tobytes()]


@pytest.mark.parametrize("length", range(1, 16))
def test_a_message_that_breaks_off_is_the_end(length: int) -> None:
    assert len(written([b"head", b"pixels"])) == 19
    assert read_frames(Trickle(written([b"head", b"pixels"])[:length])) is None


@pytest.mark.parametrize(
    ("lengths", "why"),
    [
        ([], "A message of 0 frames"),
        ([1] * (FRAMES + 1), "A message of 17 frames"),
        ([HEADER_BYTES + 1], "A header of 65537 bytes"),
        ([1, BAND_BYTES + 1], "A frame is longer"),
        ([1, 2**32 - 1], "A frame is longer"),
    ],
)
def test_what_breaks_a_limit_is_refused_before_it_is_read(lengths: list[int], why: str) -> None:
    stream = Trickle(struct.pack(f"<B{len(lengths)}I", len(lengths), *lengths) + b"more")
    with pytest.raises(ProtocolError, match=why):
        read_frames(stream)
    assert stream.inner.read().endswith(b"more")


def test_nobody_reads_any_more() -> None:
    out, into = os.pipe()
    os.close(out)
    with os.fdopen(into, "wb", 0) as stream, pytest.raises(BrokenPipeError):
        write_frames(stream, [b"head"])
