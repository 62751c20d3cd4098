"""Messages to frames and back: one msgpack header, then at most one frame of pixels."""

from __future__ import annotations

from typing import Any, Dict, Mapping, NamedTuple, Sequence, Type

import msgpack

from photostyle_protocol.errors import ProtocolError
from photostyle_protocol.limits import BAND_BYTES, FRAMES, HEADER_BYTES
from photostyle_protocol.messages import CARRIES_PIXELS, FROM_CLIENT, FROM_DAEMON
from photostyle_protocol.wire import from_wire, to_wire

_UNPACK = {
    "raw": False,
    "strict_map_key": True,
    "max_str_len": 16 * 1024,
    "max_bin_len": 0,
    "max_ext_len": 0,
    "max_array_len": 4096,
    "max_map_len": 256,
}
_NAMES: Dict[Type[Any], str] = {cls: name for table in (FROM_CLIENT, FROM_DAEMON) for name, cls in table.items()}


class Received(NamedTuple):
    """One message with its pixels (an empty view where it carries none)."""

    message: Any
    pixels: memoryview


def encode(message: Any) -> bytes:
    """The header frame of a message.

    Raises:
        ProtocolError: It would be longer than a header may be.
    """
    frame = bytes(msgpack.packb({"type": _NAMES[type(message)], **to_wire(message)}))
    if len(frame) > HEADER_BYTES:
        raise ProtocolError(f"A header of {len(frame)} bytes is longer than the limit of {HEADER_BYTES}.")
    return frame


def read_header(frames: Sequence[Any]) -> Dict[str, Any]:
    """The header map of a message, before its keys are looked at.

    Raises:
        ProtocolError: The frames break a limit or the header is no msgpack map.
    """
    check_lengths([len(frame) for frame in frames])
    return unpack_map(frames[0])


def check_count(count: int) -> None:
    """Refuse a message of so many frames.

    Raises:
        ProtocolError: There are too many or none.
    """
    if not 1 <= count <= FRAMES:
        raise ProtocolError(f"A message of {count} frames; 1 to {FRAMES} are allowed.")


def check_lengths(lengths: Sequence[int]) -> None:
    """Refuse a message with frames of these lengths in bytes.

    Raises:
        ProtocolError: There are too many or none, or one is longer than the limit.
    """
    check_count(len(lengths))
    if lengths[0] > HEADER_BYTES:
        raise ProtocolError(f"A header of {lengths[0]} bytes is longer than the limit of {HEADER_BYTES}.")
    if any(length > BAND_BYTES for length in lengths[1:]):
        raise ProtocolError(f"A frame is longer than the limit of {BAND_BYTES} bytes.")


def unpack_map(packed: Any) -> Dict[str, Any]:
    """One msgpack map, within the limits.

    Raises:
        ProtocolError: It is something else.
    """
    try:
        header = msgpack.unpackb(packed, **_UNPACK)
    except (ValueError, RecursionError, TypeError, OverflowError, msgpack.UnpackException) as error:
        raise ProtocolError(f"The header is not msgpack within the limits ({type(error).__name__}).") from error
    if not isinstance(header, dict):
        raise ProtocolError("The header is not a map.")
    return header


def decode(known: Mapping[str, Type[Any]], frames: Sequence[Any]) -> Received:
    """The message that these frames hold.

    Args:
        known: `FROM_CLIENT` in the daemon, `FROM_DAEMON` in a client.
        frames: Header and pixels, anything with the buffer protocol.

    Raises:
        ProtocolError: Any rule of the wire is broken.
        PhotostyleError: A value in the message is refused, such as the shape of a picture.
    """
    return decode_header(known, read_header(frames), frames)


def decode_header(known: Mapping[str, Type[Any]], header: Mapping[str, Any], frames: Sequence[Any]) -> Received:
    """Like `decode`, for a header that was read before."""
    name = header.get("type")
    if not isinstance(name, str) or name not in known:
        raise ProtocolError(f"The message type {str(name)[:80]!r} is unknown.")
    wanted = 2 if known[name] in CARRIES_PIXELS else 1
    if len(frames) != wanted:
        raise ProtocolError(f"The message {name} has {len(frames)} frames, but needs {wanted}.")
    body = {key: value for key, value in header.items() if key != "type"}
    return Received(from_wire(known[name], body, name), memoryview(frames[1] if wanted == 2 else b""))
