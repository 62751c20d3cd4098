"""XMP packets on their way from one file to another."""

from __future__ import annotations

import re

_ORIENTATION = re.compile(rb"""(tiff:Orientation\s*(?:=\s*["']|>))\s*\d+""")
_THUMBNAILS = re.compile(rb"<(xmp|xap):Thumbnails\b.*?</\1:Thumbnails>", re.DOTALL)


def travelling_xmp(packet: bytes | str | None) -> bytes | None:
    """The packet with nothing in it that is wrong about the new picture: it is upright and has no thumbnail."""
    if not packet:
        return None
    raw = packet.encode() if isinstance(packet, str) else packet
    return _THUMBNAILS.sub(b"", _ORIENTATION.sub(rb"\g<1>1", raw.rstrip(b"\0")))
