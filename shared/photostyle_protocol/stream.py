"""Messages over a pipe: the count of frames (1 byte), their lengths (4 bytes each, little-endian), the frames."""

from __future__ import annotations

import struct
from typing import IO, Any, List, Optional, Sequence

from photostyle_protocol.frames import check_count, check_lengths

_LENGTH_BYTES = 4


def write_frames(stream: IO[bytes], frames: Sequence[Any]) -> None:
    """Write one message to an unbuffered stream.

    Raises:
        OSError: Nobody reads any more.
    """
    views = [memoryview(frame).cast("B") for frame in frames]
    lengths = struct.pack(f"<B{len(views)}I", len(views), *(view.nbytes for view in views))
    _write(stream, memoryview(lengths + views[0]))
    for view in views[1:]:
        _write(stream, view)


def read_frames(stream: IO[bytes]) -> Optional[List[bytearray]]:
    """Read one message from an unbuffered stream, or ``None`` at its end.

    A message that breaks off is the end, too: its writer was killed.

    Raises:
        ProtocolError: The frames would break a limit; none has been read.
    """
    count = _read(stream, 1)
    if count is None:
        return None
    check_count(count[0])
    packed = _read(stream, count[0] * _LENGTH_BYTES)
    if packed is None:
        return None
    lengths = struct.unpack(f"<{count[0]}I", packed)
    check_lengths(lengths)
    frames = [_read(stream, length) for length in lengths]
    return None if None in frames else [frame for frame in frames if frame is not None]


def _write(stream: IO[bytes], view: memoryview) -> None:
    while view:
        view = view[stream.write(view) :]


def _read(stream: IO[bytes], length: int) -> Optional[bytearray]:
    """Exactly so many bytes, or ``None`` where the stream ends before."""
    data = bytearray(length)
    view = memoryview(data)
    while view:
        count = stream.readinto(view)  # type: ignore[attr-defined]
        if not count:
            return None
        view = view[count:]
    return data
