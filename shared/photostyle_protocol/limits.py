"""The limits of the wire; both sides hold them."""

from __future__ import annotations

PROTOCOL = 5
"""Version of the protocol; it changes when an old peer could misunderstand a new one."""

HEADER_BYTES = 64 * 1024
"""Largest header frame."""

BAND_BYTES = 8 * 1024 * 1024
"""Largest frame of pixels, and so the largest frame of all."""

FRAMES = 16
"""Most frames in one message."""

PIXELS = 2**30
"""Most pixels in one picture: a panorama of 40,000 × 26,000."""

REGIONS = 64
"""Most regions in one request."""

HIGH_WATER = 16
"""Messages that wait in a socket before the sender is held back."""

PING_SECONDS = 2.0
"""A waiting client says that it lives this often."""

SILENCE_SECONDS = 10.0
"""A peer that was silent for so long is taken for gone."""

HANDSHAKE_MS = 5_000
"""Time that a new connection has for its handshake."""

KEEPALIVE_SECONDS = 10
"""How long a connection over a network is idle before the system asks whether the other machine still lives."""
